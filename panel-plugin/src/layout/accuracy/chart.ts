/** Lines over time: scales, ticks, paths with gaps. Sizes in CSS pixels. */

const LEFT = 46;
const RIGHT_WITH_LABELS = 118;
const RIGHT = 10;
const TOP = 8;
const AXIS = 20;
export const STRIP = 26;
const LABELS_FROM = 380;
/** Distance of ticks. */
const TICK_HEIGHT = 44;
const TICK_WIDTH = 120;
const LINE = 15;

export interface ChartBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Whether lines are named at their end. */
  readonly hasLabels: boolean;
}

/** @param hasStrip whether pairs are drawn below */
export function chartBox(width: number, height: number, hasStrip: boolean, wantsLabels: boolean): ChartBox {
  const hasLabels = wantsLabels && width >= LABELS_FROM;
  const bottom = Math.max(TOP + 30, height - AXIS - (hasStrip ? STRIP : 0));
  return {
    left: LEFT,
    right: Math.max(LEFT + 20, width - (hasLabels ? RIGHT_WITH_LABELS : RIGHT)),
    top: TOP,
    bottom,
    hasLabels,
  };
}

export interface ValueScale {
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
  /** Decimals that tell the ticks apart. */
  readonly decimals: number;
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10;
  return factor * power;
}

/**
 * An axis around the values with ticks on round numbers. A range of almost nothing is widened, so that noise is no cliff.
 * @param bounds what the values cannot be beyond, and the least span of the axis as a share of its middle
 */
export function valueScale(
  values: readonly number[],
  { top, bottom }: { top: number; bottom: number },
  bounds: { least: number; most: number; span: number }
): ValueScale {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) [low, high] = [0, 1];
  const middle = (low + high) / 2;
  const span = Math.max(high - low, Math.abs(middle) * bounds.span, 1e-9);
  const pad = span * 0.1;
  [low, high] = [Math.max(bounds.least, middle - span / 2 - pad), Math.min(bounds.most, middle + span / 2 + pad)];
  const step = niceStep((high - low) / Math.max(1, Math.floor((bottom - top) / TICK_HEIGHT)));
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const [from, to] = [first * step, last * step];
  const ticks = Array.from({ length: Math.min(20, last - first + 1) }, (_, index) => (first + index) * step);
  const decimals = Array.from({ length: 10 }, (_, count) => count).find((count) => {
    const scaled = step * 10 ** count;
    return Math.abs(scaled - Math.round(scaled)) < 1e-6;
  });
  return { y: (value) => bottom - ((value - from) / (to - from)) * (bottom - top), ticks, decimals: decimals ?? 10 };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 4, 7, 14, 28, 56, 112, 365].map((count) => count * DAY),
];

export interface TimeScale {
  readonly x: (ms: number) => number;
  readonly ticks: readonly number[];
  readonly stepMs: number;
}

/** From the first to the last time, half a step wider on both sides, with ticks on round moments. */
export function timeScale(
  timesMs: readonly number[],
  stepMs: number,
  { left, right }: { left: number; right: number }
): TimeScale {
  const half = Math.max(stepMs, MINUTE) / 2;
  const [from, to] = [(timesMs[0] ?? 0) - half, (timesMs[timesMs.length - 1] ?? 0) + half];
  const x = (ms: number) => left + ((ms - from) / (to - from)) * (right - left);
  const rough = (to - from) / Math.max(1, Math.floor((right - left) / TICK_WIDTH));
  const step = TIME_STEPS.find((one) => one >= rough) ?? Math.ceil(rough / DAY) * DAY;
  const ticks: number[] = [];
  for (let ms = Math.ceil(from / step) * step; ms <= to && ticks.length < 30; ms += step) ticks.push(ms);
  return { x, ticks, stepMs: step };
}

const r1 = (value: number) => Math.round(value * 10) / 10;

/** A line that ends at each gap; a value between two gaps is a dot, by its round cap. Pixels with several values keep all extremes. */
export function linePath(
  timesMs: readonly number[],
  values: ReadonlyArray<number | null>,
  x: (ms: number) => number,
  y: (value: number) => number
): string {
  let out = '';
  let open = false;
  let lastX = -Infinity;
  let [low, high] = [0, 0];
  timesMs.forEach((ms, index) => {
    const value = values[index] ?? null;
    if (value === null) {
      open = false;
      return;
    }
    const [px, py] = [r1(x(ms)), r1(y(value))];
    if (!open) {
      out += `M${px} ${py}h0`;
      [open, lastX, low, high] = [true, px, py, py];
      return;
    }
    const isSame = px - lastX < 0.5;
    if (isSame && py >= low && py <= high) return;
    out += `L${px} ${py}`;
    [low, high] = isSame ? [Math.min(low, py), Math.max(high, py)] : [py, py];
    lastX = px;
  });
  return out;
}

/** Stretches of times for which a test holds, from half a step before to half a step after. */
export function stretches(
  timesMs: readonly number[],
  stepMs: number,
  holds: (index: number) => boolean
): Array<{ fromMs: number; toMs: number; last: number }> {
  const out: Array<{ fromMs: number; toMs: number; last: number }> = [];
  const half = stepMs / 2;
  timesMs.forEach((ms, index) => {
    if (!holds(index)) return;
    const before = out[out.length - 1];
    if (before && before.last === index - 1) out[out.length - 1] = { ...before, toMs: ms + half, last: index };
    else out.push({ fromMs: ms - half, toMs: ms + half, last: index });
  });
  return out;
}

export interface EndLabel {
  readonly key: string;
  /** Height of what is named. */
  readonly y: number;
}

/** Names of lines at their end, moved apart so that none covers another; the first ones keep their place best. */
export function spreadLabels<T extends EndLabel>(
  labels: readonly T[],
  { top, bottom }: { top: number; bottom: number }
): Array<T & { readonly at: number }> {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  const places = sorted.map(({ y }) => Math.min(bottom, Math.max(top, y)));
  for (let index = 1; index < places.length; index++) {
    places[index] = Math.max(places[index] ?? 0, (places[index - 1] ?? 0) + LINE);
  }
  let limit = bottom;
  for (let index = places.length - 1; index >= 0; index--) {
    places[index] = Math.min(places[index] ?? 0, limit);
    limit = (places[index] ?? 0) - LINE;
  }
  return sorted.map((label, index) => ({ ...label, at: places[index] ?? label.y }));
}

/** The time that is nearest to a place; undefined without any. */
export function nearestTime(timesMs: readonly number[], x: (ms: number) => number, at: number): number | undefined {
  let best: number | undefined;
  let distance = Infinity;
  timesMs.forEach((ms, index) => {
    const off = Math.abs(x(ms) - at);
    if (off < distance) [best, distance] = [index, off];
  });
  return best;
}
