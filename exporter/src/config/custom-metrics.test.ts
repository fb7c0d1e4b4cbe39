import { configSchema } from './schema';
import { readSettings } from './settings-document';

const METRIC = { name: 'rejected', aggregation: 'share', direction: 'lower_is_better' };

function refused(...customMetrics: object[]): string {
  try {
    readSettings(JSON.stringify({ model: 'risk', customMetrics }), 'settings.yaml');
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

it('takes what is declared in a ConfigMap of the model', () => {
  expect(refused(METRIC)).toBe('');
  expect(
    refused({ ...METRIC, category: 'no', unit: 'percentunit', warning: { above: 0.2 }, critical: { above: 0.2 } })
  ).toBe('');
});

it.each([
  [
    'a name',
    { name: 'Rejected-Share' },
    'customMetrics[0].name: expected a name of at most 63 characters: a to z, 0 to 9 and _, a letter first, got "Rejected-Share"',
  ],
  [
    'an aggregation',
    { aggregation: 'median' },
    'customMetrics[0].aggregation: expected one of sum, average, gauge, share, got "median"',
  ],
  ['a limit of no side', { critical: {} }, 'customMetrics[0].critical: expected above, below or both, got {}'],
  [
    'a critical limit within that of warning',
    { warning: { above: 2 }, critical: { above: 1 } },
    'customMetrics[0].critical.above: expected at least that of warning (2), got 1',
  ],
  [
    'limits between which nothing is',
    { critical: { above: 1, below: 2 } },
    'customMetrics[0].critical.below: expected less than above (1): else no value is within both, got 2',
  ],
  [
    'a category of what has none',
    { aggregation: 'sum', category: 'no' },
    'customMetrics[0].category: expected nothing, unless for a share, got "no"',
  ],
  [
    'samples of a gauge',
    { aggregation: 'gauge', minimumSamples: 5 },
    'customMetrics[0].minimumSamples: expected nothing: a gauge is its last value, got 5',
  ],
  [
    'an expression that is none',
    { expression: 'features.amount >' },
    'customMetrics[0].expression: expected a CEL expression: Unexpected token: EOF, got "features.amount >"',
  ],
])('refuses %s in words', (_, change, message) => {
  expect(refused({ ...METRIC, ...change })).toContain(message);
});

it('refuses a name that is there twice, and more metrics than a model may have', () => {
  expect(refused(METRIC, METRIC)).toContain(
    'customMetrics[1].name: expected a name that no other metric of the model has, got "rejected"'
  );
  const many = Array.from({ length: 51 }, (_, index) => ({ ...METRIC, name: `m${index}` }));
  expect(refused(...many)).toContain('customMetrics: expected a list');
});

it('lets a query be declared by whoever runs the exporter alone, and checks it', () => {
  expect(refused({ ...METRIC, promql: 'sum(x)' })).toContain('customMetrics[0].promql: expected a known key');
  const told = (more: object) =>
    configSchema
      .safeParse({
        monitoring: { models: [{ namespace: 'shop', model: 'risk', customMetrics: [{ ...METRIC, ...more }] }] },
      })
      .error?.issues.map(({ path, message }) => `${path.at(-1)?.toString()}: ${message}`);
  expect(told({ promql: 'sum(x)' })).toBeUndefined();
  expect(told({ promql: 'sum(x' })).toEqual(['promql: PromQL, which breaks off at character 6']);
  expect(told({ promql: 'x', window: '1h', minimumSamples: 3, expression: 'true' })).toEqual([
    'minimumSamples: nothing: a query says itself what it takes',
    'window: nothing: a query says itself what it is of',
    'expression: nothing beside a query',
  ]);
});

it('has none in the defaults: a metric is of one model', () => {
  const { error } = configSchema.safeParse({ monitoring: { defaults: { customMetrics: [METRIC] } } });
  expect(error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: ['customMetrics'] }]);
});
