/** Custom metrics of models: one value for each, whatever its source, and the verdict on it. */
import { ofModel, type RecordedSeries } from './series';

export const RECORDED_CUSTOM = {
  customMetricInfo: ofModel(
    'custom_metric_info',
    ['metric', 'unit', 'aggregation', 'direction', 'window', 'source'],
    'A declared metric, once however many exporters say it; stays while no exporter can tell.'
  ),
  customMetricLimit: ofModel(
    'custom_metric_limit',
    ['metric', 'level', 'side'],
    'Value above which, or below which, the metric is a warning, and critical.'
  ),
  customMetricBaseline: ofModel('custom_metric_baseline', ['metric'], 'What the value normally is, as declared.'),
  customMetricSamples: ofModel(
    'custom_metric_samples',
    ['metric', 'window'],
    'Samples in the window, over all exporters; of gauges and queries there are none. 1d and 7d are sums of hours and end at the last full one, here and below.'
  ),
  customMetricSum: ofModel(
    'custom_metric_sum',
    ['metric', 'window'],
    'Sum of the samples in the window; of a share, those of its category.'
  ),
  customMetricQueried: ofModel(
    'custom_metric_queried',
    ['metric'],
    'Value of a metric whose source is a query, as `modelwatch rules custom` writes it.'
  ),
  customMetricValue: ofModel(
    'custom_metric_value',
    ['metric'],
    'Value of the metric over its window. Absent with fewer samples than needed, and when it is too old.'
  ),
  customMetricState: ofModel(
    'custom_metric_state',
    ['metric', 'state'],
    'Verdict on each metric that has a limit; only the state that holds, value 1.'
  ),
  customMetricLastVerdict: ofModel(
    'custom_metric_last_verdict_timestamp_seconds',
    ['metric', 'status'],
    'When the metric was last judged, by what came of it (ok, warning, critical); one for each metric.'
  ),
} as const satisfies Record<string, RecordedSeries>;
