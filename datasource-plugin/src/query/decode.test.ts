import { decodeQuery, decodeVariableQuery } from './decode';
import { NO_FILTERS, resolveFilters, storedFilters } from './filters';

describe('a stored query', () => {
  it('gets defaults for what is absent', () => {
    expect(decodeQuery({ refId: 'A' })).toEqual({
      refId: 'A',
      version: 2,
      kind: 'inventory',
      sparklines: true,
      filters: {},
    });
    expect(decodeQuery({ refId: 'A', kind: 'service-health' })).toMatchObject({ metric: 'rate', compare: false });
  });

  it.each([
    ['rate', 'rate'],
    ['latency_mean', 'duration_mean'],
    ['latency_p95', 'duration_p95'],
  ])('of version 1 asks for %s under its new name', (metric, now) => {
    expect(decodeQuery({ refId: 'A', version: 1, kind: 'service-metrics', metric })).toMatchObject({
      version: 2,
      kind: 'service-health',
      metric: now,
    });
  });

  it('may name one value without a list', () => {
    expect(decodeQuery({ refId: 'A', kind: 'health-history', filters: { namespace: '$namespace' } }).filters).toEqual({
      namespace: ['$namespace'],
    });
  });

  it('of drift is of the window and the statistic of each model, unless it says so', () => {
    expect(decodeQuery({ refId: 'A', kind: 'drift' })).toEqual({ refId: 'A', version: 2, kind: 'drift', filters: {} });
    expect(decodeQuery({ refId: 'A', kind: 'distribution', window: 'range', method: 'js' })).toMatchObject({
      subject: 'feature',
      window: 'range',
      method: 'js',
    });
  });

  it('keeps what Grafana keeps in it', () => {
    const stored = { refId: 'B', hide: true, datasource: { type: 't', uid: 'u', other: 1 } };
    expect(decodeQuery(stored)).toMatchObject({ hide: true, datasource: { type: 't', uid: 'u' } });
  });

  it.each([
    ['no object', 'inventory', 'query: expected an object, got "inventory"'],
    ['no refId', { kind: 'inventory' }, 'query.refId: expected a string, got undefined'],
    [
      'a kind that does not exist',
      { refId: 'A', kind: 'forecast' },
      'query.kind: expected one of inventory, health-history, health-transitions, drift, distribution, segments, batches, accuracy, accuracy-detail, accuracy-versions, challengers, coverage, custom-metric, exploration, fairness, prediction-history, slo-status, slo-budget, slo-burn, alerts, events, service-health, language-models, experiments, pipelines, resources, endpoints, usage, drift-figures, predictions, accuracy-figures, service-metrics, got "forecast"',
    ],
    [
      'a metric that does not exist',
      { refId: 'A', kind: 'experiments', metric: 'p99' },
      'query.metric: expected one of rate, errors, duration_mean, duration_p95, got "p99"',
    ],
    [
      'a filter that means nothing for the kind',
      { refId: 'A', kind: 'usage', filters: { model: ['m'] } },
      'query.filters.model: expected one of the filters of usage: cluster, namespace, platform, got',
    ],
    [
      'a window that no score has',
      { refId: 'A', kind: 'drift', window: 'range' },
      'query.window: expected one of 10m, 1h, 1d, 7d, got "range"',
    ],
    [
      'a window that no score of accuracy has',
      { refId: 'A', kind: 'accuracy', window: 'range' },
      'query.window: expected one of 10m, 1h, 1d, 7d, got "range"',
    ],
    [
      'a score of what is of all scores',
      { refId: 'A', kind: 'accuracy-detail', filters: { metric: ['auc'] } },
      'query.filters.metric: expected one of the filters of accuracy-detail: cluster, namespace, model, version, age, got',
    ],
    [
      'a version of scores that are recorded of all',
      { refId: 'A', kind: 'accuracy', filters: { version: ['1'] } },
      'query.filters.version: expected one of the filters of accuracy: cluster, namespace, model, metric, got',
    ],
    [
      'a statistic that does not exist',
      { refId: 'A', kind: 'distribution', method: 'mmd' },
      'query.method: expected one of psi, js, kl, hellinger, tvd, linf, chi2, ks, wasserstein, wasserstein_normed, got "mmd"',
    ],
    [
      'a feature of predictions',
      { refId: 'A', kind: 'distribution', subject: 'prediction', filters: { feature: ['amount'] } },
      'query.filters.feature: expected one of the filters of distribution: cluster, namespace, model, version, segment, segment_value, got',
    ],
    [
      'a pipeline among models',
      { refId: 'A', filters: { pipeline: ['p'] } },
      'query.filters.pipeline: expected one of the filters of inventory',
    ],
    [
      'a number among the filters',
      { refId: 'A', filters: { model: ['a', 7] } },
      'query.filters.model[1]: expected a string, got 7',
    ],
    [
      'a misspelt filter',
      { refId: 'A', filters: { namespaces: ['a'] } },
      'query.filters.namespaces: expected one of the filters cluster, namespace, model, platform, health, server, pipeline, feature, version, segment, segment_value, metric, age, slo, custom_metric, got ["a"]',
    ],
    [
      'a later version',
      { refId: 'A', version: 9 },
      'query.version: expected at most 2: this query was stored by a newer data source, got 9',
    ],
  ])('is refused with %s', (_what, stored, message) => {
    expect(() => decodeQuery(stored)).toThrow(message);
  });
});

describe('a stored variable query', () => {
  it('may be the bare label', () => {
    expect(decodeVariableQuery('namespace')).toEqual({
      refId: 'variable',
      version: 2,
      label: 'namespace',
      filters: {},
    });
  });
  it('is refused with a label that has no list', () => {
    expect(() => decodeVariableQuery({ label: 'pod' })).toThrow(
      'variable query.label: expected one of cluster, namespace, model, platform, server, pipeline, feature, version, segment, segment_value, metric, slo, custom_metric, got "pod"'
    );
  });
});

describe('filters', () => {
  const variables: Record<string, string[]> = { $namespace: ['fraud', 'credit'], $all: ['.*'], $none: [''] };
  const values = (text: string): string[] => variables[text] ?? [text];

  it('take all values of a variable, each once', () => {
    expect(resolveFilters({ namespace: ['$namespace', 'fraud'] }, values).namespace).toEqual(['fraud', 'credit']);
  });

  it.each([['$all'], ['$none']])('mean all with %s', (text) => {
    expect(resolveFilters({ namespace: ['fraud', text] }, values)).toEqual(NO_FILTERS);
  });

  it('are stored without the fields that mean all', () => {
    expect(storedFilters({ ...NO_FILTERS, model: ['a'] })).toEqual({ model: ['a'] });
  });
});
