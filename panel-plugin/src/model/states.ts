/** Sets of 0/1 series over the closed list of states -> the state that holds, and its history. */
import { HEALTH_STATES, healthOfServing, type HealthState, type ServingState } from '@modelwatch/contract';
import type { Series } from './series';
import type { HistorySpan, Origin } from './types';

/** Samples of one instant may differ by rounding; anything further apart is another instant. */
const SAME_INSTANT_MS = 1000;

export interface StateNow {
  readonly health: HealthState | null;
  readonly partialStates: boolean;
  readonly lastHealth?: HealthState;
  readonly sampledAtMs?: number;
  readonly stepMs?: number;
  readonly origin?: Origin;
}

function isHealth(value: string | undefined): value is HealthState {
  return HEALTH_STATES.some((known) => known === value);
}

/** The health that a series stands for: by label, a serving state read as health. */
export function labelledHealth(series: Series): HealthState | undefined {
  const word = series.labels.health ?? series.labels.state;
  if (word === 'serving') return healthOfServing(word satisfies ServingState);
  return isHealth(word) ? word : undefined;
}

/** The health at one sample: the value itself where it is a word, else the label where the value is not 0. */
function healthAt(series: Series, index: number): HealthState | undefined {
  const value = series.values[index];
  if (typeof value === 'string') {
    const word = value === 'serving' ? 'healthy' : value;
    return isHealth(word) ? word : undefined;
  }
  return typeof value === 'number' && value > 0 ? labelledHealth(series) : undefined;
}

export function worse(a: HealthState | undefined, b: HealthState): HealthState {
  return a !== undefined && HEALTH_STATES.indexOf(a) <= HEALTH_STATES.indexOf(b) ? a : b;
}

/** Worst state that holds at each instant of the set; instants at which none holds have no entry. */
function timeline(set: readonly Series[]): Map<number, HealthState | undefined> {
  const at = new Map<number, HealthState | undefined>();
  for (const series of set) {
    series.timesMs.forEach((timeMs, index) => {
      const health = healthAt(series, index);
      at.set(timeMs, health ? worse(at.get(timeMs), health) : at.get(timeMs));
    });
  }
  return new Map([...at].sort(([a], [b]) => a - b));
}

/**
 * The state at the latest instant of the set. A series that ended earlier has no say in it, unless nothing holds at the
 * latest instant and it ended within one step: two queries of one panel are not evaluated at the same moment.
 */
export function stateNow(set: readonly Series[]): StateNow {
  const stepMs = set.find((series) => series.stepMs !== undefined)?.stepMs;
  const asked = new Set(set.map(labelledHealth));
  const byWord = set.some((series) => series.values.some((value) => typeof value === 'string'));
  const partialStates = !byWord && asked.size < HEALTH_STATES.length;
  const entries = [...timeline(set)];
  const latestMs = entries[entries.length - 1]?.[0];
  if (latestMs === undefined) return { health: null, partialStates, stepMs };
  const held = entries.filter(([, state]) => state !== undefined);
  const last = held[held.length - 1];
  const reachMs = Math.max(SAME_INSTANT_MS, stepMs ?? 0);
  const holds = last !== undefined && latestMs - last[0] <= reachMs ? last[1] : undefined;
  const holder = set.find((series) => labelledHealth(series) === holds) ?? set[0];
  return {
    health: holds ?? null,
    partialStates,
    lastHealth: last?.[1],
    sampledAtMs: holds ? last?.[0] : latestMs,
    stepMs,
    origin: holder?.origin,
  };
}

/** Stretches of one health, oldest first; a gap wider than one and a half steps stays a gap. */
export function historyOf(set: readonly Series[]): HistorySpan[] {
  const entries = [...timeline(set)];
  const gaps = entries.slice(1).map(([timeMs], index) => timeMs - (entries[index]?.[0] ?? timeMs));
  const stepMs = set.find((series) => series.stepMs)?.stepMs ?? Math.min(...gaps);
  if (entries.length < 2 || !Number.isFinite(stepMs)) return [];
  const spans: HistorySpan[] = [];
  for (const [timeMs, health] of entries) {
    if (!health) continue;
    const last = spans[spans.length - 1];
    const joins = last?.health === health && timeMs - last.toMs <= stepMs / 2;
    if (last && joins) spans[spans.length - 1] = { ...last, toMs: timeMs + stepMs };
    else spans.push({ fromMs: timeMs, toMs: timeMs + stepMs, health });
  }
  return spans;
}
