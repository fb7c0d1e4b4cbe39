/** Scales of the two charts of one objective: budget left, and burn rate below it on the same axis. */
import type { BudgetPoint, BurnLine } from '../../model/slo/types';

export const LEFT = 44;
const RIGHT = 44;
/** Of the window, beyond now: where the projection has room. */
const LEAST_FUTURE = 1 / 15;
const MOST_FUTURE = 1 / 4;

export interface TimeScale {
  readonly fromMs: number;
  readonly nowMs: number;
  readonly toMs: number;
  readonly left: number;
  readonly right: number;
  readonly x: (ms: number) => number;
}

export function timeScale(
  points: readonly { readonly timeMs: number }[],
  nowMs: number,
  width: number,
  exhaustionMs?: number
): TimeScale {
  const fromMs = points[0]?.timeMs ?? nowMs - 1;
  const span = Math.max(1, nowMs - fromMs);
  const wanted = exhaustionMs === undefined ? 0 : (exhaustionMs * 1.1) / span;
  const toMs =
    nowMs + span * Math.min(MOST_FUTURE, Math.max(LEAST_FUTURE, wanted > MOST_FUTURE ? LEAST_FUTURE : wanted));
  const right = width - RIGHT;
  const x = (ms: number) => LEFT + ((ms - fromMs) / (toMs - fromMs)) * (right - LEFT);
  return { fromMs, nowMs, toMs, left: LEFT, right, x };
}

export interface ValueScale {
  readonly top: number;
  readonly bottom: number;
  readonly y: (value: number) => number;
}

/** Of the budget: from all of it down to what was spent too much. */
export function budgetScale(points: readonly BudgetPoint[], height: number): ValueScale {
  const least = Math.max(-1, Math.min(0, ...points.map(({ left }) => left)));
  const floor = least < 0 ? least - 0.05 : -0.06;
  const [top, bottom] = [18, height - 22];
  return { top, bottom, y: (value) => top + ((1 - Math.max(floor, value)) / (1 - floor)) * (bottom - top) };
}

const LEAST_BURN = 0.1;

/** Of burn rates, logarithmic: up to the highest line and the highest rate. */
export function burnScale(lines: readonly BurnLine[], tiers: readonly number[], height: number): ValueScale {
  const highest = lines.reduce((most, { points }) => points.reduce((max, { burn }) => Math.max(max, burn), most), 10);
  const most = Math.max(highest, ...tiers) * 1.6;
  const [top, bottom] = [6, height - 4];
  const y = (burn: number) =>
    bottom - (Math.log10(Math.max(LEAST_BURN, burn) / LEAST_BURN) / Math.log10(most / LEAST_BURN)) * (bottom - top);
  return { top, bottom, y };
}

/** Points further apart than that are of different stretches of time: between them nobody counted. */
const GAP_STEPS = 1.5;

/** Without the gaps: each piece is a line of its own. What is known of now goes on with the last one, where that is recent. */
export function pieces<T extends { readonly timeMs: number }>(points: readonly T[], now?: T): T[][] {
  const steps = points.slice(1).map(({ timeMs }, index) => timeMs - (points[index]?.timeMs ?? timeMs));
  const mostMs = GAP_STEPS * steps.reduce((least, step) => Math.min(least, step), Infinity);
  const found: T[][] = [];
  for (const point of now ? [...points, now] : points) {
    const last = found.at(-1);
    const before = last?.at(-1);
    if (last && before && point.timeMs - before.timeMs <= mostMs) last.push(point);
    else found.push([point]);
  }
  return found;
}

export function pathOf(points: ReadonlyArray<readonly [x: number, y: number]>): string {
  return points.map(([x, y], index) => `${index ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}

/** Days for the axis: no closer than a label is wide. */
export function dayTicks({ fromMs, nowMs, x }: TimeScale, room = 90): number[] {
  const days = (nowMs - fromMs) / 86_400_000;
  const most = Math.max(1, Math.floor((x(nowMs) - x(fromMs)) / room));
  const each = [1, 2, 5, 7, 10, 15, 30].find((step) => days / step <= most) ?? 30;
  const ticks: number[] = [];
  for (let day = days; day > each / 2; day -= each) ticks.push(nowMs - day * 86_400_000);
  return ticks;
}

/** Names of events in one line above the chart: one that would lie on the one before is left out, its line stays. */
export function namedEvents<T extends { readonly timeMs: number }>(events: readonly T[], { x }: TimeScale): Set<T> {
  const kept = new Set<T>();
  let taken = Infinity;
  for (const event of [...events].reverse()) {
    const at = x(event.timeMs);
    if (at > taken - 44) continue;
    kept.add(event);
    taken = at;
  }
  return kept;
}
