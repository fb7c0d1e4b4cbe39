/** The generated sentences: headline, labels for readers who hear the panel, lines of a tile. */
import { HEALTH_STATES, type HealthState } from '@modelwatch/contract';
import { needsHelp } from './order';
import type { Fleet, HistorySpan, ModelView } from './types';
import { asClause, causeOf, countText, modelsText, spanText, type ClockText } from './words';

/** A sentence whose subject is set apart: `fraud-scorer` + `failed 37 min ago, 02:41: out of memory`. */
export interface Headline {
  readonly state: HealthState;
  readonly subject: string;
  readonly rest: string;
  /** A second, smaller line: only when all is calm. */
  readonly calm?: string;
}

/** `failed 37 min ago, 02:41` for what happened, `degraded for 18 min, since 03:00` for what lasts. */
function sinceWords(model: ModelView, nowMs: number, clock?: ClockText): string {
  const { health, sinceMs } = model;
  if (sinceMs === undefined || sinceMs > nowMs) return health;
  const span = spanText(nowMs - sinceMs);
  if (health === 'failed') return `failed ${span} ago${clock ? `, ${clock(sinceMs)}` : ''}`;
  // The reason of what fell silent says since when.
  const withClock = clock && health !== 'stale';
  return `${health} for ${span}${withClock ? `, since ${clock(sinceMs)}` : ''}`;
}

function lastProblem(fleet: Fleet, clock: ClockText): string {
  let last: { model: ModelView; span: HistorySpan } | undefined;
  for (const model of fleet.models) {
    for (const span of model.history) {
      if (needsHelp(span.health) && (!last || span.toMs > last.span.toMs)) last = { model, span };
    }
  }
  if (!last) return '';
  const { model, span } = last;
  return ` Last problem: ${model.name}, ${span.health} ${spanText(span.toMs - span.fromMs)}, ended ${clock(span.toMs)}.`;
}

function oldestSample(fleet: Fleet): string {
  const times = fleet.models.map(({ confirmedMs }) => confirmedMs).filter((ms) => ms !== undefined);
  return times.length ? `Oldest sample ${spanText(fleet.nowMs - Math.min(...times))}.` : '';
}

/** No problem as far as the answer goes is no verdict on the fleet. */
function partlyCalm({ models, counts }: Fleet, worst: ModelView, calm: string): Headline {
  const subject = models.length === 1 ? worst.name : modelsText(models.length);
  const rest = HEALTH_STATES.filter((state) => counts[state] > 0).map((state) =>
    models.length === 1 ? state : `${countText(counts[state])} ${state}`
  );
  return { state: 'unknown', subject, rest: `${rest.join(', ')} as far as is known`, calm };
}

function calmHeadline(fleet: Fleet, worst: ModelView, clock: ClockText): Headline {
  const total = fleet.models.length;
  const others = HEALTH_STATES.filter((state) => state !== 'healthy' && fleet.counts[state] > 0);
  const calm = `${oldestSample(fleet)}${lastProblem(fleet, clock)}`;
  if (fleet.isPartial) return partlyCalm(fleet, worst, calm);
  if (!others.length) {
    return { state: 'healthy', subject: total === 1 ? worst.name : `All ${modelsText(total)}`, rest: 'healthy', calm };
  }
  const rest = others.map((state) => `${countText(fleet.counts[state])} ${state}`).join(', ');
  return { state: 'healthy', subject: 'No problem', rest: `in ${modelsText(total)}: ${rest}`, calm };
}

/**
 * - `full`: since when by span and clock, and the reason;
 * - `counts`: where a list beside it names the reasons, how many need help;
 * - `narrow`: the span and the reason.
 */
export type HeadlineForm = 'full' | 'counts' | 'narrow';

function allStale(fleet: Fleet): Headline {
  const newest = Math.max(...fleet.models.map(({ confirmedMs }) => confirmedMs ?? -Infinity));
  const span = Number.isFinite(newest) ? ` for ${spanText(fleet.nowMs - newest)}` : '';
  return { state: 'stale', subject: `No fresh data${span}`, rest: `of any of ${modelsText(fleet.models.length)}` };
}

export function headlineOf(fleet: Fleet, form: HeadlineForm, clock: ClockText): Headline {
  const [worst] = fleet.models;
  const total = fleet.models.length;
  if (!worst) return { state: 'unknown', subject: 'No model', rest: 'to show' };
  if (fleet.counts.stale === total && total > 1) return allStale(fleet);
  if (worst.health === 'healthy' || worst.health === 'idle' || worst.health === 'progressing') {
    return calmHeadline(fleet, worst, clock);
  }
  const since = sinceWords(worst, fleet.nowMs, form === 'narrow' ? undefined : clock);
  const helpless = fleet.counts.failed + fleet.counts.degraded;
  if (form === 'counts' && helpless > 1) {
    const need = `${countText(helpless)} of ${modelsText(total)} need help`;
    return { state: worst.health, subject: worst.name, rest: `${since}. ${need}` };
  }
  const words = form === 'narrow' ? causeOf(worst.reason) : worst.reason;
  const reason = words ? `: ${asClause(words)}` : '';
  return { state: worst.health, subject: worst.name, rest: `${since}${reason}` };
}

export function replicasText(model: ModelView): string | undefined {
  const { replicasDesired, replicasAvailable } = model;
  if (replicasDesired === undefined) return undefined;
  return `${replicasAvailable ?? '?'}/${replicasDesired}`;
}

/** `9 s`; empty where the state itself says that the data is old or missing. */
export function ageText(model: ModelView, nowMs: number): string {
  if (model.health === 'stale' || model.confirmedMs === undefined) return '';
  const ageMs = nowMs - model.confirmedMs;
  // The sample of an instant query is as old as the question: that says nothing of the data.
  return ageMs < 1000 ? '' : spanText(ageMs);
}

/** The line under the name of a model that needs no area: `healthy · 2/2 · 9 s`. */
export function quietLine(model: ModelView, nowMs: number, clock: ClockText): string {
  if (model.health === 'stale' && model.previousHealth && model.confirmedMs !== undefined) {
    return `was ${model.previousHealth} at ${clock(model.confirmedMs)}`;
  }
  if (model.health === 'idle') {
    const since = model.sinceMs === undefined ? '' : ` · ${spanText(nowMs - model.sinceMs)}`;
    return `idle on purpose${since}`;
  }
  return [model.health, replicasText(model), ageText(model, nowMs)].filter(Boolean).join(' · ');
}

/** Everything a tile shows, as one sentence. */
export function spokenModel(model: ModelView, nowMs: number): string {
  const since =
    model.sinceMs === undefined || model.health === 'healthy' ? '' : ` for ${spanText(nowMs - model.sinceMs)}`;
  const replicas = replicasText(model);
  const age = ageText(model, nowMs);
  return [
    `${model.name}, ${model.namespace}: ${model.health}${since}`,
    model.reason,
    replicas && `${replicas.replace('/', ' of ')} replicas ready`,
    age && `data ${age} old`,
  ]
    .filter(Boolean)
    .join('. ');
}
