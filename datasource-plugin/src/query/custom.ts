/** From queries of custom metrics to exact PromQL: what is recorded of each, now and over time. */
import { CUSTOM_METRICS, MODEL_LABELS, RECORDED } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { BY_MODEL, identity } from './identity';
import type { PromPart } from './parts';
import { anyOf, matcher, selector, selectorOfNames } from './promql';
import { labelled, leastStepSeconds, MAX_MODELS, names, SCORE_MAX_POINTS, type At } from './window';

const OVER_TIME = [
  RECORDED.customMetricState,
  RECORDED.customMetricValue,
  RECORDED.customMetricLimit,
  RECORDED.customMetricBaseline,
];
const NOW = names([...OVER_TIME, RECORDED.customMetricInfo, RECORDED.customMetricLastVerdict]);
const INFO = RECORDED.customMetricInfo.name;

/** What the answer to the part `now` calls the samples that a value takes, in the label `figure`. */
export const SAMPLES_NEEDED = 'samples_needed';

/** Matchers of metrics; what is declared has a name. */
function customIdentity(filters: ResolvedFilters): string[] {
  return [...identity(filters), ...anyOf('metric', filters.custom_metric)];
}

/** Keeps the models whose verdict is worst, one more than are shown, so that what is left out can be told. */
function worstModels(filters: ResolvedFilters, at: At): string {
  if (filters.model.length === 1 && filters.namespace.length === 1) return '';
  const ids = customIdentity(filters);
  const state = (operator: '=' | '!~', states: string) =>
    `${selector(RECORDED.customMetricState.name, [...ids, matcher('state', operator, states)])}${at}`;
  const ranked = `3 * ${state('=', 'critical')} or 2 * ${state('=', 'warning')} or ${state('!~', 'critical|warning')}`;
  const declared = `0 * ${selector(INFO, ids)}${at}`;
  return ` and on ${BY_MODEL} topk(${MAX_MODELS + 1}, max by ${BY_MODEL} (${ranked} or ${declared}))`;
}

function now(filters: ResolvedFilters): string {
  const ids = customIdentity(filters);
  // Days are made of hours, which are recorded beside them: of each metric those of its own window.
  const samples = `${selector(RECORDED.customMetricSamples.name, ids)} and on (${MODEL_LABELS}, metric, window) ${selector(INFO, ids)}`;
  const { name } = CUSTOM_METRICS.customMetricSamplesNeeded;
  // Told apart by a label: `or` takes what differs in its name alone for one and the same.
  const needed = labelled(`max by (${MODEL_LABELS}, metric) (${selector(name, ids)})`, 'figure', SAMPLES_NEEDED);
  return `(${selectorOfNames(NOW, ids)} or ${samples} or ${needed})${worstModels(filters, '')}`;
}

/** @param rangeSeconds length of the time range */
export function customMetricParts(filters: ResolvedFilters, rangeSeconds: number): PromPart[] {
  const history = selectorOfNames(names(OVER_TIME), customIdentity(filters));
  return [
    { name: 'now', expr: now(filters) },
    {
      name: 'custom-history',
      expr: `${history}${worstModels(filters, ' @ end()')}`,
      maxPoints: SCORE_MAX_POINTS,
      minStepSeconds: leastStepSeconds(rangeSeconds),
    },
  ];
}
