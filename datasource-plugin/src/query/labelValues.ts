/** PromQL for the values of a label that a variable or an editor lists. */
import { EVENT_METRICS, PIPELINE_METRICS, RECORDED, SEGMENT_METRICS } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { identity, sloIdentity } from './identity';
import { anyOf, matcher, selector } from './promql';
import { restriction } from './restriction';
import type { VariableLabel } from './types';

/** One sample for each segment of the models that match, or for each value of it, in the order of the metrics. */
function segmentValues(label: 'segment' | 'segment_value', filters: ResolvedFilters): string {
  const series = selector(SEGMENT_METRICS.segmentPredictions.name, [
    ...identity(filters),
    ...(label === 'segment' ? [matcher('segment', '!=', '')] : anyOf('segment', filters.segment)),
  ]);
  const values = `count by (${label === 'segment' ? 'segment' : 'value'}) (${series})`;
  return label === 'segment' ? values : `label_replace(${values}, "segment_value", "$1", "value", "(.*)")`;
}

/** Versions that made predictions. */
function versions(filters: ResolvedFilters): string {
  return `count by (version) (${selector(EVENT_METRICS.predictions.name, [...identity(filters), matcher('version', '!=', '')])})`;
}

/** Scores of accuracy, those that are judged with the higher number: they have a state also where there are too few pairs. */
function scores(filters: ResolvedFilters): string {
  const of = ({ name }: { readonly name: string }) => `group by (metric) (${selector(name, identity(filters))})`;
  return `2 * ${of(RECORDED.accuracyState)} or ${of(RECORDED.accuracyScore)}`;
}

/** Custom metrics that are declared. */
function customMetrics(filters: ResolvedFilters): string {
  const declared = selector(RECORDED.customMetricInfo.name, identity(filters));
  return `count by (custom_metric) (label_replace(${declared}, "custom_metric", "$1", "metric", "(.+)"))`;
}

/** One sample per value of the label, over the models that match; of features also one without, for predictions. */
export function buildLabelValues(label: VariableLabel, filters: ResolvedFilters): string {
  if (label === 'version') return versions(filters);
  if (label === 'segment' || label === 'segment_value') return segmentValues(label, filters);
  if (label === 'feature')
    return `count by (subject, feature) (${selector(RECORDED.driftState.name, identity(filters))})`;
  if (label === 'metric') return scores(filters);
  if (label === 'slo')
    return `count by (slo) (${selector(RECORDED.sloInfo.name, sloIdentity({ ...filters, slo: [] }))})`;
  if (label === 'custom_metric') return customMetrics(filters);
  if (label === 'pipeline') {
    const ids = [...anyOf('cluster', filters.cluster), ...anyOf('namespace', filters.namespace)];
    return `count by (pipeline) (${selector(PIPELINE_METRICS.pipelineInfo.name, [...ids, matcher('pipeline', '!=', '')])})`;
  }
  const matchers = [
    ...identity(filters),
    ...anyOf('platform', filters.platform),
    ...anyOf('server', filters.server),
    matcher(label, '!=', ''),
  ];
  const series = selector(RECORDED.modelInfo.name, [...new Set(matchers)]);
  return `count by (${label}) (${series}${restriction({ ...filters, platform: [], server: [] }, '')})`;
}
