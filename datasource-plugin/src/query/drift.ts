/** From queries of drift to exact PromQL. Recorded series where there are some; raw ones folded over exporters. */
import {
  DETECTOR_METRICS,
  DRIFT_WINDOWS,
  EVENT_METRICS,
  MODEL_LABELS,
  PREDICTIONS_VALUE,
  RECORDED,
  type DriftSubject,
  type DriftWindow,
} from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { BY_MODEL, identity, subjectIdentity } from './identity';
import type { PromPart } from './parts';
import { anyOf, matcher, selector, selectorOfNames } from './promql';
import { isOfSegment, segmentDistributionParts } from './segments';
import type { DistributionQuery, DriftQuery } from './types';
import { labelled, leastStepSeconds, MAX_MODELS, names, ofWindow, SCORE_MAX_POINTS, type At } from './window';

/** How long the reference of a model that fell silent is still shown. */
const LAST_SAID = '1d';

const BY_BIN = `(${MODEL_LABELS}, reference, bin)`;
const BY_EDGES = `(${MODEL_LABELS}, reference, bin, from, to, category)`;

/** By window: one window is shown of each model. */
const OF_WINDOW = names([RECORDED.driftState, RECORDED.driftScore, RECORDED.driftRows]);
const OF_SUBJECT = names([RECORDED.driftRowsNeeded, RECORDED.driftThreshold, EVENT_METRICS.driftSubject]);
const OF_MODEL = names([EVENT_METRICS.referenceInfo, EVENT_METRICS.referenceRows, EVENT_METRICS.lastPrediction]);

const OF_DETECTOR = names([
  RECORDED.detectorState,
  RECORDED.detectorScore,
  RECORDED.detectorPValue,
  RECORDED.detectorThreshold,
  DETECTOR_METRICS.detectorLastResult,
]);

/** Of each model the method and the window that its verdict rests on. */
function settings(ids: readonly string[], at: At): string {
  return `${selector(RECORDED.driftSettings.name, ids)}${at}`;
}

/** Keeps the models that drifted most, one more than are shown, so that what is left out can be told. */
function worstModels(filters: ResolvedFilters, at: At): string {
  if (filters.model.length === 1 && filters.namespace.length === 1) return '';
  const ids = subjectIdentity(filters);
  const worst = (name: string) => `max by ${BY_MODEL} (${selector(name, ids)}${at})`;
  const { driftScore, driftState } = RECORDED;
  return ` and on ${BY_MODEL} topk(${MAX_MODELS + 1}, ${worst(driftScore.name)} or 0 * ${worst(driftState.name)})`;
}

function now(filters: ResolvedFilters, window: DriftWindow | undefined): string {
  const ids = identity(filters);
  const subjects = subjectIdentity(filters);
  const all = [
    ofWindow((more) => selectorOfNames(OF_WINDOW, [...subjects, ...more]), window, settings(ids, '')),
    selectorOfNames([...OF_SUBJECT, EVENT_METRICS.featureImportance.name], subjects),
    selectorOfNames(OF_MODEL, ids),
    settings(ids, ''),
  ];
  return `(${all.join(' or ')})${worstModels(filters, '')}`;
}

/** What detectors of others say of drift: of the features that are asked for, and of all of them together. */
function detectors(filters: ResolvedFilters): string {
  const asked = filters.feature.length > 0 ? [...filters.feature.filter((one) => one !== PREDICTIONS_VALUE), ''] : [];
  const ids = [...identity(filters), matcher('kind', '=', 'drift'), ...anyOf('feature', asked)];
  const said = selectorOfNames(OF_DETECTOR, ids);
  if (filters.model.length === 1 && filters.namespace.length === 1) return said;
  const { detectorState, detectorScore } = RECORDED;
  const worst = [
    `2 * ${selector(detectorState.name, [...ids, matcher('state', '=', 'warning')])}`,
    selector(detectorState.name, ids),
    `0 * ${selector(detectorScore.name, ids)}`,
  ];
  return `${said} and on ${BY_MODEL} topk(${MAX_MODELS + 1}, max by ${BY_MODEL} (${worst.join(' or ')}))`;
}

/** @param rangeSeconds length of the time range */
export function driftParts(query: DriftQuery, filters: ResolvedFilters, rangeSeconds: number): PromPart[] {
  const ids = identity(filters);
  const subjects = subjectIdentity(filters);
  const before = (more: readonly string[]) => `${selector(RECORDED.driftScore.name, [...subjects, ...more])} offset 1w`;
  const over = (more: readonly string[]) => selectorOfNames(OF_WINDOW, [...subjects, ...more]);
  return [
    { name: 'now', expr: now(filters, query.window) },
    { name: 'detectors', expr: detectors(filters) },
    { name: 'week-before', expr: `(${ofWindow(before, query.window, settings(ids, ''))})${worstModels(filters, '')}` },
    {
      name: 'drift-history',
      expr: `(${ofWindow(over, query.window, settings(ids, ' @ end()'))})${worstModels(filters, ' @ end()')}`,
      maxPoints: SCORE_MAX_POINTS,
      minStepSeconds: leastStepSeconds(rangeSeconds),
    },
  ];
}

/** The query as it is asked: predictions may be chosen as one chooses a feature. */
export function withSubject(
  query: DistributionQuery,
  { feature: [first, ...others] }: ResolvedFilters
): DistributionQuery {
  return first === PREDICTIONS_VALUE && !others.length ? { ...query, subject: 'prediction' } : query;
}

/** Series of the bins of one subject: counts, reference, and the matchers that choose it. */
function binsOf(query: DistributionQuery, filters: ResolvedFilters) {
  const ids = identity(filters);
  return query.subject === 'prediction'
    ? {
        observations: EVENT_METRICS.predictionObservations.name,
        reference: EVENT_METRICS.predictionReference.name,
        raw: ids,
        recorded: [...ids, matcher('subject', '=', 'prediction')],
      }
    : {
        observations: EVENT_METRICS.featureObservations.name,
        reference: EVENT_METRICS.featureReference.name,
        raw: subjectIdentity(filters),
        recorded: [...subjectIdentity(filters), matcher('subject', '=', 'feature')],
      };
}

/**
 * Rows by bin. Of a version, and over the time range, from the counters; else as the rules count them, so that what the
 * bins add is what was recorded.
 */
function rows(query: DistributionQuery, filters: ResolvedFilters, rangeSeconds: number): string {
  const { observations, raw, recorded } = binsOf(query, filters);
  const counted = (span: string) =>
    `sum by ${BY_BIN} (increase(${selector(observations, [...raw, ...anyOf('version', filters.version)])}[${span}]))`;
  if (query.window === 'range') return labelled(counted(`${rangeSeconds}s`), 'window', 'range');
  const { window } = query;
  const hourly = selector(RECORDED.binRows.name, recorded);
  const over = (span: DriftWindow): string => {
    if (filters.version.length > 0 || span === '10m') return labelled(counted(span), 'window', span);
    return labelled(
      `max by ${BY_BIN} (${span === '1h' ? hourly : `sum_over_time(${hourly}[${span}:1h])`})`,
      'window',
      span
    );
  };
  if (window) return over(window);
  const set = settings(identity(filters), '');
  return DRIFT_WINDOWS.map((span) => `${over(span)} and on (cluster, namespace, model, window) ${set}`).join(' or ');
}

/** Shares of the reference with the edges and names of the bins; of a model that fell silent, those said last. */
function reference(query: DistributionQuery, filters: ResolvedFilters): string {
  const { reference: name, raw } = binsOf(query, filters);
  const series = selector(name, raw);
  return (
    `max by ${BY_EDGES} (${series}) or on ${BY_MODEL} ` + `max by ${BY_EDGES} (last_over_time(${series}[${LAST_SAID}]))`
  );
}

/** What a distribution cannot do without; in the order in which it is asked for. */
const ONE_OF = { feature: ['namespace', 'model', 'feature'], prediction: ['namespace', 'model'] } as const;

function refuseMany(subject: DriftSubject, filters: ResolvedFilters): void {
  for (const field of ONE_OF[subject]) {
    const { length } = filters[field];
    if (length === 1) continue;
    const what = subject === 'prediction' ? 'the predictions of one model' : 'one feature of one model';
    throw new RangeError(`A distribution is of ${what}: choose one ${field}, not ${length === 0 ? 'all' : length}.`);
  }
}

/** Whether what is recorded of the subject is of the same rows and the same statistic. */
export function isAsRecorded(query: DistributionQuery, filters: ResolvedFilters): boolean {
  const isWhole = filters.version.length === 0 && !isOfSegment(query, filters);
  return query.window !== 'range' && query.method === undefined && isWhole;
}

/**
 * @param rangeSeconds length of the time range, which a distribution can be counted over
 * @throws RangeError in words unless the filters choose one feature of one model, or the predictions of one
 */
export function distributionParts(
  query: DistributionQuery,
  filters: ResolvedFilters,
  rangeSeconds: number
): PromPart[] {
  const { subject = 'feature' } = query;
  refuseMany(subject, filters);
  if (isOfSegment(query, filters)) return segmentDistributionParts(query, filters, rangeSeconds);
  const ids = identity(filters);
  const { recorded, raw } = binsOf(query, filters);
  const now = [
    selectorOfNames(OF_WINDOW, recorded),
    selectorOfNames(OF_SUBJECT, recorded),
    ...(subject === 'feature' ? [selector(EVENT_METRICS.featureImportance.name, raw)] : []),
    selectorOfNames(OF_MODEL, ids),
    settings(ids, ''),
  ];
  const state = (more: readonly string[]) => selector(RECORDED.driftState.name, [...recorded, ...more]);
  const window = query.window === 'range' ? undefined : query.window;
  return [
    { name: 'now', expr: now.join(' or ') },
    { name: 'bins', expr: reference(query, filters) },
    { name: 'rows', expr: rows(query, filters, rangeSeconds) },
    ...(isAsRecorded(query, filters)
      ? [
          {
            name: 'drift-history' as const,
            expr: ofWindow(state, window, settings(ids, ' @ end()')),
            maxPoints: SCORE_MAX_POINTS,
            minStepSeconds: leastStepSeconds(rangeSeconds),
          },
        ]
      : []),
  ];
}
