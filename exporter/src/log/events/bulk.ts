/**
 * Lines to Elasticsearch or OpenSearch by the bulk API. What is told waits on disk until the receiver has it: neither a
 * receiver that is away nor the end of this process loses it, within the room that there is.
 */
import type { EventSinkFailure } from '@modelwatch/contract';
import { request, type Dispatcher } from 'undici';
import { failureOfStatus, readBulkAnswer, type BulkOutcome } from './bulk-answer';
import { openDiskQueue, type DiskQueue } from './disk-queue';
import { createOutbox } from './outbox';
import type { Line, LineSink, SinkTelemetry } from './types';

export interface BulkSinkOptions {
  /** Base address, without credentials. */
  readonly url: string;
  /** Index, alias or data stream. */
  readonly index: string;
  readonly predictionIndex: string;
  readonly queueDirectory: string;
  readonly queueMaxBytes: number;
  readonly timeoutSeconds: number;
  /** How the receiver is reached, and who we are there. @throws Error whose message may be shown */
  readonly access: () => Promise<{
    readonly dispatcher: Dispatcher;
    readonly headers: Readonly<Record<string, string | string[]>>;
  }>;
  readonly close: () => Promise<void>;
  /** What a request threw, in words that may be shown. */
  readonly wordsOf: (error: unknown) => string;
  readonly telemetry: SinkTelemetry;
  /** Replaced by tests. */
  readonly retryMs?: { readonly first: number; readonly most: number };
}

const BATCH_LINES = 500;
const BATCH_BYTES = 1024 * 1024;
/** What waits for the disk is in memory, which has less room than the disk. */
const MOST_UNWRITTEN_BYTES = 16 * 1024 * 1024;
const MOST_ANSWER_BYTES = 16 * 1024 * 1024;
const RETRY_MS = { first: 1_000, most: 60_000 };
const ANSWER_FIELDS = 'items.*.status,items.*.error.type,items.*.error.reason';

/** @throws when the folder of the queue cannot be read or made */
export async function createBulkSink(options: BulkSinkOptions): Promise<LineSink> {
  const { telemetry, retryMs = RETRY_MS } = options;
  const queue = await openDiskQueue({ directory: options.queueDirectory, maxBytes: options.queueMaxBytes, telemetry });
  const ended = new AbortController();
  /** Counts what was put into the queue; whoever waits is woken by it. */
  let appended = 0;
  let somethingNew: () => void = () => undefined;
  let isIdle = true;

  const showWaiting = () => telemetry.waiting(queue.bytes() + outbox.bytes());
  const outbox = createOutbox({
    write: async (lines) => {
      await queue.append(lines);
      appended++;
      somethingNew();
    },
    maxBytes: Math.min(MOST_UNWRITTEN_BYTES, options.queueMaxBytes),
    maxWriteBytes: Math.min(BATCH_BYTES, Math.ceil(options.queueMaxBytes / 8)),
    retryMs: retryMs.first,
    telemetry,
    onChange: showWaiting,
  });

  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      const before = appended;
      isIdle = false;
      try {
        const lines = await queue.first(BATCH_LINES, BATCH_BYTES);
        isIdle = lines.length === 0 && appended === before;
        if (isIdle) await new Promise<void>((resolve) => (somethingNew = wakenBy(resolve, ended.signal)));
        else if (await deliver(lines)) await queue.done(lines.length);
      } catch (error) {
        telemetry.failed('disk');
        telemetry.problem(`the disk gives nothing: ${(error as NodeJS.ErrnoException).code ?? 'error'}`);
        await pause(retryMs.most, ended.signal);
      }
      showWaiting();
    }
  }

  /** Sends until none of the lines is left to be sent. @returns whether that is so; not when the sink ends */
  async function deliver(lines: readonly Line[]): Promise<boolean> {
    let left = lines;
    let waitMs = retryMs.first;
    while (left.length > 0 && !ended.signal.aborted) {
      const outcome = await send(left, options, ended.signal);
      if (ended.signal.aborted && outcome.failure) return false;
      telemetry.written(outcome.stored);
      if (outcome.refused.length > 0) {
        telemetry.dropped('refused', outcome.refused.length);
        telemetry.problem(`lines were refused, the first with ${outcome.refused[0]?.why}`);
      }
      left = outcome.again;
      if (outcome.failure) {
        telemetry.failed(outcome.failure);
        telemetry.problem(outcome.why);
        if (outcome.stored > 0) waitMs = retryMs.first;
        // Between half and all of it: exporters that were turned away together do not come back together.
        await pause(waitMs * (0.5 + Math.random() / 2), ended.signal);
        waitMs = Math.min(waitMs * 2, retryMs.most);
      } else if (outcome.refused.length === 0) {
        telemetry.problem(undefined);
      }
    }
    return left.length === 0;
  }

  const running = run();
  return {
    append: outbox.push,
    async stop(graceMs) {
      const until = Date.now() + graceMs;
      await outbox.flush(graceMs);
      outbox.end();
      while ((!isIdle || queue.bytes() > 0) && Date.now() < until) await pause(20, ended.signal);
      ended.abort();
      somethingNew();
      await running;
      await closeAll(queue, options);
    },
  };
}

async function closeAll(queue: DiskQueue, { close }: BulkSinkOptions): Promise<void> {
  await queue.close();
  await close();
}

async function send(lines: readonly Line[], options: BulkSinkOptions, ended: AbortSignal): Promise<BulkOutcome> {
  const failed = (failure: EventSinkFailure, why: string): BulkOutcome => ({
    ...{ stored: 0, refused: [], again: lines, failure },
    why,
  });
  let access;
  try {
    access = await options.access();
  } catch (error) {
    return failed('credentials', (error as Error).message);
  }
  try {
    const { statusCode, body } = await request(`${options.url.replace(/\/+$/, '')}/_bulk`, {
      method: 'POST',
      query: { filter_path: ANSWER_FIELDS },
      dispatcher: access.dispatcher,
      headers: { ...access.headers, 'content-type': 'application/x-ndjson', accept: 'application/json' },
      body: bodyOf(lines, options),
      signal: AbortSignal.any([ended, AbortSignal.timeout(options.timeoutSeconds * 1_000)]),
    });
    const text = await textOf(body);
    if (statusCode === 413 && lines.length > 1) return await halves(lines, options, ended);
    if (statusCode === 413)
      return { stored: 0, refused: lines.map((line) => ({ line, why: 'status 413' })), again: [] };
    if (statusCode !== 200) return failed(failureOfStatus(statusCode), `HTTP status ${statusCode}`);
    return text === undefined
      ? failed('invalid_response', `expected an answer of at most ${MOST_ANSWER_BYTES} bytes`)
      : readBulkAnswer(lines, text);
  } catch (error) {
    return (error as Error).name === 'TimeoutError'
      ? failed('timeout', 'timeout')
      : failed('unreachable', options.wordsOf(error).slice(0, 200));
  }
}

/** The receiver takes no request of this size. */
async function halves(lines: readonly Line[], options: BulkSinkOptions, ended: AbortSignal): Promise<BulkOutcome> {
  const middle = Math.ceil(lines.length / 2);
  const one = await send(lines.slice(0, middle), options, ended);
  const other = await send(lines.slice(middle), options, ended);
  return {
    ...one,
    ...other,
    stored: one.stored + other.stored,
    refused: [...one.refused, ...other.refused],
    again: [...one.again, ...other.again],
  };
}

/** `create` and never `index`: what is there is left alone, and a data stream takes nothing else. */
function bodyOf(lines: readonly Line[], { index, predictionIndex }: BulkSinkOptions): string {
  return lines
    .map(({ id, isPrediction, text }) => {
      const create = { _index: isPrediction ? predictionIndex : index, _id: id };
      return `${JSON.stringify({ create })}\n${text}\n`;
    })
    .join('');
}

async function textOf(body: Dispatcher.ResponseData['body']): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > MOST_ANSWER_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function wakenBy(resolve: () => void, signal: AbortSignal): () => void {
  if (signal.aborted) resolve();
  return resolve;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const give = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', give);
      resolve();
    };
    const timer = setTimeout(give, ms);
    signal.addEventListener('abort', give);
  });
}
