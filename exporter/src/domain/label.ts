/** Values of labels that come from free text. */

/** Longest value, in characters; more is cut off where it comes in, so that equal values are found equal. */
export const MAX_LABEL = 256;
/** A code point has two units at most. */
const ENOUGH_UNITS = 2 * (MAX_LABEL + 1);

export function cutLabel(value: string): string {
  const chars = value.length > MAX_LABEL ? Array.from(value.slice(0, ENOUGH_UNITS)) : [];
  return chars.length > MAX_LABEL ? `${chars.slice(0, MAX_LABEL - 1).join('')}…` : value;
}
