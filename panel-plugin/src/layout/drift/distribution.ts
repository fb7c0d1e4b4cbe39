/** Geometry of reference against current: bars per category, a histogram per numeric bin. Sizes in CSS pixels. */

/** The end of a scale for shares: the next of 1, 2, 5, 10, 15, ... percent, at most 1. */
export function shareTop(most: number): { top: number; step: number } {
  const step = most <= 0.02 ? 0.005 : most <= 0.05 ? 0.01 : most <= 0.3 ? 0.05 : most <= 0.5 ? 0.1 : 0.2;
  const top = Math.max(step, Math.ceil(most / step - 1e-9) * step);
  return { top: Math.min(1, top), step };
}

const LABEL_MIN = 62;
const LABEL_MAX = 140;
const NUMBERS = 218;
const NARROW_NUMBERS = 118;
/** Below this width the column of what each bin adds is left out. */
const ADDS_FROM = 520;

export interface BarsLayout {
  readonly label: number;
  readonly bar: number;
  readonly rowHeight: number;
  readonly showAdds: boolean;
  /** Middle of the special bins' separator is above row `specialFrom`; -1 without special bins. */
  readonly height: number;
}

export const BARS_HEAD = 16;
export const SPECIAL_GAP = 5;

/** @param longest characters of the longest label */
export function layOutBars(
  width: number,
  height: number,
  bins: number,
  hasSpecial: boolean,
  longest: number,
  hasAdds: boolean
): BarsLayout {
  const showAdds = hasAdds && width >= ADDS_FROM;
  const label = Math.max(LABEL_MIN, Math.min(LABEL_MAX, longest * 7 + 10));
  const bar = Math.max(40, width - label - (showAdds ? NUMBERS : NARROW_NUMBERS));
  const gap = hasSpecial ? SPECIAL_GAP : 0;
  const rowHeight = Math.max(16, Math.min(20, Math.floor((height - BARS_HEAD - gap - 2) / Math.max(1, bins))));
  return { label, bar, rowHeight, showAdds, height: BARS_HEAD + gap + bins * rowHeight + 2 };
}

const AXIS_LEFT = 40;
const AXIS_RIGHT = 4;
const TOP = 8;
const LABELS = 20;
export const ADDS_STRIP = 54;
const APART = 12;
const LAST_APART = 8;

export interface HistogramLayout {
  readonly left: number;
  readonly right: number;
  readonly plotTop: number;
  readonly plotHeight: number;
  /** Left edge of each bin. */
  readonly x: readonly number[];
  readonly unit: number;
}

/**
 * Bins side by side; those beside the range stand apart.
 * @param apart for each bin whether it is no part of the range
 */
export function layOutHistogram(
  width: number,
  height: number,
  apart: readonly boolean[],
  hasAdds: boolean
): HistogramLayout {
  const gaps = apart.map((is, index) => {
    const before = apart[index - 1];
    if (index === 0) return 0;
    if (is !== before) return APART;
    return is ? LAST_APART : 0;
  });
  const total = gaps.reduce<number>((sum, gap) => sum + gap, 0);
  const unit = Math.max(2, (width - AXIS_LEFT - AXIS_RIGHT - total) / Math.max(1, apart.length));
  let x = AXIS_LEFT;
  const lefts = gaps.map((gap, index) => {
    x += gap + (index ? unit : 0);
    return x;
  });
  const plotHeight = Math.max(24, height - TOP - LABELS - (hasAdds ? ADDS_STRIP : 0));
  return {
    left: AXIS_LEFT,
    right: width - AXIS_RIGHT,
    plotTop: TOP,
    plotHeight,
    x: lefts,
    unit,
  };
}

const LETTER = 7;
const BETWEEN_TICKS = 6;

export interface Tick {
  readonly key: string;
  readonly text: string;
  /** Middle. */
  readonly x: number;
  /** Takes its place before those that are no bin of their own. */
  readonly isFirst: boolean;
}

/**
 * Ticks that do not touch: bins beside the range are named first, then edges from the left. Quantiles can be so close
 * that two edges read the same; one of them is named.
 */
export function clearTicks(ticks: readonly Tick[], right: number): Tick[] {
  const placed: Tick[] = [];
  for (const tick of [...ticks].sort((a, b) => Number(b.isFirst) - Number(a.isFirst))) {
    const half = (tick.text.length * LETTER) / 2;
    const x = Math.min(tick.x, right - half);
    const touches = ({ text, x: other }: Tick): boolean =>
      Math.abs(other - x) < half + (text.length * LETTER) / 2 + BETWEEN_TICKS;
    const isSaid = !tick.isFirst && placed.some(({ text, isFirst }) => !isFirst && text === tick.text);
    if (!isSaid && !placed.some(touches)) placed.push({ ...tick, x });
  }
  return placed;
}
