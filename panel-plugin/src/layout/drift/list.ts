/** Bars of score below each other, with a line at each limit. Sizes in CSS pixels. */

export const LIST_ROW = 25;
export const LIST_BAR = 72;
const LIST_FOOT = 18;
/** As many as the small form names, where nothing asks for more. */
export const LIST_MOST = 5;

/** Rows that fit above the foot; at least one. */
export function listRows(height: number, subjects: number, most: number): number {
  const room = Math.floor((height - LIST_FOOT) / LIST_ROW);
  return Math.max(1, Math.min(subjects, most, room));
}

/** Length of a bar; the end of the scale is twice the critical limit, where a longer bar is cut. */
export function barLength(score: number, critical: number, length = LIST_BAR): number {
  return Math.max(0, Math.min(length, (score / (2 * critical)) * length));
}
