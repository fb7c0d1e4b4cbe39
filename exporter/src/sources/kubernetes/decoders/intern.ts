/**
 * One copy of texts that many objects share (images, nodes, reasons): JSON.parse makes a new string of each that is longer
 * than ten characters, and objects are kept for as long as they live.
 */
const SLOTS = 4_096;
/** V8 itself shares shorter ones; longer ones are free text. */
const SHORTEST = 11;
const LONGEST = 200;

/** A text that is seen once takes the place of another: the table never grows and needs no clearing. */
const table = new Array<string>(SLOTS).fill('');

export function intern(text: string): string {
  const { length } = text;
  if (length < SHORTEST || length > LONGEST) return text;
  const sampled =
    (text.charCodeAt(length - 1) * 31 + text.charCodeAt(length - 3)) * 31 +
    text.charCodeAt(length >> 1) * 7 +
    text.charCodeAt(length >> 2);
  const slot = (sampled * 31 + length) & (SLOTS - 1);
  if (table[slot] === text) return table[slot];
  table[slot] = text;
  return text;
}
