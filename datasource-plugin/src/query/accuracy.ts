/** From queries of accuracy to exact PromQL: what is recorded, and the delay of actuals from its histogram. */
import { ACCURACY_METRICS, RECORDED, type DriftWindow } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { BY_MODEL, identity } from './identity';
import type { PromPart } from './parts';
import { anyOf, matcher, selector, selectorOfNames } from './promql';
import type { AccuracyQuery } from './types';
import {
  accuracySettings,
  labelled,
  leastStepSeconds,
  MAX_MODELS,
  names,
  ofWindow,
  SCORE_MAX_POINTS,
  type At,
} from './window';

/** Of a model, metric and window; of a model and metric; of a model. */
const OF_SCORE = names([RECORDED.accuracyState, RECORDED.accuracyScore]);
const OF_METRIC = names([RECORDED.accuracyLimit, RECORDED.accuracyBaseline]);
const OF_MODEL = names([RECORDED.accuracyRowsNeeded, RECORDED.accuracyLastPair]);

/** What the answer to the part `actuals` calls its figures, in the label `figure`. */
const ACTUALS_FIGURES = ['open_predictions', 'actual_delay'] as const;

/** The median is of the actuals of the window; a week of a histogram would be read for little. */
const DELAY_OVER: ReadonlyArray<readonly [span: string, windows: readonly DriftWindow[]]> = [
  ['10m', ['10m']],
  ['1h', ['1h']],
  ['1d', ['1d', '7d']],
];

const ofMetric = (filters: ResolvedFilters): string[] => [...identity(filters), ...anyOf('metric', filters.metric)];

/** Keeps the models whose verdict is worst, one more than are shown, so that what is left out can be told. */
function worstModels(filters: ResolvedFilters, at: At): string {
  if (filters.model.length === 1 && filters.namespace.length === 1) return '';
  const ids = ofMetric(filters);
  const state = (operator: '=' | '!~', states: string) =>
    `${selector(RECORDED.accuracyState.name, [...ids, matcher('state', operator, states)])}${at}`;
  const worst = (expr: string) => `max by ${BY_MODEL} (${expr})`;
  const ranked = `3 * ${state('=', 'critical')} or 2 * ${state('=', 'warning')} or ${state('!~', 'critical|warning')}`;
  const scored = `${selector(RECORDED.accuracyPairs.name, identity(filters))}${at}`;
  return ` and on ${BY_MODEL} topk(${MAX_MODELS + 1}, ${worst(ranked)} or 0 * ${worst(scored)})`;
}

/** Scores, their states and the pairs that they rest on, of one window. */
function recorded(filters: ResolvedFilters, window: DriftWindow | undefined, at: At): string[] {
  const [ids, narrowed] = [identity(filters), ofMetric(filters)];
  const settings = accuracySettings(ids, at);
  return [
    ofWindow((more) => selectorOfNames(OF_SCORE, [...narrowed, ...more]), window, settings),
    ofWindow((more) => selector(RECORDED.accuracyPairs.name, [...ids, ...more]), window, settings),
  ];
}

function now(filters: ResolvedFilters, window: DriftWindow | undefined): string {
  const ids = identity(filters);
  const all = [
    ...recorded(filters, window, ''),
    selectorOfNames(OF_METRIC, ofMetric(filters)),
    selectorOfNames(OF_MODEL, ids),
    accuracySettings(ids, ''),
  ];
  return `(${all.join(' or ')})${worstModels(filters, '')}`;
}

/** Each exporter holds predictions of its own: they add up. */
function actuals(filters: ResolvedFilters, window: DriftWindow | undefined): string {
  const ids = identity(filters);
  const open = `sum by ${BY_MODEL} (${selector(ACCURACY_METRICS.openPredictions.name, ids)})`;
  const delay = (span: string) =>
    `histogram_quantile(0.5, sum by (cluster, namespace, model, le) (increase(${selector(`${ACCURACY_METRICS.actualDelay.name}_bucket`, ids)}[${span}])))`;
  const delays = DELAY_OVER.flatMap(([span, windows]) => {
    if (window) return windows.includes(window) ? [delay(span)] : [];
    const settings = selector(RECORDED.accuracySettings.name, [...ids, ...anyOf('window', windows)]);
    return [`${delay(span)} and on ${BY_MODEL} ${settings}`];
  });
  const [openLabel, delayLabel] = ACTUALS_FIGURES;
  const all = [labelled(open, 'figure', openLabel), labelled(delays.join(' or '), 'figure', delayLabel)];
  return `(${all.join(' or ')})${worstModels(filters, '')}`;
}

/** @param rangeSeconds length of the time range */
export function accuracyParts(query: AccuracyQuery, filters: ResolvedFilters, rangeSeconds: number): PromPart[] {
  const settings = accuracySettings(identity(filters), '');
  const before = (more: readonly string[]) =>
    `${selector(RECORDED.accuracyScore.name, [...ofMetric(filters), ...more])} offset 1w`;
  return [
    { name: 'now', expr: now(filters, query.window) },
    { name: 'actuals', expr: actuals(filters, query.window) },
    { name: 'week-before', expr: `(${ofWindow(before, query.window, settings)})${worstModels(filters, '')}` },
    {
      name: 'accuracy-history',
      expr: `(${recorded(filters, query.window, ' @ end()').join(' or ')})${worstModels(filters, ' @ end()')}`,
      maxPoints: SCORE_MAX_POINTS,
      minStepSeconds: leastStepSeconds(rangeSeconds),
    },
  ];
}
