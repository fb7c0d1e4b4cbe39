/** What spent the budget of one objective over its window, and how fast. */
import type { DataFrame } from '@grafana/data';
import {
  BURN_SEVERITIES,
  BURN_WINDOWS,
  RECORDED,
  SLO_BUDGET_FIELDS,
  SLO_BURN_LABELS,
  SLO_EVENT_FIELDS,
  SLO_TIER_FIELDS,
  type SloEventKind,
} from '@modelwatch/contract';
import { UNITS } from '../appearance';
import { moment, quantity, tableFrame, text } from '../columns';
import type { FrameContext } from '../inventoryFrame';
import { linesFrame } from '../lines';
import type { Sample, Series } from '../samples';
import type { SloId } from './id';
import { windowWords } from './words';

export interface BudgetPoint {
  readonly timeMs: number;
  readonly left: number;
  readonly spent: number;
}

function sumsByTime(series: readonly Series[], counted: string): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { labels, timesMs, values } of series) {
    if (labels['counted'] !== counted) continue;
    timesMs.forEach((time, index) => {
      const value = values[index] ?? null;
      if (value !== null) sums.set(time, (sums.get(time) ?? 0) + value);
    });
  }
  return sums;
}

/** Series whose points are of the step that they begin: each at the end of its step, the last one at the end of the window. */
export function atEnds(series: readonly Series[], { toMs, stepMs }: { toMs: number; stepMs: number }): Series[] {
  return series.map((one) => ({ ...one, timesMs: one.timesMs.map((timeMs) => Math.min(timeMs + stepMs, toMs)) }));
}

/**
 * Spends of this window alone, so that the curve only falls: each point is of what was bad up to it, of what all events of
 * the window allow.
 */
export function budgetPoints(
  series: readonly Series[],
  { objective, stepMs }: { objective: number; stepMs: number }
): BudgetPoint[] {
  const [all, bad] = [sumsByTime(series, 'all'), sumsByTime(series, 'bad')];
  const allowed = (1 - objective) * [...all.values()].reduce((sum, one) => sum + one, 0);
  if (allowed <= 0) return [];
  let rest = 1;
  const points = [...all.keys()]
    .sort((a, b) => a - b)
    .map((timeMs) => {
      const spent = (bad.get(timeMs) ?? 0) / allowed;
      rest -= spent;
      return { timeMs, left: rest, spent };
    });
  const [first] = points;
  // Whole before its first step: of an objective that is an hour old the curve begins, too.
  return first ? [{ timeMs: first.timeMs - stepMs, left: 1, spent: 0 }, ...points] : [];
}

export function budgetFrame(points: readonly BudgetPoint[], context: FrameContext): DataFrame {
  return tableFrame<BudgetPoint>(
    'Budget',
    { kind: 'slo-budget' },
    [
      [SLO_BUDGET_FIELDS.time, moment<BudgetPoint>('Time', UNITS.time, ({ timeMs }) => timeMs)],
      [SLO_BUDGET_FIELDS.budgetLeft, quantity('Budget left', { unit: UNITS.ratio, decimals: 0 }, ({ left }) => left)],
      [SLO_BUDGET_FIELDS.spent, quantity('Spent', { unit: UNITS.ratio, decimals: 2 }, ({ spent }) => spent)],
    ],
    points,
    context
  );
}

export interface SloEvent {
  readonly timeMs: number;
  readonly endMs?: number | undefined;
  readonly kind: SloEventKind;
  readonly title: string;
  readonly severity?: string | undefined;
  /** Of an alert that is about an objective. */
  readonly slo?: string | undefined;
}

/** Stretches of time in which a series is there: steps further apart than one are two. */
function runsOf({ timesMs, values }: Series, stepMs: number): { fromMs: number; toMs: number }[] {
  const runs: { fromMs: number; toMs: number }[] = [];
  timesMs.forEach((timeMs, index) => {
    if ((values[index] ?? null) === null) return;
    const last = runs.at(-1);
    if (last && timeMs - last.toMs <= 1.5 * stepMs) last.toMs = timeMs;
    else runs.push({ fromMs: timeMs, toMs: timeMs });
  });
  return runs;
}

/** What was there at the first step of all began before: of a version that is no rollout. */
export function sloEvents(series: readonly Series[], window: { toMs: number; stepMs: number }): SloEvent[] {
  const { toMs, stepMs } = window;
  const firstMs = Math.min(...series.map(({ timesMs }) => timesMs[0] ?? Infinity));
  return series
    .flatMap((one): SloEvent[] => {
      const { change, version = '', status = '', alertname = '', severity, slo } = one.labels;
      const runs = runsOf(one, stepMs);
      const began = runs.filter((run) => run.fromMs > firstMs);
      if (change === 'rollout') {
        // A version that comes back after a gap in the samples is no new one.
        const first = runs[0];
        return first && began.includes(first) ? [{ timeMs: first.fromMs, kind: 'rollout', title: version }] : [];
      }
      const isAlert = change === 'alert';
      return (isAlert ? runs : began).map((run) => ({
        timeMs: run.fromMs,
        endMs: run.toMs >= toMs ? undefined : run.toMs,
        kind: isAlert ? 'alert' : 'drift',
        title: isAlert ? alertname : status,
        severity: isAlert ? severity : undefined,
        slo: isAlert ? slo || undefined : undefined,
      }));
    })
    .sort((a, b) => a.timeMs - b.timeMs);
}

export function eventsFrame(events: readonly SloEvent[], context: FrameContext): DataFrame {
  return tableFrame<SloEvent>(
    'Events',
    { kind: 'slo-events' },
    [
      [SLO_EVENT_FIELDS.time, moment<SloEvent>('Time', UNITS.time, ({ timeMs }) => timeMs)],
      [SLO_EVENT_FIELDS.end, moment('End', UNITS.time, ({ endMs }) => endMs)],
      [SLO_EVENT_FIELDS.kind, text('What', ({ kind }) => kind)],
      [SLO_EVENT_FIELDS.title, text('Which', ({ title }) => title)],
      [SLO_EVENT_FIELDS.severity, text('Severity', ({ severity }) => severity)],
      [SLO_EVENT_FIELDS.slo, text('Objective', ({ slo }) => slo)],
    ],
    events,
    context
  );
}

const windowPlace = (window: string): number => BURN_WINDOWS.findIndex((one) => one === window);

export function burnFrame(series: readonly Series[], id: SloId, context: FrameContext): DataFrame | undefined {
  const known = series.filter(({ labels }) => labels['window']);
  if (!known.length) return undefined;
  const ordered = [...known].sort(
    (a, b) => windowPlace(a.labels['window'] ?? '') - windowPlace(b.labels['window'] ?? '')
  );
  const lines = ordered.map(({ labels, timesMs, values }) => ({
    labels: Object.fromEntries(
      SLO_BURN_LABELS.map((name) => [name, name === 'window' ? (labels['window'] ?? '') : id[name]])
    ),
    title: `over ${windowWords(labels['window'] ?? '')}`,
    values: new Map(
      timesMs.flatMap((time, index): [number, number][] => {
        const value = values[index] ?? null;
        return value === null ? [] : [[time, value]];
      })
    ),
  }));
  const timesMs = [...new Set(known.flatMap((one) => one.timesMs))].sort((a, b) => a - b);
  return linesFrame(
    'burn',
    { kind: 'slo-burn' },
    { timesMs, lines, config: { unit: 'suffix:×', decimals: 1 } },
    context
  );
}

interface Tier {
  readonly severity: string;
  readonly long: string;
  readonly short: string;
  readonly line: number;
  readonly eventsNeeded?: number | undefined;
  readonly burnLong?: number | undefined;
  readonly burnShort?: number | undefined;
  readonly events?: number | undefined;
  readonly holds: boolean;
}

export function tiersOf(samples: readonly Sample[]): Tier[] {
  const of = ({ name }: { readonly name: string }) => samples.filter(({ labels }) => labels['__name__'] === name);
  const same = (a: Sample['labels'], b: Sample['labels']) =>
    (['severity', 'long', 'short'] as const).every((label) => a[label] === b[label]);
  const overWindow = (series: { readonly name: string }, window: string) =>
    of(series).find(({ labels }) => labels['window'] === window)?.value;
  return of(RECORDED.sloBurnRateThreshold)
    .map(({ labels, value }): Tier => {
      const { severity = '', long = '', short = '' } = labels;
      return {
        ...{ severity, long, short, line: value },
        eventsNeeded: of(RECORDED.sloBurnMinEvents).find((one) => same(one.labels, labels))?.value,
        burnLong: overWindow(RECORDED.sloBurnRate, long),
        burnShort: overWindow(RECORDED.sloBurnRate, short),
        events: overWindow(RECORDED.sloEvents, long),
        holds: of(RECORDED.sloBurning).some((one) => same(one.labels, labels)),
      };
    })
    .sort(
      (a, b) =>
        BURN_SEVERITIES.findIndex((one) => one === a.severity) -
          BURN_SEVERITIES.findIndex((one) => one === b.severity) || windowPlace(a.long) - windowPlace(b.long)
    );
}

export function tiersFrame(tiers: readonly Tier[], context: FrameContext): DataFrame {
  const burn = { unit: 'suffix:×', decimals: 1 };
  const count = { unit: UNITS.count, decimals: 0 };
  return tableFrame<Tier>(
    'Alerts on burn rates',
    { kind: 'slo-tiers' },
    [
      [SLO_TIER_FIELDS.severity, text<Tier>('Alert', (tier) => tier.severity)],
      [SLO_TIER_FIELDS.long, text('Long window', (tier) => tier.long)],
      [SLO_TIER_FIELDS.short, text('Short window', (tier) => tier.short)],
      [SLO_TIER_FIELDS.line, quantity('Holds above', burn, (tier) => tier.line)],
      [SLO_TIER_FIELDS.burnLong, quantity('Burn, long', burn, (tier) => tier.burnLong)],
      [SLO_TIER_FIELDS.burnShort, quantity('Burn, short', burn, (tier) => tier.burnShort)],
      [SLO_TIER_FIELDS.events, quantity('Events', count, (tier) => tier.events)],
      [SLO_TIER_FIELDS.eventsNeeded, quantity('Events needed', count, (tier) => tier.eventsNeeded)],
      [SLO_TIER_FIELDS.holds, text('Holds', (tier) => (tier.holds ? 'yes' : 'no'))],
    ],
    tiers,
    context
  );
}
