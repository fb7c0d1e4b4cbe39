/** What a value of a column means: the same for the reference and for every event, or their bins would not compare. */

/**
 * Texts that stand for a missing value unless told otherwise: what pandas.read_csv takes for one, since that is what
 * most models were trained on. The empty text always does.
 */
export const DEFAULT_MISSING_VALUES: readonly string[] = [
  ...['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', '-NaN', '-nan', 'NULL', 'null', 'None', '<NA>'],
  ...['#N/A', '#N/A N/A', '#NA', '-1.#IND', '1.#IND', '-1.#QNAN', '1.#QNAN'],
];

/** Tells missing values by their text or number. */
export class MissingValues {
  readonly #texts: ReadonlySet<string>;
  readonly #numbers: readonly number[];

  constructor(readonly values: readonly string[]) {
    this.#texts = new Set(values).add('');
    // A text such as 1.#IND is no number, -999 is one in any of its spellings.
    this.#numbers = values.map(numberOf).filter((value) => !Number.isNaN(value));
  }

  hasText(text: string): boolean {
    return this.#texts.has(text);
  }

  hasNumber(value: number): boolean {
    return Number.isNaN(value) || (this.#numbers.length > 0 && this.#numbers.includes(value));
  }
}

const INFINITY = /^([+-]?)inf(inity)?$/i;
const [ZERO, NINE, DOT, PLUS, MINUS, SPACE] = [48, 57, 46, 43, 45, 32];
/** 0x1F, 0b1 and 0o7 are numbers to JavaScript only. */
const OTHER_BASE = /^0[xbo]/i;

/** The number that a text is, infinities included; NaN when it is none. Hexadecimal, grouped and empty texts are none. */
export function numberOf(text: string): number {
  const first = text.charCodeAt(0);
  // Most texts that are no numbers are told by their first character, which is much cheaper than to try.
  if (first >= ZERO ? first > NINE : first !== MINUS && first !== DOT && first !== PLUS) return oddNumber(text);
  const value = Number(text);
  if (Number.isNaN(value)) return oddNumber(text);
  return first === ZERO && OTHER_BASE.test(text) ? NaN : value;
}

function oddNumber(text: string): number {
  const infinity = INFINITY.exec(text);
  if (infinity) return infinity[1] === '-' ? -Infinity : Infinity;
  return text.charCodeAt(0) === SPACE && text.trim() !== '' ? numberOf(text.trim()) : NaN;
}

const NOT_ASCII = /[^\0-\x7f]/;
const WHOLE_AS_FLOAT = /^(-?(?:0|[1-9]\d*))\.0+$/;

/**
 * The name of a category: Unicode in its composed form, since two spellings of é look the same, and 5411.0 as 5411,
 * since pandas writes whole numbers like that as soon as one of the column is missing. Leading zeros stay.
 */
export function categoryOf(text: string): string {
  if (text.charCodeAt(text.length - 1) === ZERO && text.includes('.0')) return WHOLE_AS_FLOAT.exec(text)?.[1] ?? text;
  return NOT_ASCII.test(text) ? text.normalize('NFC') : text;
}

/** What a boolean may be written as, besides true and false themselves. */
const BOOLEANS: ReadonlyMap<string, 'true' | 'false'> = new Map([
  ...['true', 'True', 'TRUE', '1'].map((text) => [text, 'true'] as const),
  ...['false', 'False', 'FALSE', '0'].map((text) => [text, 'false'] as const),
]);

/** `true` or `false`, or undefined when the text is neither. */
export function booleanOf(text: string): 'true' | 'false' | undefined {
  return BOOLEANS.get(text);
}

/** Spellings of a boolean, by its name. */
export function booleanSpellings(name: string): string[] {
  return [...BOOLEANS].filter(([, value]) => value === name).map(([text]) => text);
}
