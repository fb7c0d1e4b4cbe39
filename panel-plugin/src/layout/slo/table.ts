/** Which columns a table of objectives has room for, and which of its rows are drawn. Sizes in CSS pixels. */
export const ROW = 25;
const TABLE_HEAD = 22;
/** Rows beyond the edges: a short scroll shows no hole. */
const BEYOND = 8;

export interface Columns {
  readonly objective: boolean;
  readonly strip: boolean;
  readonly attained: boolean;
  readonly reason: boolean;
}

/** Columns leave one by one as the panel shrinks; name, budget and when it is gone stay. */
export function columnsOf(width: number): Columns {
  return { objective: width >= 560, strip: width >= 760, attained: width >= 900, reason: width >= 1100 };
}

export interface Rows {
  readonly from: number;
  readonly to: number;
  /** Heights of the rows that are not drawn. */
  readonly above: number;
  readonly below: number;
}

export function visibleRows(count: number, scrollTop: number, height: number): Rows {
  const first = Math.max(0, Math.floor(scrollTop / ROW) - BEYOND);
  const from = Math.min(first, Math.max(0, count - 1));
  const to = Math.min(count, Math.ceil((scrollTop + height) / ROW) + BEYOND);
  return { from, to, above: from * ROW, below: (count - to) * ROW };
}

/** Where the table must be scrolled to so that a row is in sight; where it is, if it is. */
export function scrollFor(index: number, scrollTop: number, height: number): number {
  const top = index * ROW;
  if (top < scrollTop) return top;
  const bottom = top + ROW - Math.max(ROW, height - TABLE_HEAD);
  return Math.max(scrollTop, bottom);
}

/** The share of a bar that is left of zero: what was spent too much runs into it. */
const OVER_SHARE = 0.16;

export interface Bar {
  readonly zero: number;
  readonly from: number;
  readonly width: number;
  readonly isOver: boolean;
}

/** A bar of the budget: from zero to the right what is left, from zero to the left what was spent too much. */
export function budgetBar(left: number, width: number): Bar {
  const zero = width * OVER_SHARE;
  const room = width - zero;
  if (left >= 0) return { zero, from: zero, width: room * Math.min(1, left), isOver: false };
  const over = Math.min(zero, Math.max(3, -left * room));
  return { zero, from: zero - over, width: over, isOver: true };
}

const [LEAST_BURN, MOST_BURN] = [0.1, 1000];

/** Where a burn rate is on a strip with a logarithmic scale from 0.1 to 1000. */
export function burnX(burn: number, width: number): number {
  const clamped = Math.min(MOST_BURN, Math.max(LEAST_BURN, burn));
  return 6 + ((width - 12) * Math.log10(clamped / LEAST_BURN)) / Math.log10(MOST_BURN / LEAST_BURN);
}
