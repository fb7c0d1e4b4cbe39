/** Requests to pipelines, as their gateway or Envoy counted them. */
import { RECORDED } from '@modelwatch/contract';
import { highest, recordedFigure, type Figure, type FigureKindTable } from './figure';

const BY = ['cluster', 'namespace', 'pipeline', 'method'] as const;
const SECONDS = 's';

const of = (series: { name: string; help: string }, label: string, unit: string, thresholds?: Figure['thresholds']) =>
  recordedFigure(series, BY, label, unit, thresholds);

const FIGURES = {
  rate: {
    label: 'Requests per second',
    description: RECORDED.pipelineRequestsRate.help,
    unit: 'reqps',
    by: BY,
    expr: (select) =>
      `sum by (${BY.join(', ')}) (${highest([...BY, 'outcome'], select(RECORDED.pipelineRequestsRate.name))})`,
  },
  rate_by_outcome: recordedFigure(
    RECORDED.pipelineRequestsRate,
    [...BY, 'outcome'],
    'Requests per second by outcome',
    'reqps'
  ),
  errors: of(RECORDED.pipelineErrorsRatio, 'Share of failed requests', 'percentunit', {
    warning: 0.01,
    critical: 0.05,
  }),
  duration_mean: of(RECORDED.pipelineDurationMean, 'Response time, mean', SECONDS),
  duration_p50: of(RECORDED.pipelineDurationP50, 'Response time, median', SECONDS),
  duration_p95: of(RECORDED.pipelineDurationP95, 'Response time, 95th percentile', SECONDS),
  duration_p99: of(RECORDED.pipelineDurationP99, 'Response time, 99th percentile', SECONDS),
} as const satisfies Record<string, Figure>;

export const PIPELINES: FigureKindTable<keyof typeof FIGURES> = {
  label: 'Pipelines',
  description: 'Requests, errors and response time of each pipeline',
  figures: FIGURES,
  fallback: 'rate',
  filters: ['cluster', 'namespace', 'pipeline'],
  ofModels: false,
};
