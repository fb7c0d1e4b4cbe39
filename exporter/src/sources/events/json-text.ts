/** JSON as data scientists' programs write it: Python's json.dumps writes NaN and Infinity, which JSON does not have. */
import { UnreadableRequest } from './format';

/** Texts first, so that nothing in them is taken for a number. */
const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
const BYTE_ORDER_MARK = 0xfeff;

/** @throws UnreadableRequest */
export function parseJson(text: string, place = 'body'): unknown {
  const plain = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  try {
    return JSON.parse(plain);
  } catch (error) {
    if (plain.trim() === '') throw new UnreadableRequest(`${place}: expected JSON, got nothing`);
    const repaired = withoutOddNumbers(plain);
    if (repaired === undefined) throw new UnreadableRequest(`${place}: expected JSON, ${where(error)}`);
    return repaired;
  }
}

/** Not a number is null, infinities are their texts, which a bin is found for. */
function withoutOddNumbers(text: string): unknown {
  if (!text.includes('NaN') && !text.includes('Infinity')) return undefined;
  try {
    return JSON.parse(
      text.replace(TEXT_OR_NUMBER, (found) =>
        found[0] === '"' ? found : found.endsWith('NaN') ? 'null' : `"${found}"`
      )
    );
  } catch {
    return undefined;
  }
}

/** Where it broke off, without the text around it: that may be anybody's data. */
function where(error: unknown): string {
  const place = error instanceof Error ? /position \d+/.exec(error.message)?.[0] : undefined;
  return place === undefined ? 'got something else' : `got something else at ${place}`;
}
