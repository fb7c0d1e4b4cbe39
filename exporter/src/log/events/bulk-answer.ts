/**
 * What a bulk request came to. It may answer 200 while items of it failed: each has a status of its own, in the order in
 * which they were sent (Elasticsearch and OpenSearch, "Bulk API"). `create` of an id that is there answers 409, which for
 * us is success: it was sent before, and its answer was lost.
 */
import { decode, type EventSinkFailure } from '@modelwatch/contract';
import type { Line } from './types';

export interface BulkOutcome {
  /** There now, or there already. */
  readonly stored: number;
  /** The receiver will never take them. */
  readonly refused: readonly { readonly line: Line; readonly why: string }[];
  /** To be sent again. */
  readonly again: readonly Line[];
  /** Why some or all are to be sent again. */
  readonly failure?: EventSinkFailure;
  readonly why?: string;
}

const item = decode.object({
  status: decode.number,
  error: decode.optional(
    decode.object({ type: decode.optional(decode.string), reason: decode.optional(decode.string) })
  ),
});
const decodeAnswer = decode.object({
  items: decode.optional(decode.array(decode.object({ create: item }))),
});

/** @param body of an answer with status 200 */
export function readBulkAnswer(lines: readonly Line[], body: string): BulkOutcome {
  const items = itemsOf(body);
  if (items?.length !== lines.length) {
    const why = `expected an answer of the bulk API with ${lines.length} items, got something else`;
    return { stored: 0, refused: [], again: lines, failure: 'invalid_response', why };
  }
  const refused: { line: Line; why: string }[] = [];
  const again: Line[] = [];
  let failure: EventSinkFailure | undefined;
  items.forEach(({ create: { status, error } }, index) => {
    const line = lines[index];
    if (!line || (status >= 200 && status < 300) || status === 409) return;
    if (isPassing(status)) {
      again.push(line);
      failure = status === 429 ? 'throttled' : (failure ?? 'server_error');
    } else {
      refused.push({ line, why: `status ${status} ${error?.type ?? ''}${reasonOf(line, error?.reason)}` });
    }
  });
  const stored = lines.length - refused.length - again.length;
  return { stored, refused, again, ...(failure ? { failure, why: `${again.length} items to be sent again` } : {}) };
}

/** A reason quotes the value that does not fit: of a prediction that may be anybody's data, which no log of ours is to have. */
function reasonOf({ isPrediction }: Line, reason: string | undefined): string {
  return isPrediction || reason === undefined ? '' : `: ${reason.slice(0, 300)}`;
}

function itemsOf(body: string): ReturnType<typeof decodeAnswer>['items'] {
  try {
    return decodeAnswer(JSON.parse(body)).items;
  } catch {
    return undefined;
  }
}

/** Of a status other than 200, of the whole request. */
export function failureOfStatus(status: number): EventSinkFailure {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'server_error' : 'rejected';
}

/** What may go better later: too many requests, a timeout, or a fault of the receiver. */
function isPassing(status: number): boolean {
  return status === 429 || status === 408 || status >= 500;
}
