/** What Prometheus said of objectives, joined into a row for each. */
import {
  BURN_SEVERITIES,
  RECORDED,
  SLO_INDICATORS,
  SLO_METHODS,
  SLO_METRICS,
  SLO_STATES,
  type BurnSeverity,
  type SloIndicator,
  type SloMethod,
  type SloState,
} from '@modelwatch/contract';
import { startOfRun, takeState } from '../runs';
import type { Sample, Series } from '../samples';
import { compareSlos, NO_OBJECTIVE, sloIdOf, sloKey, type SloId } from './id';
import { reasonOf } from './words';

export interface HeldAlert {
  readonly severity: BurnSeverity;
  readonly long: string;
  readonly short: string;
  readonly burn: number;
}

/** What nobody knows is undefined. */
export interface SloRow extends SloId {
  readonly state?: SloState | undefined;
  readonly sinceMs?: number | undefined;
  readonly indicator?: SloIndicator | undefined;
  readonly method?: SloMethod | undefined;
  readonly metric: string;
  readonly window: string;
  readonly owner: string;
  readonly objective?: number | undefined;
  readonly threshold?: number | undefined;
  readonly thresholdOp?: string | undefined;
  readonly attained?: number | undefined;
  readonly budgetLeft?: number | undefined;
  readonly budgetLeftBefore?: number | undefined;
  readonly burn?: number | undefined;
  readonly burnShort?: number | undefined;
  readonly pageFrom?: number | undefined;
  readonly pageTo?: number | undefined;
  readonly alert?: HeldAlert | undefined;
  readonly exhaustion?: number | undefined;
  readonly events?: number | undefined;
  readonly badEvents?: number | undefined;
  readonly eventsNeeded?: number | undefined;
  readonly reason?: string | undefined;
}

export interface SloAnswers {
  readonly now: readonly Sample[];
  readonly burn: readonly Sample[];
  readonly limits: readonly Sample[];
  readonly history: readonly Series[];
  readonly range: { readonly fromMs: number; readonly toMs: number };
}

class OfSlo {
  info: Sample['labels'] | undefined;
  readonly states = new Set<string>();
  readonly values = new Map<string, number>();
  readonly held: HeldAlert[] = [];
  threshold: { readonly value: number; readonly op: string } | undefined;

  constructor(readonly id: SloId) {}

  value({ name }: { readonly name: string }, by = ''): number | undefined {
    return this.values.get(`${name} ${by}`);
  }
}

function isSeverity(text: string | undefined): text is BurnSeverity {
  return BURN_SEVERITIES.some((one) => one === text);
}

function take(one: OfSlo, { labels, value }: Sample): void {
  const { __name__: name = '', window = '', severity, long = '', short = '', end, state, op } = labels;
  if (end !== undefined) {
    one.values.set(`page ${end}`, value);
    return;
  }
  switch (name) {
    case RECORDED.sloInfo.name:
      one.info = labels;
      return;
    case RECORDED.sloState.name:
      if (value === 1 && state) one.states.add(state);
      return;
    case RECORDED.sloBurning.name:
      if (isSeverity(severity)) one.held.push({ severity, long, short, burn: value });
      return;
    case SLO_METRICS.sloThresholdSeconds.name:
      one.threshold = { value, op: 'lte' };
      return;
    case SLO_METRICS.sloThreshold.name:
      one.threshold = { value, op: op ?? '' };
      return;
    default:
      one.values.set(`${name} ${window}`, value);
  }
}

/** The alert to tell of: one that pages before one that does not, and the one of the shortest window, which is the fastest. */
function worstAlert(held: readonly HeldAlert[]): HeldAlert | undefined {
  return [...held].sort(
    (a, b) => BURN_SEVERITIES.indexOf(a.severity) - BURN_SEVERITIES.indexOf(b.severity) || b.burn - a.burn
  )[0];
}

/** Events of which one may be bad without more being spent than there is. The share is a float: 1 / (1 - 0.999) is a bit above 1000. */
export function eventsNeeded(objective: number | undefined): number | undefined {
  return objective === undefined || objective >= 1 ? undefined : Math.ceil(1 / (1 - objective) - 1e-6);
}

function rowOf(one: OfSlo, sinceMs: number | undefined): SloRow {
  const { info = {}, id } = one;
  const { window = '', metric = '', owner = '' } = info;
  // Two may hold for a moment while rules are evaluated: the worse is shown.
  const state = SLO_STATES.find((known) => one.states.has(known));
  const isSilent = state === 'stale' || state === 'too_little_data' || state === undefined;
  const known = (value: number | undefined) => (isSilent ? undefined : value);
  const attained = one.value(RECORDED.sloAttained);
  const events = one.value(RECORDED.sloEvents, window);
  const left = one.value(RECORDED.sloBudgetLeft);
  const objective = one.value(RECORDED.sloObjective);
  const alert = worstAlert(one.held);
  const row: Omit<SloRow, 'reason'> = {
    ...{ ...id, state, sinceMs, metric, window, owner, objective, alert },
    indicator: SLO_INDICATORS.find((each) => each === info['indicator']),
    method: SLO_METHODS.find((each) => each === info['method']),
    ...{ threshold: one.threshold?.value, thresholdOp: one.threshold?.op },
    ...{ attained: known(attained), budgetLeft: known(left) },
    budgetLeftBefore: state === 'stale' ? left : undefined,
    burn: known(one.value(RECORDED.sloBurnRate, '1h')),
    burnShort: known(one.value(RECORDED.sloBurnRate, '5m')),
    ...{ pageFrom: one.values.get('page min'), pageTo: one.values.get('page max') },
    exhaustion: known(one.value(RECORDED.sloExhaustion)),
    ...{ events, eventsNeeded: eventsNeeded(objective) },
    badEvents: events === undefined || attained === undefined ? undefined : known((1 - attained) * events),
  };
  return { ...row, reason: reasonOf(row) };
}

/** Start of the run of the state that holds, of each objective that is in trouble. */
function starts({ history, range }: SloAnswers, byKey: ReadonlyMap<string, OfSlo>): Map<string, number> {
  const states = new Map<string, Map<number, SloState>>();
  const times = new Set<number>();
  for (const { labels, timesMs, values } of history) {
    const id = sloIdOf(labels);
    const state = SLO_STATES.find((known) => known === labels['state']);
    if (!id || !state) continue;
    const key = sloKey(id);
    const own = states.get(key) ?? new Map<number, SloState>();
    states.set(key, own);
    timesMs.forEach((timeMs, index) => {
      if (values[index] !== 1) return;
      times.add(timeMs);
      takeState(own, SLO_STATES, timeMs, state);
    });
  }
  const steps = [...times].sort((a, b) => a - b);
  const found = new Map<string, number>();
  for (const [key, own] of states) {
    const state = SLO_STATES.find((known) => byKey.get(key)?.states.has(known));
    // A time without trouble is one of calm: it ends a run as another state does.
    const whole = new Map(steps.map((time): [number, SloState] => [time, own.get(time) ?? 'met']));
    const since = state === 'met' ? undefined : startOfRun(state, whole, steps[0], range.toMs);
    if (since !== undefined && since > range.fromMs) found.set(key, since);
  }
  return found;
}

/** @returns rows by name, and series that could not be used by what is wrong with them */
export function joinSlos(answers: SloAnswers): { rows: SloRow[]; dropped: ReadonlyMap<string, number> } {
  const byKey = new Map<string, OfSlo>();
  let nameless = 0;
  for (const sample of [...answers.now, ...answers.burn, ...answers.limits]) {
    const id = sloIdOf(sample.labels);
    if (!id) {
      nameless += 1;
      continue;
    }
    const key = sloKey(id);
    const one = byKey.get(key) ?? new OfSlo(id);
    byKey.set(key, one);
    take(one, sample);
  }
  const since = starts(answers, byKey);
  // Limits alone are of an objective that no rule has seen yet: it is shown, without a verdict.
  const rows = [...byKey].map(([key, one]) => rowOf(one, since.get(key)));
  return { rows: rows.sort(compareSlos), dropped: new Map(nameless > 0 ? [[NO_OBJECTIVE, nameless]] : []) };
}
