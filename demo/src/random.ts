/** Chance that is the same for the same words: nothing in the demo is random, so that a seed names one fleet. */

/** 32-bit FNV-1a with a final mix, so that names that differ in one letter fall far apart. */
export function hash32(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value ^= text.charCodeAt(i);
    value = Math.imul(value, 0x01000193);
  }
  value ^= value >>> 16;
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  return value >>> 0;
}

/** A number from 0 (inclusive) to 1 (exclusive) that belongs to these words. */
export function share(...words: readonly (string | number)[]): number {
  return hash32(words.join('\u0000')) / 0x1_0000_0000;
}

/** One of `values`, chosen by these words. */
export function pick<T>(values: readonly [T, ...T[]], ...words: readonly (string | number)[]): T {
  return values[Math.floor(share(...words) * values.length)] ?? values[0];
}

const POD_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** The letters that Kubernetes ends generated names with. */
export function suffix(length: number, ...words: readonly (string | number)[]): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    text += POD_LETTERS.charAt(Math.floor(share(...words, i) * POD_LETTERS.length));
  }
  return text;
}

/** A uid in the form of a UUID version 4. */
export function uid(...words: readonly (string | number)[]): string {
  const hex = [0, 1, 2, 3]
    .map((i) =>
      hash32([...words, i].join('\u0000'))
        .toString(16)
        .padStart(8, '0')
    )
    .join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
