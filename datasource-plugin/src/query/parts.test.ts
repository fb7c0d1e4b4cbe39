import { METRICS, RECORDED } from '@modelwatch/contract';
import { inspect } from '../testing/inspect';
import { buildParts } from '../testing/parts';
import { CHECKS } from './checks';
import { FIGURE_KINDS, type FigureKind } from './figures';
import { NO_FILTERS, type ResolvedFilters } from './filters';
import { buildLabelValues } from './labelValues';
import { HISTORY_MAX_POINTS, SPARKLINE_MAX_POINTS, stepSeconds } from './step';
import type { FigureQuery, ModelwatchQuery } from './types';

const BY = '(cluster, namespace, model)';
const inventory: ModelwatchQuery = { refId: 'A', kind: 'inventory', sparklines: true };
const everyFilter: ResolvedFilters = {
  cluster: ['eu'],
  namespace: ['fraud', 'credit'],
  model: ['a"b\\c', 'v1.2|x'],
  platform: ['seldon'],
  health: ['failed', 'stale'],
  server: ['triton'],
  pipeline: ['triage'],
  feature: ['amount'],
  version: ['v1'],
  segment: ['region'],
  segment_value: ['EU'],
  metric: ['auc'],
  age: ['1h'],
  slo: ['answered'],
  custom_metric: ['rejected_share'],
};

function parts(query: ModelwatchQuery, filters: Partial<ResolvedFilters> = {}): Record<string, string> {
  const built = buildParts(query, { ...NO_FILTERS, ...filters }, 3_600);
  return Object.fromEntries(built.map(({ name, expr }) => [name, expr]));
}

const EVERY_EXPRESSION: Array<[string, string]> = [
  inventory,
  { refId: 'A', kind: 'health-history' } as const,
  { refId: 'A', kind: 'health-transitions' } as const,
  { refId: 'A', kind: 'drift' } as const,
  { refId: 'A', kind: 'coverage' } as const,
  { refId: 'A', kind: 'custom-metric' } as const,
  { refId: 'A', kind: 'drift', window: '1h' } as const,
  ...(Object.keys(FIGURE_KINDS) as FigureKind[]).flatMap((kind) =>
    Object.keys(FIGURE_KINDS[kind].figures).map((metric) => ({ refId: 'A', kind, metric, compare: true }) as const)
  ),
].flatMap((query) =>
  [NO_FILTERS, everyFilter].flatMap((filters) =>
    buildParts(query, filters, 3_600).map(({ name, expr }): [string, string] => [`${query.kind} ${name}`, expr])
  )
);
const oneModel = { ...everyFilter, namespace: ['fraud'], model: ['a"b\\c'] };
EVERY_EXPRESSION.push(
  ...([undefined, 'range', '1d'] as const).flatMap((window) =>
    [
      { refId: 'A', kind: 'segments' } as const,
      { refId: 'A', kind: 'distribution' } as const,
      { refId: 'A', kind: 'distribution', subject: 'prediction' } as const,
    ].flatMap((query) =>
      buildParts({ ...query, ...(window && { window }) }, { ...oneModel, version: [] }, 3_600).map(
        ({ name, expr }): [string, string] => [`${query.kind} by segment ${name}`, expr]
      )
    )
  )
);

describe('inventory', () => {
  it('asks seven questions, the sparklines included', () => {
    expect(parts(inventory)).toEqual({
      state:
        '{__name__=~"modelwatch:model_health|modelwatch:model_channel|modelwatch:model_serving_reason|modelwatch:model_info",namespace!=""} == 1',
      numbers:
        '{__name__=~"modelwatch:model_replicas_desired|modelwatch:model_replicas_available|modelwatch:model_last_observed_timestamp_seconds|modelwatch:model_last_transition_timestamp_seconds|modelwatch:inference_last_request_timestamp_seconds|modelwatch:inference_requests:1d|modelwatch:inference_errors_ratio:5m|modelwatch:inference_slow_ratio:5m",namespace!=""}' +
        ` or label_replace(min by ${BY} (modelwatch:slo_budget_left_ratio{namespace!="",model!=""} unless on (cluster, namespace, model, pipeline, slo) modelwatch:slo_state{namespace!="",model!="",state=~"too_little_data|stale"} == 1), "__name__", "modelwatch:slo_budget_left_ratio", "", "")`,
      rate: `sum by ${BY} (max by (cluster, namespace, model, outcome) (modelwatch:inference_requests_rate:5m{namespace!=""}))`,
      drifted:
        '({__name__=~"modelwatch:drift_state|modelwatch:drift_score",namespace!=""}' +
        ' and on (cluster, namespace, model, window) modelwatch:drift_settings_info{namespace!=""}' +
        ' and on (cluster, namespace, model, reference, subject, feature) modelwatch:drift_state{namespace!="",state=~"critical|warning"}' +
        ' or {__name__=~"modelwatch:drift_threshold|modelwatch_feature_importance_ratio|modelwatch_drift_subject_info",namespace!=""}' +
        ' or modelwatch:drift_settings_info{namespace!=""})' +
        ` and on ${BY} modelwatch:model_channel{namespace!="",channel="drift",status=~"critical|warning"} == 1`,
      misjudged:
        '({__name__=~"modelwatch:accuracy_state|modelwatch:accuracy_score",namespace!=""}' +
        ' and on (cluster, namespace, model, window) modelwatch:accuracy_settings_info{namespace!=""}' +
        ' and on (cluster, namespace, model, metric, window) modelwatch:accuracy_state{namespace!="",state=~"critical|warning"}' +
        ' or {__name__=~"modelwatch:accuracy_limit|modelwatch:accuracy_baseline",namespace!=""}' +
        ' or modelwatch:accuracy_settings_info{namespace!=""})' +
        ` and on ${BY} modelwatch:model_channel{namespace!="",channel="accuracy",status=~"critical|warning"} == 1`,
      unfair:
        '({__name__=~"modelwatch:fairness_state|modelwatch:fairness_score",namespace!=""}' +
        ' and on (cluster, namespace, model, segment, window) modelwatch:fairness_settings_info{namespace!=""}' +
        ' and on (cluster, namespace, model, segment, value, metric, window) modelwatch:fairness_state{namespace!="",state=~"critical|warning"}' +
        ' or modelwatch:fairness_limit{namespace!=""})' +
        ` and on ${BY} modelwatch:model_channel{namespace!="",channel="fairness",status=~"critical|warning"} == 1`,
      'rate-history': `sum by ${BY} (max by (cluster, namespace, model, outcome) (modelwatch:inference_requests_rate:5m{namespace!=""}))`,
    });
  });

  it('asks six without sparklines', () => {
    expect(Object.keys(parts({ ...inventory, sparklines: false }))).toEqual([
      ...['state', 'numbers', 'rate', 'drifted', 'misjudged', 'unfair'],
    ]);
  });

  it('puts every filter on every selector and escapes what is not plain', () => {
    // Escaped twice: once for the regular expression, once for the string it stands in.
    const ids = String.raw`cluster="eu",namespace=~"fraud|credit",model=~"a\"b\\\\c|v1\\.2\\|x"`;
    expect(parts(inventory, everyFilter)['rate']).toBe(
      `sum by ${BY} (max by (cluster, namespace, model, outcome) (modelwatch:inference_requests_rate:5m{${ids}}))` +
        ` and on ${BY} modelwatch:model_info{${ids},platform="seldon",server="triton"}` +
        ` and on ${BY} modelwatch:model_health{${ids},health=~"failed|stale"} == 1`
    );
  });

  it('chooses the models of a sparkline by what they are at its end', () => {
    expect(parts(inventory, { health: ['failed'] })['rate-history']).toContain(
      ` and on ${BY} modelwatch:model_health{namespace!="",health="failed"} @ end() == 1`
    );
  });
});

describe('over time', () => {
  it('reads the health that is recorded, worst or not, as series that hold', () => {
    expect(parts({ refId: 'A', kind: 'health-history' }, { model: ['fraud-detector'] })).toEqual({
      'health-history':
        'max by (cluster, namespace, model, health) (modelwatch:model_health{namespace!="",model="fraud-detector"}) == 1',
    });
  });

  it('keeps the health that is left when transitions are filtered by the one that is entered', () => {
    expect(parts({ refId: 'A', kind: 'health-transitions' }, { health: ['failed'] })['health-history']).toBe(
      'max by (cluster, namespace, model, health) (modelwatch:model_health{namespace!=""}) == 1'
    );
  });

  it.each([
    ['errors', `max by ${BY} (modelwatch:inference_errors_ratio:5m{namespace="fraud"})`],
    ['duration_mean', `max by ${BY} (modelwatch:inference_duration_mean_seconds:5m{namespace="fraud"})`],
    ['duration_p95', `max by ${BY} (modelwatch:inference_duration_p95_seconds:5m{namespace="fraud"})`],
  ] as const)('reads %s from its recorded series', (metric, expr) => {
    expect(parts({ refId: 'A', kind: 'service-health', metric }, { namespace: ['fraud'] })).toEqual({ metric: expr });
  });
});

describe('figures', () => {
  const expr = (query: Omit<FigureQuery, 'refId'>, filters: Partial<ResolvedFilters> = {}) =>
    parts({ refId: 'A', ...query }, filters)['metric'];

  it('sum the rate over its outcomes, once however many Prometheus servers hold it', () => {
    expect(expr({ kind: 'service-health', metric: 'rate' }, { model: ['m'] })).toBe(
      `sum by ${BY} (max by (cluster, namespace, model, outcome) (modelwatch:inference_requests_rate:5m{namespace!="",model="m"}))`
    );
  });

  it('ask for the period before by an offset on every selector, and choose models by what they are now', () => {
    const built = buildParts(
      { refId: 'A', kind: 'service-health', metric: 'errors', compare: true },
      { ...NO_FILTERS, server: ['triton'] },
      86_400
    );
    expect(built.map(({ name }) => name)).toEqual(['metric', 'before']);
    expect(built[1]?.expr).toBe(
      `(max by ${BY} (modelwatch:inference_errors_ratio:5m{namespace!=""} offset 86400s))` +
        ` and on ${BY} modelwatch:model_info{namespace!="",server="triton"} @ end()`
    );
  });

  it('say over the time range what is a share or a sum of it', () => {
    expect(expr({ kind: 'service-health', metric: 'uptime' })).toBe(
      `max by ${BY} (avg_over_time(modelwatch:model_up{namespace!=""}[3600s]))`
    );
    expect(expr({ kind: 'usage', metric: 'gpu_hours' }, { platform: ['kserve'] })).toBe(
      'max by (cluster, namespace, platform, server_type) (sum_over_time(modelwatch:usage_gpu_hours{platform="kserve",namespace!=""}[3600s]))'
    );
  });

  it('of servers are narrowed by server', () => {
    expect(expr({ kind: 'endpoints', metric: 'up' }, { namespace: ['a'], server: ['triton', 'llm'] })).toBe(
      'min by (cluster, namespace, server, replica) (modelwatch_endpoint_up{namespace="a",server=~"triton|llm"})'
    );
  });
});

describe('every expression', () => {
  const withValues = [
    ...EVERY_EXPRESSION,
    ['model values', buildLabelValues('model', everyFilter)] as [string, string],
    ['custom metric values', buildLabelValues('custom_metric', everyFilter)] as [string, string],
    ['namespace values', buildLabelValues('namespace', NO_FILTERS)] as [string, string],
  ];

  it.each([...withValues, ...Object.entries(CHECKS)])('%s is PromQL without a bare selector: %s', (_name, expr) => {
    expect(inspect(expr)).toMatchObject({ errors: 0, bareSelectors: [] });
  });

  it.each(EVERY_EXPRESSION)('%s groups by cluster wherever it groups', (_name, expr) => {
    expect(inspect(expr).groupings.filter((labels) => !labels.includes('cluster'))).toEqual([]);
  });

  it.each([...withValues, ...Object.entries(CHECKS)])('%s reads only names of the contract', (_name, expr) => {
    const buckets = [METRICS.actualDelay, METRICS.eventLag].map(({ name }) => `${name}_bucket`);
    const known = new Set([
      ...[...Object.values(METRICS), ...Object.values(RECORDED)].map(({ name }) => name),
      ...buckets,
    ]);
    const names = expr.match(/modelwatch[_:][a-zA-Z0-9_:]+/g) ?? [];
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('label values', () => {
  it('lists the values of a label over the models that match', () => {
    expect(buildLabelValues('model', { ...NO_FILTERS, namespace: ['fraud'], platform: ['kserve'] })).toBe(
      'count by (model) (modelwatch:model_info{namespace="fraud",platform="kserve",model!=""})'
    );
  });

  it('does not say a matcher twice', () => {
    expect(buildLabelValues('namespace', NO_FILTERS)).toBe(
      'count by (namespace) (modelwatch:model_info{namespace!=""})'
    );
  });
});

describe('step', () => {
  const HOUR = 3_600_000;
  it.each([
    [1 * HOUR, 5_000, SPARKLINE_MAX_POINTS],
    [6 * HOUR, 30_000, SPARKLINE_MAX_POINTS],
    [24 * 30 * HOUR, 60_000, HISTORY_MAX_POINTS],
    [1, 1, SPARKLINE_MAX_POINTS],
  ])('of %d ms with interval %d ms gives at most %d points', (rangeMs, intervalMs, maxPoints) => {
    const step = stepSeconds(rangeMs, intervalMs, maxPoints);
    expect(rangeMs / 1000 / step + 2).toBeLessThanOrEqual(maxPoints);
    expect(step * 1000).toBeGreaterThanOrEqual(intervalMs);
  });

  it('keeps the interval of the panel where that is coarser', () => {
    expect(stepSeconds(HOUR, 300_000, SPARKLINE_MAX_POINTS)).toBe(300);
  });
});

describe('segments', () => {
  const query: ModelwatchQuery = { refId: 'A', kind: 'segments' };
  const one = { namespace: ['shop'], model: ['risk'] };

  it('are of one model', () => {
    expect(() => parts(query)).toThrow('Segments are of one model: choose one namespace, not all.');
    expect(() => parts(query, { ...one, model: ['a', 'b'] })).toThrow('choose one model, not 2.');
    expect(parts(query, { ...one, segment: ['region'] })['rows']).toBe(
      'sum by (cluster, namespace, model, reference, segment, value, subject, feature, bin) (increase(modelwatch_segment_observations_total{namespace="shop",model="risk",segment="region"}[3600s]))' +
        ' or sum by (cluster, namespace, model, segment, value) (increase(modelwatch_segment_predictions_total{namespace="shop",model="risk",segment="region"}[3600s]))'
    );
  });

  it('narrow a distribution to one value; where there is none to choose, nothing is asked', () => {
    const stored: ModelwatchQuery = {
      refId: 'A',
      kind: 'distribution',
      subject: 'feature',
      window: '1d',
      filters: { segment: ['$segment'], segment_value: ['$segment_value'] },
    };
    const of = { ...one, feature: ['amount'] };
    const found = parts(stored, { ...of, segment: ['region'], segment_value: ['EU'] });
    expect(Object.keys(found)).toEqual(['now', 'bins', 'rows']);
    expect(found['rows']).toContain(
      'modelwatch_segment_observations_total{namespace="shop",model="risk",feature="amount",subject="feature",segment="region",value="EU"}[1d]'
    );
    expect(parts(stored, of)).toEqual({});
    expect(parts({ ...stored, filters: {} }, of)['rows']).not.toContain('segment');
    expect(() => parts(stored, { ...of, segment: ['region'], segment_value: ['EU', 'US'] })).toThrow(
      'A distribution is of one segment: choose one value of it.'
    );
    expect(() => parts(stored, { ...of, segment: ['region'], version: ['v1'] })).toThrow('choose no version');
  });
});
