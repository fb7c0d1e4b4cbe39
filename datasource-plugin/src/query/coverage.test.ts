import { buildParts } from '../testing/parts';
import { decodeQuery } from './decode';
import { NO_FILTERS, type ResolvedFilters } from './filters';
import { buildLabelValues } from './labelValues';

const one: ResolvedFilters = { ...NO_FILTERS, namespace: ['shop'], model: ['risk'] };
const IDS = 'namespace="shop",model="risk"';
const MODEL = 'cluster, namespace, model';

function parts(kind: 'coverage' | 'custom-metric', filters: ResolvedFilters): Record<string, string> {
  return Object.fromEntries(buildParts({ refId: 'A', kind }, filters, 21_600).map(({ name, expr }) => [name, expr]));
}

describe('coverage', () => {
  const figure = (name: string, expr: string) => `label_replace(${expr}, "figure", "${name}", "", "")`;
  const hourly = (counter: string, by = MODEL, more = '') =>
    `sum by (${by}) (increase(modelwatch_${counter}{${IDS}${more}}[1h]))`;
  const lag = (quantile: number) =>
    `histogram_quantile(${quantile}, ${hourly('event_lag_seconds_bucket', `${MODEL}, le`)})`;

  it('asks for what is recorded, and for what counters tell by reason', () => {
    expect(parts('coverage', one)).toEqual({
      now: `{__name__=~"modelwatch:model_coverage|modelwatch:coverage_rows:1h|modelwatch:coverage_ratio:1h|modelwatch:model_last_prediction_timestamp_seconds",${IDS}}`,
      counts: `(${[
        figure('dropped', hourly('events_dropped_total', `${MODEL}, reason`, ',reason!="duplicate"')),
        figure('refused_requests', hourly('ingest_refused_requests_total', `${MODEL}, reason`)),
        figure('actuals', hourly('actuals_total', `${MODEL}, outcome`)),
        figure('expired', hourly('expired_predictions_total')),
        figure('open', `sum by (${MODEL}) (modelwatch_open_predictions{${IDS}})`),
        figure('series_refused', `max by (${MODEL}) (modelwatch_event_series_refused{${IDS}})`),
        figure(
          'sample_ratio',
          `${hourly('predictions_total')} / on (${MODEL}) (${hourly('predictions_represented_total')} > 0)`
        ),
        figure('lag_p50', lag(0.5)),
        figure('lag_p95', lag(0.95)),
      ].join(' or ')})`,
    });
  });

  it('of many models asks for those whose coverage is worst, and for one more to tell that there are others', () => {
    const { now, counts } = parts('coverage', NO_FILTERS);
    const state = (rank: number, name: string) => `${rank} * modelwatch:model_coverage{namespace!="",state="${name}"}`;
    const ranked = ['partial', 'no_reference', 'no_events', 'too_little_data', 'complete']
      .map((name, index) => state(5 - index, name))
      .join(' or ');
    const worst = ` and on (${MODEL}) topk(101, max by (${MODEL}) (${ranked}))`;
    expect(now?.endsWith(worst)).toBe(true);
    expect(counts?.endsWith(`)${worst}`)).toBe(true);
  });
});

describe('custom metrics', () => {
  const ofShare: ResolvedFilters = { ...one, custom_metric: ['rejected_share'] };
  const SHARE = `${IDS},metric="rejected_share"`;
  const OVER_TIME =
    'modelwatch:custom_metric_state|modelwatch:custom_metric_value|modelwatch:custom_metric_limit|modelwatch:custom_metric_baseline';
  const NEEDED = 'modelwatch_custom_metric_samples_needed';

  it('asks for what is recorded of each, for the samples of its own window, and once over the range', () => {
    expect(parts('custom-metric', ofShare)).toEqual({
      now:
        `({__name__=~"${OVER_TIME}|modelwatch:custom_metric_info|modelwatch:custom_metric_last_verdict_timestamp_seconds",${SHARE}}` +
        ` or modelwatch:custom_metric_samples{${SHARE}} and on (${MODEL}, metric, window) modelwatch:custom_metric_info{${SHARE}}` +
        ` or label_replace(max by (${MODEL}, metric) (${NEEDED}{${SHARE}}), "figure", "samples_needed", "", ""))`,
      'custom-history': `{__name__=~"${OVER_TIME}",${SHARE}}`,
    });
  });

  it('of many models asks for those whose verdict is worst, over the range by what they are at its end', () => {
    const { now, 'custom-history': history } = parts('custom-metric', NO_FILTERS);
    const state = (matcher: string, at: string) => `modelwatch:custom_metric_state{namespace!="",${matcher}}${at}`;
    const worst = (at: string) =>
      ` and on (${MODEL}) topk(21, max by (${MODEL}) (3 * ${state('state="critical"', at)} or 2 * ${state('state="warning"', at)}` +
      ` or ${state('state!~"critical|warning"', at)} or 0 * modelwatch:custom_metric_info{namespace!=""}${at}))`;
    expect(now?.endsWith(`)${worst('')}`)).toBe(true);
    expect(history?.endsWith(`}${worst(' @ end()')}`)).toBe(true);
  });

  it('lists their names for a variable', () => {
    expect(buildLabelValues('custom_metric', one)).toBe(
      `count by (custom_metric) (label_replace(modelwatch:custom_metric_info{${IDS}}, "custom_metric", "$1", "metric", "(.+)"))`
    );
  });
});

it('reads stored queries, and refuses filters that mean nothing', () => {
  expect(decodeQuery({ refId: 'A', kind: 'custom-metric', filters: { custom_metric: 'rejected_share' } })).toEqual({
    ...{
      refId: 'A',
      version: 2,
      kind: 'custom-metric',
      show: 'metrics',
      filters: { custom_metric: ['rejected_share'] },
    },
  });
  expect(() => decodeQuery({ refId: 'A', kind: 'custom-metric', show: 'rows' })).toThrow(/query.show.*metrics, values/);
  expect(() => decodeQuery({ refId: 'A', kind: 'coverage', filters: { feature: ['x'] } })).toThrow(
    'query.filters.feature: expected one of the filters of coverage: cluster, namespace, model, got'
  );
  expect(() => decodeQuery({ refId: 'A', kind: 'custom-metric', filters: { metric: ['auc'] } })).toThrow(
    /cluster, namespace, model, custom_metric/
  );
});
