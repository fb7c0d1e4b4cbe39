/**
 * Windows of burn rates and budgets: ratios of sums of events, never means of ratios. What an objective has is read again
 * at each evaluation, so that one that is taken away ends though its events are still in the window.
 */
import {
  RECORDED,
  SLO_LABELS,
  SLO_WINDOW_SECONDS,
  SLO_WINDOWS,
  type BurnWindow,
  type SloWindow,
} from '@modelwatch/contract';
import type { RecordingRule, ResolvedOptions } from '../types';
import { BUDGET, INFO, ON, SLICED } from './settings';

const EVENTS = RECORDED.sloEventsRate.name;
const BAD = RECORDED.sloBadEventsRate.name;
const COARSE = RECORDED.sloEventsCoarseRate.name;
const BAD_COARSE = RECORDED.sloBadEventsCoarseRate.name;
export const COUNT = RECORDED.sloEvents.name;
export const BURN = RECORDED.sloBurnRate.name;
const OWN_WINDOW = `on (${SLO_LABELS}, window)`;
const OF_BUDGET = `{window=~"${SLO_WINDOWS.join('|')}"}`;

const SECONDS: Record<Exclude<BurnWindow, '5m'>, number> = {
  '30m': 1_800,
  '1h': 3_600,
  '2h': 7_200,
  '6h': 21_600,
  '1d': 86_400,
  '3d': 259_200,
};

/** A range with as many samples as it has intervals: one of Prometheus 2 has both its ends in it. */
function over(seconds: number): string {
  return `[${seconds * 1_000 - 1}ms]`;
}

function burn(bad: string, events: string): string {
  return `${bad}\n/ ${ON} (${events} > 0)\n/ ${ON} ${BUDGET}`;
}

const sum = (series: string, seconds: number) => `sum_over_time(${series}${over(seconds)})`;

/** Rates are of five minutes already; slices are summed up like in any other window. */
function fiveMinutes(): RecordingRule {
  const requests = `(${BAD} / ${ON} (${EVENTS} > 0) unless ${ON} ${SLICED})`;
  const slices = `(${sum(BAD, 300)} / ${ON} (${sum(EVENTS, 300)} > 0) and ${ON} ${SLICED})`;
  return {
    record: BURN,
    expr: `(${requests}\nor\n${slices})\n/ ${ON} ${BUDGET}`,
    labels: { window: '5m' satisfies BurnWindow },
  };
}

/** Nobody asks how many events the short windows of alerts have. */
function shortWindow(window: '30m' | '2h'): RecordingRule {
  return { record: BURN, expr: burn(sum(BAD, SECONDS[window]), sum(EVENTS, SECONDS[window])), labels: { window } };
}

function longWindow(window: '1h' | '6h' | '1d', interval: number): RecordingRule[] {
  const counted = (series: string) => `${interval} * ${sum(series, SECONDS[window])}`;
  return [
    { record: COUNT, expr: `${counted(EVENTS)}\nand ${ON} ${INFO}`, labels: { window } },
    { record: BURN, expr: burn(counted(BAD), `${COUNT}{window="${window}"}`), labels: { window } },
  ];
}

export function fastWindowRules({ sloIntervalSeconds }: ResolvedOptions): RecordingRule[] {
  return [
    fiveMinutes(),
    shortWindow('30m'),
    ...longWindow('1h', sloIntervalSeconds),
    shortWindow('2h'),
    ...longWindow('6h', sloIntervalSeconds),
    ...longWindow('1d', sloIntervalSeconds),
  ];
}

/**
 * Each carries the window of its budget, so that a rule for ninety days reads those objectives alone. An interval late:
 * what another group records at this very moment is not all there.
 */
function coarseRules(options: ResolvedOptions): RecordingRule[] {
  const { sloIntervalSeconds: interval, sloCoarseIntervalSeconds: coarse } = options;
  const rule = (record: string, series: string): RecordingRule => ({
    record,
    expr: `sum_over_time(${series}${over(coarse)} offset ${interval}s) * ${interval} / ${coarse}
* ${ON} group_left (window) ${INFO}`,
  });
  return [rule(COARSE, EVENTS), rule(BAD_COARSE, BAD)];
}

function threeDays(interval: number): RecordingRule[] {
  const counted = (series: string) => `${interval} * sum by (${SLO_LABELS}) (${sum(series, SECONDS['3d'])})`;
  const labels = { window: '3d' satisfies BurnWindow };
  return [
    { record: COUNT, expr: `${counted(COARSE)}\nand ${ON} ${INFO}`, labels },
    { record: BURN, expr: burn(counted(BAD_COARSE), `${COUNT}{window="3d"}`), labels },
  ];
}

/** Of each window only the objectives that have it, so that ninety days are read for few. */
function budgetWindows(interval: number): RecordingRule[] {
  const own = (window: SloWindow) => `{window="${window}"}`;
  const counted = (series: string) =>
    SLO_WINDOWS.map((window) => sum(`${series}${own(window)}`, SLO_WINDOW_SECONDS[window])).join('\nor\n');
  return [
    { record: COUNT, expr: `${interval} * (${counted(COARSE)})\nand ${OWN_WINDOW} ${INFO}` },
    ...SLO_WINDOWS.map((window) => ({
      record: BURN,
      expr: burn(
        `${interval} * ${sum(`${BAD_COARSE}${own(window)}`, SLO_WINDOW_SECONDS[window])}`,
        `${COUNT}${own(window)}`
      ),
      labels: { window },
    })),
  ];
}

/** Over the window of the budget, whichever that is. */
const ofBudget = (series: string) => `max by (${SLO_LABELS}) (${series}${OF_BUDGET} and ${OWN_WINDOW} ${INFO})`;
/** Events that may be bad in it. */
export const BAD_ALLOWED = `(${ofBudget(COUNT)} * ${ON} ${BUDGET})`;
/** Objectives of which there were events in it. */
export const COUNTED = ofBudget(COUNT);

export function coarseWindowRules(options: ResolvedOptions): RecordingRule[] {
  const interval = options.sloCoarseIntervalSeconds;
  return [
    ...coarseRules(options),
    ...threeDays(interval),
    ...budgetWindows(interval),
    { record: RECORDED.sloAttained.name, expr: `1 - ${ofBudget(BURN)} * ${ON} ${BUDGET}` },
    { record: RECORDED.sloBudgetLeft.name, expr: `1 - ${ofBudget(BURN)}` },
  ];
}
