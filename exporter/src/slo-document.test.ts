import { OBJECTIVES } from '@modelwatch/demo';
import { stringify } from 'yaml';
import { ConfigError } from './config/refusals';
import { isPerMinute } from './domain/slo/spec';
import { burnTiers } from './domain/slo/tiers';
import { readSloText } from './slo-document';

function refusal(text: string, boundTo?: string): string {
  try {
    readSloText(text, 'slo.yaml', boundTo);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join('\n');
    throw error;
  }
  return '';
}
const specs = (text: string) => readSloText(text, 'slo.yaml').map(({ spec }) => spec);

describe('objectives in short form', () => {
  const short = (more: string) => `slos:\n  - name: a\n    ${more}\n`;

  it('are of all models over 30 days, unless somebody says otherwise', () => {
    expect(readSloText(short('indicator: availability\n    objective: 0.999'), 'slo.yaml')).toEqual([
      {
        spec: {
          ...{ name: 'a', subject: 'models', selector: {}, indicator: 'availability', objective: 0.999 },
          ...{ window: '30d', method: 'occurrences' },
        },
        place: 'slo.yaml line 2',
        warnings: [],
      },
    ]);
  });

  it('have a threshold in the words of their indicator', () => {
    const [accuracy, cost, latency] = specs(`
slos:
  - { name: a, indicator: accuracy, metric: f1, atLeast: 0.8, objective: 0.95, models: { names: [risk] } }
  - { name: b, indicator: cost, atMost: 0.02, currency: EUR, objective: 0.95 }
  - { name: c, indicator: latency, thresholdSeconds: 0.25, objective: 0.99, pipelines: { namespaces: [bank] } }
`);
    expect(accuracy).toMatchObject({
      score: 'f1',
      threshold: { op: 'gte', value: 0.8 },
      selector: { names: ['risk'] },
    });
    expect(cost).toMatchObject({ currency: 'EUR', threshold: { op: 'lte', value: 0.02 } });
    expect(latency).toMatchObject({ thresholdSeconds: 0.25, subject: 'pipelines', selector: { namespaces: ['bank'] } });
  });

  it.each([
    [
      'indicator: availability\n    objective: 1',
      'objective: expected a share below 1: 1 leaves no budget, got 1 (slo.yaml line 4)',
    ],
    ['indicator: availability\n    objective: 99.9', 'objective: expected a share: 0.999, got 99.9'],
    ['indicator: availability\n    objective: 0', 'objective: expected a share above 0 and below 1, got 0'],
    ['indicator: availability\n    objective: 100', 'objective: expected a share above 0 and below 1, got 100'],
    ['indicator: query\n    objective: 0.9', 'indicator: expected one of availability, latency'],
    [
      'indicator: latency\n    objective: 0.9',
      'thresholdSeconds: expected a number of seconds, for latency, got nothing',
    ],
    [
      'indicator: drift\n    objective: 0.9\n    thresholdSeconds: 1',
      'thresholdSeconds: expected nothing: it is of latency',
    ],
    [
      'indicator: drift\n    objective: 0.9\n    method: timeslices\n    sliceTarget: 0.9',
      'method: expected occurrences: drift judges minutes as it is',
    ],
    [
      'indicator: availability\n    objective: 0.9\n    method: timeslices',
      'sliceTarget: expected a share above 0, up to 1, for timeslices, got nothing',
    ],
    [
      'indicator: accuracy\n    objective: 0.9\n    metric: rmse\n    atLeast: 3',
      'atLeast: expected atMost: of rmse a lower value is better, got 3',
    ],
    [
      'indicator: accuracy\n    objective: 0.9\n    metric: f1\n    atMost: 3',
      'atLeast: expected a number, for f1, got nothing',
    ],
    [
      'indicator: cost\n    objective: 0.9\n    atMost: 3',
      'currency: expected a currency, as EUR, for cost, got nothing',
    ],
    [
      'indicator: availability\n    objective: 0.9\n    window: 1M',
      'window: expected one of 7d, 14d, 28d, 30d, 90d, got "1M"',
    ],
    [
      'indicator: drift\n    objective: 0.9\n    pipelines: {}',
      'indicator: expected of pipelines one of availability, latency, got "drift"',
    ],
    [
      'indicator: availability\n    objective: 0.9\n    models: { name: [a] }',
      'models.name: expected a known key, did you mean names?',
    ],
    [
      'indicator: availability\n    objective: 0.9\n    alerts: { tiers: [{ severity: page, long: 5m, short: 1h, burnRate: 2 }] }',
      'alerts.tiers[0].short: expected a window shorter than 5m, got "1h"',
    ],
    ['indicator: availability\n    objective: .nan', 'objective: expected a number'],
  ])('%#. are refused with path, expectation, value and line', (more, expected) => {
    expect(refusal(short(more))).toContain(expected);
  });

  it('of a ConfigMap are of models of its namespace', () => {
    const of = (namespaces: string) =>
      short(`indicator: availability\n    objective: 0.9\n    models: { namespaces: [${namespaces}] }`);
    expect(readSloText(of('bank'), 'slo.yaml', 'bank')[0]?.boundTo).toBe('bank');
    expect(refusal(of('shop'), 'bank')).toBe(
      'models.namespaces: expected bank, since a ConfigMap speaks for models of its namespace, got "shop" (slo.yaml line 2)'
    );
  });
});

/** One SLO with its indicator inline; each test changes a line of it. */
const SLO = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: answered
  annotations:
    modelwatch.io/models: payments/risk
    example.com/team: theirs
spec:
  service: risk
  description: Answers
  indicator:
    metadata: { name: errors }
    spec:
      ratioMetric:
        counter: true
        bad: { metricSource: { type: Prometheus, spec: { query: 'sum(errors_total{m=~"a|b"}) / 2' } } }
        total: { metricSource: { type: Prometheus, spec: { query: 'sum by (x) (requests_total)' } } }
  timeWindow:
    - duration: 4w
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - displayName: Most
      targetPercent: 99.9
`;
const with_ = (from: string | RegExp, to: string) => {
  const text = SLO.replace(from, to);
  if (text === SLO) throw new Error(`nothing of the document is ${from}`);
  return text;
};
const INDICATOR = / {2}indicator:\n( {4}.*\n)+/;
const OWN = INDICATOR; // replaced by one of ours
const ours = (indicator: string, objective: string) =>
  with_(
    OWN,
    `  indicator:\n    metadata: { name: i, annotations: { modelwatch.io/indicator: ${indicator} } }\n    spec: {}\n`
  ).replace('targetPercent: 99.9', objective);

describe('OpenSLO', () => {
  it('with PromQL is an objective whose counters are taken as rates before they are summed', () => {
    expect(readSloText(SLO, 'slo.yaml')).toEqual([
      {
        spec: {
          ...{ name: 'answered', subject: 'models', selector: { namespaces: ['payments'], names: ['risk'] } },
          ...{ indicator: 'query', objective: 0.999, window: '28d', method: 'occurrences', description: 'Answers' },
          query: {
            kind: 'bad',
            events: 'sum(rate(errors_total{m=~"a|b"}[5m])) / 2',
            total: 'sum by (x) (rate(requests_total[5m]))',
          },
        },
        place: 'slo.yaml line 1 column 1',
        warnings: [],
      },
    ]);
  });

  it('takes what is a rate already as it is', () => {
    const text = with_('sum by (x) (requests_total)', 'sum(rate(requests_total[2m]))');
    expect(specs(text)[0]?.query).toMatchObject({ total: 'sum(rate(requests_total[2m]))' });
  });

  it('with an annotation is one of our indicators, over many models', () => {
    const text = ours('latency', 'op: lte\n      value: 0.25\n      target: 0.99').replace(
      'payments/risk',
      "'payments/*'"
    );
    expect(specs(text)).toEqual([
      {
        ...{ name: 'answered', subject: 'models', selector: { namespaces: ['payments'], names: ['*'] } },
        ...{ indicator: 'latency', objective: 0.99, window: '28d', method: 'occurrences', description: 'Answers' },
        thresholdSeconds: 0.25,
      },
    ]);
  });

  it('says that queries beside such an annotation are not used', () => {
    const text = with_(
      'metadata: { name: errors }',
      'metadata: { name: errors, annotations: { modelwatch.io/indicator: availability } }'
    );
    expect(readSloText(text, 'slo.yaml')[0]?.warnings).toEqual([
      'the queries of errors are not used: modelwatch.io/indicator says what is counted',
    ]);
  });

  it('with several objectives is one each, told apart by number', () => {
    const text = with_('      targetPercent: 99.9\n', '      targetPercent: 99.9\n    - target: 0.95\n');
    expect(specs(text).map(({ name, objective }) => [name, objective])).toEqual([
      ['answered-1', 0.999],
      ['answered-2', 0.95],
    ]);
  });

  it('takes a threshold with its operator literally', () => {
    const text = with_(
      / {6}ratioMetric:\n( {8}.*\n)+/,
      '      thresholdMetric: { metricSource: { spec: { query: lag_seconds } } }\n'
    ).replace('targetPercent', 'op: lt\n      value: 5\n      targetPercent');
    expect(specs(text)[0]?.query).toEqual({ kind: 'threshold', value: 'lag_seconds', op: 'lt', threshold: 5 });
  });

  it('takes a ratio as it is', () => {
    const raw = '      ratioMetric: { rawType: success, raw: { metricSource: { spec: { query: good_ratio } } } }\n';
    const text = with_(/ {6}ratioMetric:\n( {8}.*\n)+/, raw);
    expect(specs(text)[0]?.query).toEqual({ kind: 'success_ratio', ratio: 'good_ratio' });
  });

  it('resolves what refers to other documents', () => {
    const text =
      with_(INDICATOR, '  indicatorRef: errors\n  alertPolicies: [{ alertPolicyRef: fast }]\n') +
      `---
apiVersion: openslo/v1
kind: SLI
metadata: { name: errors }
spec: { ratioMetric: { good: &m { metricSource: { metricSourceRef: prom, spec: { query: a } } }, total: *m } }
---
apiVersion: openslo/v1
kind: DataSource
metadata: { name: prom }
spec: { type: prometheus, connectionDetails: { url: http://prometheus } }
---
apiVersion: openslo/v1
kind: Service
metadata: { name: risk }
spec: { description: Risk }
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: { name: fast }
spec:
  alertWhenBreaching: true
  conditions: [{ conditionRef: burn }]
  notificationTargets: [{ targetRef: people }]
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: { name: burn }
spec: { severity: page, condition: { kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h, alertAfter: 0m } }
---
apiVersion: openslo/v1
kind: AlertNotificationTarget
metadata: { name: people }
spec: { target: slack }
`;
    const [declared] = readSloText(text, 'slo.yaml');
    expect(declared?.spec.query).toEqual({ kind: 'good', events: 'a', total: 'a' });
    expect(declared?.spec.alerts).toEqual({ tiers: [{ severity: 'page', long: '1h', short: '5m', burnRate: 14.4 }] });
    expect(declared?.warnings).toEqual([
      'notification targets of fast are not used: Alertmanager routes by owner and severity',
    ]);
    expect(refusal(text.replace('metricSourceRef: prom', 'metricSourceRef: other'))).toContain(
      'metricSourceRef: expected the name of a DataSource that stands beside it, got "other" (slo.yaml line 24 column 51)'
    );
    expect(refusal(text.replace('op: gt,', 'op: lte,'))).toContain(
      'spec.condition.op: expected gt or gte: taken at its word this alerts while the budget does not burn, got "lte"'
    );
    expect(refusal(text.replace('lookbackWindow: 1h', 'lookbackWindow: 90m'))).toContain(
      'spec.condition.lookbackWindow: expected one of 1h, 6h, 1d, 3d, got "90m"'
    );
    expect(refusal(text.replace('alertAfter: 0m', 'alertAfter: 5m'))).toContain(
      'spec.condition.alertAfter: expected 0m'
    );
    expect(refusal(text.replace('conditions: [{ conditionRef: burn }]', 'conditions: []'))).toContain(
      'spec.conditions: expected just one condition'
    );
  });

  it.each([
    [
      with_('openslo/v1', 'openslo/v1alpha'),
      'apiVersion: expected openslo/v1, got "openslo/v1alpha" (slo.yaml line 1 column 1)',
    ],
    [with_('openslo/v1', 'openslo.com/v2alpha'), 'apiVersion: expected openslo/v1, got "openslo.com/v2alpha"'],
    [with_('kind: SLO', 'kind: Objective'), 'kind: expected one of SLO, SLI, Service'],
    [with_('name: answered', 'name: Answered!'), 'metadata.name: expected at most 63 characters'],
    [
      with_('duration: 4w', 'duration: 1m'),
      'spec.timeWindow[0].duration: expected one of 7d, 14d, 28d, 30d, 90d (m is a minute, M would be a month), got "1m" (slo.yaml line 19 column 7)',
    ],
    [with_('duration: 4w', 'duration: 1M'), 'a month, quarter or year has no fixed length, got "1M"'],
    [
      with_('isRolling: true', 'isRolling: false'),
      'spec.timeWindow[0].isRolling: expected true: only windows that roll',
    ],
    [with_('isRolling: true', 'calendar: { timeZone: UTC }'), 'spec.timeWindow[0].calendar: expected no calendar'],
    [
      with_('budgetingMethod: Occurrences', 'budgetingMethod: Sometimes'),
      'spec.budgetingMethod: expected one of Occurrences, Timeslices, RatioTimeslices, got "Sometimes"',
    ],
    [
      with_('budgetingMethod: Occurrences', 'budgetingMethod: Timeslices'),
      'sliceTarget: expected a share above 0, up to 1, for timeslices, got nothing',
    ],
    [
      with_('targetPercent: 99.9', 'targetPercent: 100'),
      'spec.objectives[0].targetPercent: expected a percentage above 0 and below 100: 100 leaves no budget, got 100 (slo.yaml line 24 column 7)',
    ],
    [with_('targetPercent: 99.9', 'target: 99.9'), 'spec.objectives[0].target: expected a share: 0.999, got 99.9'],
    [
      with_('targetPercent: 99.9', 'targetPercent: 99.9\n      target: 0.9'),
      'spec.objectives[0].targetPercent: expected target or targetPercent, not both',
    ],
    [
      with_('targetPercent: 99.9', 'op: lte\n      targetPercent: 99.9'),
      'spec.objectives[0].op: expected nothing: op and value are of a thresholdMetric',
    ],
    [
      with_('targetPercent: 99.9', 'targetPercent: 99.9\n      compositeWeight: 2'),
      'spec.objectives[0].compositeWeight: expected no composite SLO',
    ],
    [
      with_('bad:', 'good: { metricSource: { spec: { query: a } } }\n        bad:'),
      'ratioMetric.bad: expected good or bad, not both',
    ],
    [
      with_('sum by (x) (requests_total)', 'sum by (x) (requests_total'),
      'query: expected PromQL, which breaks off at character',
    ],
    [
      with_("type: Prometheus, spec: { query: 'sum(e", "type: Datadog, spec: { query: 'sum(e"),
      'metricSource.type: expected Prometheus, the only source that rules read, got "Datadog"',
    ],
    [
      with_('payments/risk', "'payments/*'"),
      'metadata.annotations.modelwatch.io/models: expected one model as namespace/name, since its rules name it',
    ],
    [
      with_('payments/risk', 'risk'),
      'metadata.annotations.modelwatch.io/models: expected namespace/name, each with * for anything, got "risk"',
    ],
    [
      with_('modelwatch.io/models', 'modelwatch.io/model'),
      'metadata.annotations.modelwatch.io/model: expected one of modelwatch.io/indicator',
    ],
    [with_('  service: risk', '  servce: risk'), 'spec.servce: expected a known key, one of description, service'],
    [
      with_(INDICATOR, '  indicatorRef: errors\n'),
      'spec.indicatorRef: expected the name of a SLI that stands beside it, got "errors"',
    ],
    [ours('latency', 'target: 0.9'), 'thresholdSeconds: expected a number of seconds, for latency, got nothing'],
    [
      ours('latency', 'op: gte\n      value: 1\n      target: 0.9'),
      'spec.objectives[0].op: expected lte: less time is better',
    ],
    [
      ours('drift', 'op: lte\n      value: 1\n      target: 0.9'),
      'spec.objectives[0].op: expected nothing: the indicator has no threshold',
    ],
    [`${SLO}---\n${SLO}`, 'metadata.name: expected one SLO answered, and there is another in slo.yaml line 1 column 1'],
    ['apiVersion: openslo/v1\nkind: [', 'slo.yaml line 2 column'],
  ])('%#. is refused by name, with line and column', (text, expected) => {
    expect(refusal(text)).toContain(expected);
  });

  it('of a ConfigMap has no queries', () => {
    expect(refusal(SLO, 'payments')).toMatch(/^indicator: expected an indicator of ours, got a query, .*sloFiles/);
  });

  it('is read in bounded time, however deep', () => {
    const began = performance.now();
    expect(refusal(`apiVersion: openslo/v1\nkind: ${'{a: '.repeat(10_000)}`)).toContain('nested over 20 deep');
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

it('takes those of the demo, each with alerts that can hold', () => {
  const declared = readSloText(stringify({ slos: OBJECTIVES }), 'slo.yaml');
  expect(declared.length).toBe(OBJECTIVES.length);
  const tiers = declared.map(({ spec }) => burnTiers({ ...spec, perMinute: isPerMinute(spec) }));
  expect(tiers.map((each) => [each.tiers.length, each.warnings])).toEqual(declared.map(() => [4, []]));
});
