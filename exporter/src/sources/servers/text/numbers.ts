/** Numbers of the Prometheus text format, read from bytes. */

const POWERS = Array.from({ length: 23 }, (_, power) => 10 ** power);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
]);
/** So many digits are a whole number that a double holds exactly. */
const EXACT_DIGITS = 15;
const LONGEST = 400;

/** The number that the bytes are: decimal, or NaN and infinities in any case of letters; else undefined. */
export function readNumber(bytes: Buffer, start: number, end: number): number | undefined {
  return readPlain(bytes, start, end) ?? readAny(bytes, start, end);
}

/** Short decimals without an exponent, which are nearly all; the quotient of two exact doubles is the nearest one. */
function readPlain(bytes: Buffer, start: number, end: number): number | undefined {
  const negative = bytes[start] === 45;
  const first = negative ? start + 1 : start;
  let digits = 0;
  let point = -1;
  for (let at = first; at < end; at += 1) {
    const digit = (bytes[at] as number) - 48;
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (digit === -2 && point === -1) point = at;
    else return undefined;
  }
  const length = end - first - (point === -1 ? 0 : 1);
  if (length < 1 || length > EXACT_DIGITS) return undefined;
  const value = point === -1 ? digits : digits / (POWERS[end - point - 1] as number);
  return negative ? -value : value;
}

function readAny(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start > LONGEST) return undefined;
  const text = bytes.toString('latin1', start, end);
  if (NUMBER.test(text)) return Number(text);
  const signed = /^[+-]/.test(text);
  const value = NOT_FINITE.get(text.slice(signed ? 1 : 0).toLowerCase());
  return value !== undefined && text.startsWith('-') ? -value : value;
}
