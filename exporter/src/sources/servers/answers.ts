/** What the answers of model servers have in common. */
import { isObject, preview } from '@modelwatch/contract';
import { ProbeError, type Answer } from './probe';

/** @throws ProbeError when the answer is not JSON */
export function json(answer: Answer): unknown {
  refuseHtml(answer);
  const text = answer.body.toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid(answer, 'JSON', text.slice(0, 100));
  }
}

/** The answer as an object, whatever its status; nothing when it is none. */
export function objectIn({ body }: Answer): Readonly<Record<string, unknown>> | undefined {
  try {
    const document: unknown = JSON.parse(body.toString('utf8'));
    return isObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** A web page with status 200 is a proxy or a login, never a model server. @throws ProbeError */
export function refuseHtml(answer: Answer): void {
  const begin = answer.body.subarray(0, 64).toString('latin1').trimStart().toLowerCase();
  if (!answer.contentType.includes('text/html') && !begin.startsWith('<!doctype') && !begin.startsWith('<html')) return;
  throw new ProbeError('invalid_response', `${answer.place}: expected a model server, got a web page`);
}

export function invalid(answer: Answer, expected: string, got: unknown): ProbeError {
  return new ProbeError('invalid_response', `${answer.place}: expected ${expected}, got ${preview(got)}`);
}

/** A short text of the answer for identities: at most 100 characters. */
export function shortText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 100) : undefined;
}

/** At the same time, so that a server with many models is asked within one deadline. */
const AT_ONCE = 8;

export async function eachOf<Item, Found>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Found>
): Promise<Found[]> {
  const found: Found[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    found.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(ask))));
  }
  return found;
}
