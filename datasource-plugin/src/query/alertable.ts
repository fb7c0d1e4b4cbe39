/** From a query of any kind to what Prometheus can alert on: the verdict that is recorded of what is shown, as a number. */
import {
  inOneOf,
  MODEL_LABELS,
  RECORDED,
  SLO_LABELS,
  type AlertCondition,
  type DriftWindow,
} from '@modelwatch/contract';
import { figureParts } from './figureParts';
import { FIGURE_KINDS, figureOf } from './figures';
import type { ResolvedFilters } from './filters';
import { identity, sloIdentity, subjectIdentity } from './identity';
import { anyOf, matcher, selector } from './promql';
import { restriction } from './restriction';
import type { DistributionQuery, FigureQuery, ModelwatchQuery } from './types';
import { accuracySettings, ofWindow } from './window';

/** What a rule can be made of, and what it leaves out of the query; or why none can. */
export type Alertable =
  { readonly condition: AlertCondition; readonly note?: string | undefined } | { readonly whyNot: string };

/** Where the query counts over its time range. */
const FIGURE_SECONDS = 3600;
/** Share of a budget below which somebody plans. */
const LITTLE_BUDGET = 0.25;

const ofVerdict = { fires: 'above', threshold: 0, holdsFor: '5m', severity: 'warning' } as const;
const WHICH = '{{ $labels.namespace }}/{{ $labels.model }}';

function verdict(title: string, expr: string, summary: string): { condition: AlertCondition } {
  return { condition: { ...ofVerdict, title, expr, summary: `${WHICH}: ${summary}` } };
}

/** A verdict over one window, by default that of the settings of each model; stale counts as bad. */
interface Judged {
  readonly by: string;
  readonly series: { readonly name: string };
  readonly ids: readonly string[];
  readonly window: DriftWindow | undefined;
  readonly settings: string;
  readonly bad: readonly string[];
}

function judged({ by, series, ids, window, settings, bad }: Judged): string {
  const over = (more: readonly string[]) =>
    ofWindow((ofIts) => selector(series.name, [...ids, ...more, ...ofIts]), window, settings);
  return inOneOf(by, over, 'state', bad);
}

function health(filters: ResolvedFilters): Alertable {
  const states = matcher('health', '=~', 'failed|stale');
  const expr = `max by (${MODEL_LABELS}) (${selector(RECORDED.modelHealth.name, [...identity(filters), states])})`;
  const of = restriction(filters, '');
  return verdict('Health of models', of ? `(${expr})${of}` : expr, 'the model has failed, or nobody knows');
}

function drift(ids: readonly string[], filters: ResolvedFilters, window: DriftWindow | undefined): Alertable {
  const settings = selector(RECORDED.driftSettings.name, identity(filters));
  const by = `${MODEL_LABELS}, subject, feature`;
  const expr = judged({ by, series: RECORDED.driftState, ids, window, settings, bad: ['critical', 'stale'] });
  return verdict('Drift', expr, '{{ $labels.subject }} {{ $labels.feature }} drifted, or is not compared any more');
}

const OF_ALL_ROWS =
  'Rules record drift and accuracy of all rows together, and not by version, by age or by value of a segment: leave these filters out.';

function isOfPart({ version, segment, segment_value, age }: ResolvedFilters): boolean {
  return version.length + segment.length + segment_value.length + age.length > 0;
}

function distribution({ subject, window, method }: DistributionQuery, filters: ResolvedFilters): Alertable {
  if (isOfPart(filters)) return { whyNot: OF_ALL_ROWS };
  if (method) return { whyNot: 'Rules judge a model by its own statistic: leave the choice of it to the model.' };
  const ids =
    subject === 'prediction' ? [...identity(filters), matcher('subject', '=', 'prediction')] : subjectIdentity(filters);
  if (window !== 'range') return drift(ids, filters, window);
  const note = 'Over the window that the model is judged by: rules know no time range.';
  return { ...drift(ids, filters, undefined), note };
}

function accuracy(filters: ResolvedFilters, window: DriftWindow | undefined): Alertable {
  const ids = [...identity(filters), ...anyOf('metric', filters.metric)];
  const settings = accuracySettings(identity(filters), '');
  const by = `${MODEL_LABELS}, metric`;
  const expr = judged({ by, series: RECORDED.accuracyState, ids, window, settings, bad: ['critical', 'stale'] });
  return verdict('Accuracy', expr, '{{ $labels.metric }} is past its limit, or no actuals come any more');
}

function fairness(filters: ResolvedFilters, window: DriftWindow | undefined): Alertable {
  const ids = [...identity(filters), ...anyOf('segment', filters.segment)];
  const settings = selector(RECORDED.fairnessSettings.name, ids);
  const by = `${MODEL_LABELS}, segment, value, metric`;
  const expr = judged({ by, series: RECORDED.fairnessState, ids, window, settings, bad: ['critical', 'stale'] });
  return verdict('Fairness', expr, '{{ $labels.metric }} of {{ $labels.value }} is past its limit, or nobody knows');
}

function challengers(filters: ResolvedFilters, window: DriftWindow | undefined): Alertable {
  const ids = identity(filters);
  const settings = accuracySettings(ids, '');
  const by = `${MODEL_LABELS}, challenger, metric`;
  const expr = judged({ by, series: RECORDED.challengerState, ids, window, settings, bad: ['ahead', 'stale'] });
  return verdict('Challengers', expr, '{{ $labels.challenger }} is ahead by {{ $labels.metric }}, or nobody knows');
}

/** What has one state for each model, or for each thing of a model, and no window. */
function stated(filters: ResolvedFilters, kind: 'batches' | 'coverage' | 'custom-metric'): Alertable {
  const ids = identity(filters);
  const of = (name: string, ids: readonly string[]) => (more: readonly string[]) => selector(name, [...ids, ...more]);
  switch (kind) {
    case 'batches': {
      const channel = of(RECORDED.modelChannel.name, [...ids, matcher('channel', '=', 'batches')]);
      const expr = inOneOf(MODEL_LABELS, channel, 'status', ['critical', 'stale']);
      return verdict('Batches', expr, 'too many of the last batches have drifted');
    }
    case 'coverage': {
      const expr = inOneOf(MODEL_LABELS, of(RECORDED.modelCoverage.name, ids), 'state', ['partial', 'no_events']);
      return verdict('Coverage', expr, 'events of the model are not seen, or not all of them');
    }
    case 'custom-metric': {
      const series = of(RECORDED.customMetricState.name, [...ids, ...anyOf('metric', filters.custom_metric)]);
      const expr = inOneOf(`${MODEL_LABELS}, metric`, series, 'state', ['critical', 'stale']);
      return verdict('Custom metrics', expr, '{{ $labels.metric }} is past its limit, or is not sent any more');
    }
  }
}

const OBJECTIVE = `{{ $labels.namespace }}/{{ $labels.model }}{{ $labels.pipeline }}: {{ $labels.slo }}`;

function burn(filters: ResolvedFilters): Alertable {
  const series = (more: readonly string[]) => selector(RECORDED.sloState.name, [...sloIdentity(filters), ...more]);
  const expr = inOneOf(SLO_LABELS, series, 'state', ['page', 'stale']);
  const summary = `${OBJECTIVE} burns its budget fast enough to page, or its events are not counted any more`;
  return {
    condition: { ...ofVerdict, title: 'Burn rate of objectives', holdsFor: '1m', severity: 'critical', expr, summary },
  };
}

function budget(filters: ResolvedFilters): Alertable {
  const expr = `min by (${SLO_LABELS}) (${selector(RECORDED.sloBudgetLeft.name, sloIdentity(filters))})`;
  const below = { fires: 'below', threshold: LITTLE_BUDGET, holdsFor: '15m', severity: 'warning' } as const;
  return {
    condition: {
      ...below,
      title: 'Budget of objectives',
      expr,
      summary: `${OBJECTIVE} has less than ${LITTLE_BUDGET * 100} % of its budget left`,
    },
  };
}

function figure(query: FigureQuery, filters: ResolvedFilters): Alertable {
  const { label, by, thresholds } = figureOf(query.kind, query.metric);
  const [part] = figureParts({ ...query, compare: false }, filters, FIGURE_SECONDS);
  const which = by.filter((one) => one !== 'cluster').map((one) => `{{ $labels.${one} }}`);
  const overRange = part?.expr.includes(`[${FIGURE_SECONDS}s]`)
    ? 'It is counted over an hour, as rules know no time range. '
    : '';
  const own = thresholds ? '' : 'What is too much is yours to say: set the threshold.';
  return {
    condition: {
      ...ofVerdict,
      title: `${FIGURE_KINDS[query.kind].label}: ${label}`,
      expr: part?.expr ?? '',
      threshold: thresholds?.critical ?? 0,
      summary: `${which.join(' ')}: ${label}`,
    },
    note: `${overRange}${own}` || undefined,
  };
}

/** Of models the health changes with what happens to them: a rule that filters by it would lose what it watches. */
const WITHOUT_HEALTH = 'The filter on health is left out: a rule would lose what it watches as its health changes.';

/** Alert-ready PromQL of a query. @param asked its filters, without variables */
export function alertableOf(query: ModelwatchQuery, asked: ResolvedFilters): Alertable {
  const found = alertableOfKind(query, { ...asked, health: [] });
  if ('whyNot' in found || !asked.health.length) return found;
  return { ...found, note: [found.note, WITHOUT_HEALTH].filter(Boolean).join(' ') };
}

function alertableOfKind(query: ModelwatchQuery, filters: ResolvedFilters): Alertable {
  switch (query.kind) {
    case 'inventory':
    case 'health-history':
    case 'health-transitions':
      return health(filters);
    case 'drift':
      return drift(subjectIdentity(filters), filters, query.window);
    case 'distribution':
      return distribution(query, filters);
    case 'accuracy':
      return accuracy(filters, query.window);
    case 'fairness':
      return fairness(filters, query.window);
    case 'challengers':
      return challengers(filters, query.window);
    case 'batches':
    case 'coverage':
    case 'custom-metric':
      return stated(filters, query.kind);
    case 'slo-status':
    case 'slo-burn':
      return burn(filters);
    case 'slo-budget':
      return budget(filters);
    default:
      return alertableOfDetail(query, filters);
  }
}

/** What is worked out when it is asked for, and is in no recorded series; and figures, which are. */
function alertableOfDetail(
  query: Exclude<ModelwatchQuery, { kind: 'inventory' | 'drift' | 'distribution' | 'accuracy' }>,
  filters: ResolvedFilters
): Alertable {
  switch (query.kind) {
    case 'accuracy-detail':
      if (isOfPart(filters)) return { whyNot: OF_ALL_ROWS };
      return { ...accuracy(filters, undefined), note: 'On the scores that are made of these pairs.' };
    case 'prediction-history':
      if (isOfPart(filters)) return { whyNot: OF_ALL_ROWS };
      return {
        ...drift([...identity(filters), matcher('subject', '=', 'prediction')], filters, undefined),
        note: 'On the drift of the predictions: percentiles are worked out when they are asked for.',
      };
    case 'accuracy-versions':
      return { whyNot: 'Scores by version are counted when they are asked for. Alert on the query Accuracy.' };
    case 'segments':
      return {
        whyNot:
          'Segments are counted when they are asked for. Alert on the query Fairness, whose groups are judged all the time, or on Drift.',
      };
    case 'exploration':
      return { whyNot: 'Rows are held by the exporter and are no series: nothing can alert on them.' };
    case 'events':
      return { whyNot: 'Events are what the exporter remembers and no series: alert on what they are about.' };
    case 'alerts':
      return { whyNot: 'These are alerts already: their rules are in Prometheus, or in Grafana.' };
    default:
      return figure(query as FigureQuery, filters);
  }
}
