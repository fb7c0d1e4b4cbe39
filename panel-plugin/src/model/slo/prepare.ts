/** Frames -> what the SLO view shows, or a sentence why not and a way out. */
import { LoadingState, type DataFrame } from '@grafana/data';
import { DecodeError, RECORDED_SLO, SLO_STATUS_FIELDS, type FrameKind, type HealthState } from '@modelwatch/contract';
import { frameMark, sloKind } from '../mark';
import type { PrepareInput } from '../prepare';
import type { Message } from '../types';
import { spanText } from '../words';
import { budgetPoints, burnLines, sloEvents, sloTiers, statusRows, type StatusRow } from './frames';
import { isSpent } from './say';
import type { PreparedSlo, Slo, SloAnswer, SloHistory, Verdict } from './types';

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** The parts cannot be confused, as no label holds a NUL. */
function joined(...parts: ReadonlyArray<string | undefined>): string {
  return parts.map((part) => part ?? '').join('\u0000');
}

/** A verdict is believed only while its answer is fresh, and `met` only with a budget under it. */
function verdictOf({ state, budgetLeft }: StatusRow, tooOld: boolean): Pick<Slo, 'verdict' | 'previous'> {
  const said: Verdict = state === undefined || (state === 'met' && budgetLeft === undefined) ? 'unknown' : state;
  return tooOld && said !== 'stale' ? { verdict: 'stale', previous: said } : { verdict: said };
}

/** A mark rates the objective: a page or a spent budget is failed, what burns too fast is degraded. */
function markOf(verdict: Verdict, { budgetLeft, burn }: StatusRow): HealthState {
  switch (verdict) {
    case 'page':
    case 'spent':
      return 'failed';
    case 'ticket':
      return 'degraded';
    case 'met':
      if (budgetLeft !== undefined && budgetLeft <= 0) return 'failed';
      return (burn ?? 0) > 1 ? 'degraded' : 'healthy';
    case 'stale':
    case 'idle':
      return verdict;
    default:
      return 'unknown';
  }
}

function sloOf(row: StatusRow, tooOld: boolean): Omit<Slo, 'origin'> {
  const { cluster = '', namespace, model = '', pipeline = '', slo, severity, long, short, alertBurn, ...rest } = row;
  const { since, exhaustion, state: _state, budgetLeft, attained, burn, burnShort, ...others } = rest;
  const said = verdictOf(row, tooOld);
  const { verdict } = said;
  const isSilent = verdict === 'stale' || verdict === 'too_little_data' || verdict === 'unknown';
  return {
    ...others,
    ...{ key: joined(cluster, namespace, model, pipeline, slo), cluster, namespace, slo },
    ...{ name: model || pipeline, isPipeline: !model, ...said, mark: markOf(verdict, row) },
    ...(!isSilent && { budgetLeft, attained, burn, burnShort }),
    budgetLeftBefore: rest.budgetLeftBefore ?? (verdict === 'stale' ? budgetLeft : undefined),
    sinceMs: since,
    exhaustionMs: exhaustion === undefined || isSilent ? undefined : exhaustion * 1000,
    alert: severity && { severity, long, short, burn: alertBurn },
  };
}

function rank(one: Slo): number {
  if (isSpent(one)) return 0;
  if (one.mark === 'failed' || one.mark === 'degraded') return 1;
  if (one.mark === 'stale' || one.mark === 'unknown') return 2;
  return one.mark === 'idle' ? 3 : 4;
}

/** A page that nothing is counted of any more is gone soonest: nobody knows better. */
function goneIn({ exhaustionMs, verdict }: Slo): number {
  return exhaustionMs ?? (verdict === 'page' ? 0 : Infinity);
}

function compare(a: Slo, b: Slo): number {
  const [place, other] = [rank(a), rank(b)];
  if (place !== other) return place - other;
  const [left, right] = [a.budgetLeft ?? 1, b.budgetLeft ?? 1];
  const [soon, later] = [goneIn(a), goneIn(b)];
  return (
    (place === 1 && soon !== later ? soon - later : 0) ||
    left - right ||
    natural.compare(a.name, b.name) ||
    natural.compare(a.slo, b.slo)
  );
}

function slosOf(series: readonly DataFrame[], tooOld: boolean): Slo[] {
  // Several queries of one panel may name the same objective: the first stands, so that nothing is drawn twice.
  const byKey = new Map<string, Slo>();
  for (const frame of series.filter((one) => sloKind(one) === 'slo-status')) {
    const field = frame.fields.find(({ name }) => name === SLO_STATUS_FIELDS.budgetLeft);
    statusRows(frame).forEach((row, rowIndex) => {
      const slo = sloOf(row, tooOld);
      if (!byKey.has(slo.key)) byKey.set(slo.key, { ...slo, origin: field && { field, rowIndex } });
    });
  }
  return [...byKey.values()].sort(compare);
}

function historyOf(series: readonly DataFrame[]): SloHistory | undefined {
  const of = (kind: FrameKind) => series.filter((frame) => sloKind(frame) === kind);
  const [budget] = of('slo-budget');
  const [burn] = of('slo-burn');
  if (!budget && !burn) return undefined;
  return {
    budget: budget ? budgetPoints(budget) : [],
    events: of('slo-events').flatMap(sloEvents),
    burns: burn ? burnLines(burn) : [],
    tiers: of('slo-tiers').flatMap(sloTiers),
  };
}

const NO_STATUS: Message = {
  title: 'A history of a budget without its objective',
  detail: 'Add the query "SLO status" of the same objective to the panel: it says what is promised and what holds.',
};

function emptyMessage(): Message {
  return {
    title: 'No objectives yet',
    detail: `Nobody has declared one for what is asked, or its rules are not loaded: ${RECORDED_SLO.sloState.name} must have series.`,
  };
}

function answerOf(input: PrepareInput): SloAnswer | undefined {
  const { series, nowMs, errors, answerMaxAgeMs } = input;
  const marks = series.filter(sloKind).flatMap((frame) => frameMark(frame)?.answeredAtMs ?? []);
  const ageMs = nowMs - Math.min(...marks, input.answeredAtMs, nowMs);
  const tooOld = ageMs > answerMaxAgeMs;
  const slos = slosOf(series, tooOld);
  if (!slos.length) return undefined;
  const notices: Message[] = errors.length
    ? [{ title: 'Part of the query failed.', detail: [...new Set(errors)].join(' ').slice(0, 300) }]
    : [];
  if (tooOld) {
    notices.push({ title: `Not refreshed for ${spanText(ageMs)}.`, detail: 'Refresh the dashboard for a verdict.' });
  }
  return {
    slos,
    history: slos.length === 1 ? historyOf(series) : undefined,
    isPartial: errors.length > 0,
    nowMs,
    notices,
  };
}

export function prepareSlo(input: PrepareInput): PreparedSlo {
  const { series, state, errors } = input;
  try {
    const answer = answerOf(input);
    if (answer) return { kind: 'slo', answer };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: 'refusal', message: { title: 'This answer cannot be read', detail: error.message } };
  }
  if (state === LoadingState.Error || errors.length > 0) {
    const detail = [...new Set(errors)].join(' ').slice(0, 500);
    return { kind: 'error', message: { title: 'The query failed: no verdict on any objective', detail } };
  }
  if (state === LoadingState.Loading || state === LoadingState.NotStarted) return { kind: 'loading' };
  if (series.some((frame) => sloKind(frame) && frame.length > 0)) return { kind: 'refusal', message: NO_STATUS };
  return { kind: 'empty', message: emptyMessage() };
}
