/** Drift against importance: scales, and labels that do not cover each other. Sizes in CSS pixels. */
import type { Rect } from '../neighbour';

const LEFT = 44;
const RIGHT = 20;
/** Room above the plot for the names of its upper corners, which no mark may cover. */
const TOP = 30;
const BOTTOM = 34;
/** Half of the largest mark: so far marks stay from the ends of the axes. */
const MARK = 10;

export interface ScatterScale {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: (importance: number) => number;
  readonly y: (score: number) => number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
}

/** Ends of the axis of importance: the next step of 5 %, or of 20 % above a half. */
function xEnd(most: number): { end: number; step: number } {
  const step = most <= 0.3 ? 0.05 : most <= 0.5 ? 0.1 : 0.2;
  return { end: Math.min(1, Math.max(step * 2, Math.ceil(most / step + 1e-9) * step)), step };
}

/**
 * Scores on a symmetric logarithm: linear near 0, so that no score is lost, and far ones still on the page.
 * @param limits the thresholds that the axis names
 */
export function scatterScale(
  width: number,
  height: number,
  most: { score: number; importance: number },
  limits: { warning: number; critical: number }
): ScatterScale {
  const [plotWidth, plotHeight] = [Math.max(20, width - LEFT - RIGHT), Math.max(20, height - TOP - BOTTOM)];
  const knee = limits.warning / 2;
  const end = Math.max(most.score * 1.15, limits.critical * 2.4);
  const share = (score: number) => Math.log1p(Math.max(0, score) / knee) / Math.log1p(end / knee);
  const { end: importanceEnd, step } = xEnd(most.importance);
  const [runX, runY] = [Math.max(1, plotWidth - 2 * MARK), Math.max(1, plotHeight - 2 * MARK)];
  const x = (importance: number) => LEFT + MARK + (Math.min(importance, importanceEnd) / importanceEnd) * runX;
  const y = (score: number) => TOP + MARK + runY * (1 - share(score));
  const steps = Math.round(importanceEnd / step);
  const yTicks = [0, knee, limits.warning, limits.critical];
  for (let tick = limits.critical * 2; tick < end; tick *= 2) yTicks.push(tick);
  // Ticks closer than a line of text would be read as one.
  const clear = yTicks.filter((tick, index) => {
    const before = yTicks[index - 1];
    return before === undefined || y(before) - y(tick) >= 14;
  });
  return {
    left: LEFT,
    top: TOP,
    width: plotWidth,
    height: plotHeight,
    x,
    y,
    xTicks: Array.from({ length: steps + 1 }, (_, index) => index * step),
    yTicks: clear,
  };
}

export interface ScatterLabel {
  readonly key: string;
  /** Middle of the mark. */
  readonly x: number;
  readonly y: number;
  /** Half the size of the mark. */
  readonly radius: number;
  readonly width: number;
  /** Those that must be named come first and may take any free side; others only the right one. */
  readonly must: boolean;
}

export interface PlacedLabel {
  readonly key: string;
  readonly x: number;
  /** Baseline. */
  readonly y: number;
  readonly anchor: 'start' | 'end';
}

const LINE = 14;

function overlaps(a: Rect, b: Rect): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
}

export interface Word {
  readonly text: string;
  readonly x: number;
  /** Baseline. */
  readonly y: number;
  readonly anchor: 'start' | 'end';
  readonly width: number;
}

export function rectOfWord({ x, y, anchor, width }: Word): Rect {
  return { left: anchor === 'end' ? x - width : x, top: y - 12, width, height: 15 };
}

/** Of each word the first of its places that nothing covers; a word without one is left out. */
export function placeWords(words: ReadonlyArray<readonly Word[]>, covered: readonly Rect[]): Word[] {
  const taken = [...covered];
  return words.flatMap((places) => {
    const free = places.find((word) => !taken.some((one) => overlaps(one, rectOfWord(word))));
    if (!free) return [];
    taken.push(rectOfWord(free));
    return [free];
  });
}

function candidates({ x, y, radius, width, must }: ScatterLabel): Rect[] {
  const box = (left: number, top: number): Rect => ({ left, top, width, height: LINE });
  const right = box(x + radius + 4, y - LINE / 2);
  if (!must) return [right];
  const left = box(x - radius - 4 - width, y - LINE / 2);
  const above = box(x + radius, y - radius - LINE);
  const below = box(x + radius, y + radius);
  return [right, left, above, below, box(x - radius - width, y - radius - LINE), box(x - radius - width, y + radius)];
}

/**
 * A place for each label that overlaps no mark, no other label and no fixed text; what finds none is left out and said
 * by hover and table.
 * @param lines that only labels which need not be there keep clear of
 */
export function placeLabels(
  labels: readonly ScatterLabel[],
  fixed: readonly Rect[],
  lines: readonly Rect[],
  plot: { left: number; top: number; width: number; height: number }
): PlacedLabel[] {
  const marks = labels.map(({ key, x, y, radius }) => ({
    key,
    rect: { left: x - radius, top: y - radius, width: 2 * radius, height: 2 * radius },
  }));
  const taken: Rect[] = [...fixed];
  const out: PlacedLabel[] = [];
  for (const label of [...labels].sort((a, b) => Number(b.must) - Number(a.must))) {
    const free = candidates(label).find(
      (rect) =>
        rect.left >= plot.left &&
        rect.left + rect.width <= plot.left + plot.width &&
        rect.top >= plot.top &&
        rect.top + rect.height <= plot.top + plot.height &&
        !taken.some((one) => overlaps(one, rect)) &&
        (label.must || !lines.some((one) => overlaps(one, rect))) &&
        !marks.some((mark) => mark.key !== label.key && overlaps(mark.rect, rect))
    );
    if (!free) continue;
    taken.push(free);
    const start = free.left >= label.x - label.radius;
    out.push({
      key: label.key,
      x: start ? free.left : free.left + free.width,
      y: free.top + LINE - 3,
      anchor: start ? 'start' : 'end',
    });
  }
  return out;
}
