/**
 * Custom metrics of models. What is counted adds up over time and replicas; what is declared is said alike by every
 * exporter: read it through `max by`.
 */
import { family, MODEL } from './family';

const METRIC = [...MODEL, 'metric'] as const;

export const CUSTOM_METRICS = {
  customMetricSamples: family(
    'custom_metric_samples_total',
    'counter',
    METRIC,
    'Samples of the custom metric that were counted.'
  ),
  customMetricValueSum: family(
    'custom_metric_value_sum_total',
    'counter',
    [...METRIC, 'sign'],
    'Sum of the samples of a sum or an average: over for those above 0, under for those below; both positive.'
  ),
  customMetricMatched: family(
    'custom_metric_matched_total',
    'counter',
    METRIC,
    'Samples of a share that are of its category.'
  ),
  customMetricLastValue: family(
    'custom_metric_last_value',
    'gauge',
    METRIC,
    'The last sample of a gauge; absent before the first.'
  ),
  customMetricLastTimestamp: family(
    'custom_metric_last_timestamp_seconds',
    'gauge',
    METRIC,
    'When the last sample of a gauge was taken: of several exporters the latest holds.'
  ),
  customMetricErrors: family(
    'custom_metric_errors_total',
    'counter',
    [...METRIC, 'reason'],
    'Predictions for which the expression of the metric gave no value, by reason: missing_value, wrong_type, not_finite, other.'
  ),
  customMetricRefused: family(
    'custom_metric_refused_total',
    'counter',
    [...MODEL, 'reason'],
    'Samples that were sent and not counted, by reason; without namespace and model where nothing is declared for these.'
  ),
  customMetricInfo: family(
    'custom_metric_info',
    'gauge',
    [...METRIC, 'unit', 'aggregation', 'direction', 'window', 'source'],
    'A declared metric. window: the span that its value is of, for a gauge how long a value stands; empty where the query says it.'
  ),
  customMetricBaseline: family('custom_metric_baseline', 'gauge', METRIC, 'What the value normally is, as declared.'),
  customMetricLimit: family(
    'custom_metric_limit',
    'gauge',
    [...METRIC, 'level', 'side'],
    'Value above which, or below which, the metric is a warning, and critical.'
  ),
  customMetricRecovery: family(
    'custom_metric_recovery',
    'gauge',
    [...METRIC, 'level', 'side'],
    'Value that the metric must be back at for its state to be left: one that hovers at its limit would come and go.'
  ),
  customMetricSamplesNeeded: family(
    'custom_metric_samples_needed',
    'gauge',
    METRIC,
    'Samples in the window below which there is no value.'
  ),
} as const;
