/** Which stretches of time took the budget: fast spending is named, all the rest is background. */
import type { BudgetPoint, SloEvent, Spend } from './types';

/** A point spends fast from this many times the mean of an even pace on. */
const FAST = 3;
/** Less than this share of the budget is not worth a name. */
const LEAST_SHARE = 0.015;
const MOST_NAMED = 4;

interface Stretch {
  fromMs: number;
  toMs: number;
  share: number;
}

function stretches(points: readonly BudgetPoint[], stepMs: number): Stretch[] {
  const total = points.reduce((sum, { spent }) => sum + Math.max(0, spent), 0);
  const mean = total / Math.max(1, points.length);
  // Of an even pace each point spends as much as the next, whatever was lost in all.
  const fast = FAST * Math.max(mean, 1 / Math.max(1, points.length) / 2);
  const found: Stretch[] = [];
  points.forEach(({ timeMs, spent }, index) => {
    if (spent < fast) return;
    const fromMs = points[index - 1]?.timeMs ?? timeMs - stepMs;
    const last = found.at(-1);
    if (last && fromMs - last.toMs <= stepMs) {
      last.toMs = timeMs;
      last.share += spent;
    } else found.push({ fromMs, toMs: timeMs, share: spent });
  });
  return found;
}

const KINDS: readonly SloEvent['kind'][] = ['rollout', 'drift', 'alert'];

/** What began with it: of several a rollout before drift before an alert, which is only what it led to. */
function eventOf({ fromMs, toMs }: Stretch, events: readonly SloEvent[], stepMs: number): SloEvent | undefined {
  const near = events.filter(({ timeMs }) => timeMs >= fromMs - 2 * stepMs && timeMs <= toMs);
  return [...near].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || b.timeMs - a.timeMs)[0];
}

export function eventTitle({ kind, title }: SloEvent): string {
  if (kind === 'rollout') return `Rollout ${title}`;
  return kind === 'drift' ? `Drift, ${title}` : title;
}

/** What spent the budget: what goes on first, then by how much. Shares sum to what was spent of the window. */
export function spendsOf(points: readonly BudgetPoint[], events: readonly SloEvent[]): Spend[] {
  const [first, second] = points;
  const last = points.at(-1);
  if (!first || !second || !last) return [];
  const stepMs = second.timeMs - first.timeMs;
  const named = stretches(points, stepMs)
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST_NAMED)
    .map((one): Spend => {
      const event = eventOf(one, events, stepMs);
      return { ...one, title: event ? eventTitle(event) : 'Fast burn', isNow: one.toMs >= last.timeMs, event };
    });
  const rest = 1 - last.left - named.reduce((sum, { share }) => sum + share, 0);
  const background: Spend[] = rest > 0.005 ? [{ title: 'Background', share: rest, isNow: false }] : [];
  return [...named, ...background].sort((a, b) => Number(b.isNow) - Number(a.isNow) || b.share - a.share);
}
