/**
 * Scores of accuracy and what becomes of them. One sample a minute, unless said. The scores of accuracy-scores.json are scikit-learn's;
 * vector A is a brute-force count of pairs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  beyondLimit,
  beyondLimitQuery,
  RECORDED,
  type AccuracyState,
  type ChannelStatus,
  type JudgedScore,
} from '@modelwatch/contract';
import { WORST_ACCURACY_QUERY } from '../../../exporter/src/http/worst-accuracy';
import type { AlertExpectation, Expectation, RuleVector } from '../../support/promtool';
import { A, B, values } from './story';

type Input = Readonly<Record<string, string>>;
export const ACCURACY_INTERVAL_SECONDS = 60;
const SAMPLES = 700;
const RUNBOOK = 'https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks';
const M = 'namespace="ns", model="m"';
const ID = 'model="m", namespace="ns"';

interface Case {
  readonly name: string;
  readonly task: string;
  readonly positiveClass?: string;
  readonly pairs: number;
  readonly outcomes?: readonly { readonly predicted: string; readonly actual: string; readonly pairs: number }[];
  readonly bins?: readonly Readonly<Record<'negatives' | 'positives' | 'upTo' | 'scores', number>>[];
  readonly sums?: Readonly<Record<string, number>>;
  readonly scores: Readonly<Record<string, number>>;
}
const CASES = JSON.parse(readFileSync(join(__dirname, '../fixtures/accuracy-scores.json'), 'utf8')) as readonly Case[];

/** Labels of a counter: every version and age adds up. */
const pair = (more = '', version = '1', target = A) =>
  `{${[M, `version="${version}", age="1h", ${target}`, more].filter(Boolean).join(', ')}}`;
const hourly = (count: number) => `0+${count / 60}x${SAMPLES}`;

interface Watched {
  readonly task?: string;
  readonly window?: string;
  readonly positiveClass?: string;
  readonly rowsNeeded?: number;
  readonly limits?: Readonly<Record<string, readonly [warning: number, critical: number]>>;
  readonly baseline?: Readonly<Record<string, number>>;
  readonly target?: string;
  readonly shown?: (value: number) => string;
}

/** What an exporter says of the settings of the model. */
function watched(of: Watched = {}): Input {
  const { task = 'classification', window = '1h', positiveClass = '', rowsNeeded = 100, limits = {} } = of;
  const { baseline = {}, target = A, shown = (value: number) => `${value}x${SAMPLES}` } = of;
  const settings = `modelwatch_accuracy_settings_info{${M}, task="${task}", window="${window}", positive_class="${positiveClass}", ${target}}`;
  return {
    [settings]: shown(1),
    [`modelwatch_accuracy_rows_needed{${M}, ${target}}`]: shown(rowsNeeded),
    ...Object.fromEntries(
      Object.entries(limits).flatMap(([metric, [warning, critical]]) => [
        [`modelwatch_accuracy_limit{${M}, metric="${metric}", level="warning", ${target}}`, shown(warning)],
        [`modelwatch_accuracy_limit{${M}, metric="${metric}", level="critical", ${target}}`, shown(critical)],
      ])
    ),
    ...Object.fromEntries(
      Object.entries(baseline).map(([metric, value]) => [
        `modelwatch_accuracy_baseline{${M}, reference="r", metric="${metric}", ${target}}`,
        shown(value),
      ])
    ),
  };
}

function countersOf({ pairs, outcomes = [], bins = [], sums = {} }: Case): Input {
  const named = (name: string, count: number) => {
    const [family, labels = ''] = name.replace('}', '').split('{');
    return [`modelwatch_${family}${pair(labels)}`, hourly(count)];
  };
  const series = [
    named('accuracy_pairs_total', pairs),
    ...outcomes.map(({ predicted, actual, pairs: count }) =>
      named(`outcomes_total{predicted="${predicted}", actual="${actual}"}`, count)
    ),
    ...bins.flatMap(({ negatives, positives, upTo, scores }, bin) => [
      named(`score_outcomes_total{bin="${bin}", actual="0"}`, negatives),
      named(`score_outcomes_total{bin="${bin}", actual="1"}`, positives),
      named(`score_positives_up_to_total{bin="${bin}"}`, upTo),
      named(`score_sum_total{bin="${bin}"}`, scores),
    ]),
    ...Object.entries(sums).map(([name, sum]) => named(name, sum)),
  ];
  return Object.fromEntries(series) as Input;
}

function score(metric: string, value: number, at: string, window = '1h', tolerance = 1e-9): Expectation {
  const most = tolerance * Math.max(1, Math.abs(value));
  return {
    expr: `abs(${RECORDED.accuracyScore.name}{metric="${metric}", window="${window}"} - ${value}) < bool ${most}`,
    at,
    samples: { [`{${ID}, metric="${metric}", window="${window}"}`]: 1 },
  };
}

const without = (metric: string, at: string): Expectation => ({
  expr: `${RECORDED.accuracyScore.name}{metric="${metric}"}`,
  at,
  samples: {},
});

/** The query says what the function says. */
function beyond(judged: JudgedScore, at: string): Expectation {
  const labels = `{${ID}, metric="${judged.metric}", window="1h"}`;
  return {
    expr: `round(${beyondLimitQuery()} and on (metric, window) ${RECORDED.accuracyScore.name}${labels}, 0.000001)`,
    at,
    samples: { [labels]: Math.round((beyondLimit(judged) ?? 0) * 1e6) / 1e6 },
  };
}

function state(is: AccuracyState, at: string, metric = 'accuracy', window = '1h'): Expectation {
  const name = RECORDED.accuracyState.name;
  return {
    expr: `${name}{metric="${metric}", window="${window}"}`,
    at,
    samples: { [`${name}{${ID}, metric="${metric}", window="${window}", state="${is}"}`]: 1 },
  };
}

function channelIs(status: ChannelStatus, at: string): Expectation {
  const name = RECORDED.modelChannel.name;
  return { expr: name, at, samples: { [`${name}{${ID}, channel="accuracy", status="${status}"}`]: 1 } };
}

const silent = (alert: string, at: string): AlertExpectation => ({ alert, at, firing: [] });
function fires(alert: string, at: string, summary: string, description: string): AlertExpectation {
  const labels = { namespace: 'ns', model: 'm', severity: 'warning' };
  const annotations = { summary, description, runbook_url: `${RUNBOOK}/${alert}.md` };
  return { alert, at, firing: [{ labels, annotations }] };
}
const WRONG = 'Held against the actuals that came, this model is wrong more often, or by more, than its limit allows.';
const isWrong = (at: string, worst: string) =>
  fires('ModelwatchModelAccuracy', at, 'The accuracy of ns/m is worse than its limit', `${WRONG} ${worst}`);
const DRIED_UP = 'Since then there have been too few actuals for a new verdict.';
const isStale = (at: string) =>
  fires(
    'ModelwatchActualsStale',
    at,
    'Nobody knows whether ns/m is still right',
    'There were actuals of its predictions, and are no more: the last verdict on accuracy is old, and nothing says that it still holds.'
  );

/** Right and wrong pairs a minute, and for how many minutes; `gone`: the series ends. */
type Phase = readonly [right: number, wrong: number, minutes: number] | readonly ['gone', number];

function counter(phases: readonly Phase[], rate: (right: number, wrong: number) => number): string {
  let total = 0;
  const samples = phases.flatMap((phase) => {
    if (phase[0] === 'gone') return ['stale', ...Array.from({ length: phase[1] - 1 }, () => '_')];
    const step = rate(phase[0], phase[1]);
    return Array.from({ length: phase[2] ?? 0 }, () => String((total += step)));
  });
  return ['0', ...samples].join(' ');
}

/** A model whose accuracy is the share of the right ones. */
function answers(phases: readonly Phase[]): Input {
  const outcome = (predicted: string, actual: string) =>
    `modelwatch_outcomes_total${pair(`predicted="${predicted}", actual="${actual}"`)}`;
  return {
    [`modelwatch_accuracy_pairs_total${pair()}`]: counter(phases, (right, wrong) => right + wrong),
    [outcome('a', 'a')]: counter(phases, (right) => right),
    [outcome('a', 'b')]: counter(phases, (_right, wrong) => wrong),
  };
}

const LIMITS = { accuracy: [0.8, 0.7] } as const;
const synced = (shown: string): Input => ({
  [`modelwatch_exporter_synced{${A}}`]: shown,
  [`modelwatch_exporter_total_shards{${A}}`]: shown,
});
const during = (minutes: number) => (value: number) =>
  values([
    [value, minutes],
    ['stale', 1],
  ]);

const NEGATIVES = [20, 18, 15, 12, 10, 8, 6, 4, 2, 1];
const POSITIVES = [1, 2, 4, 6, 8, 10, 12, 15, 18, 20];
const byBin = (steps: readonly number[], series: (bin: number) => string): Input =>
  Object.fromEntries(steps.map((step, bin) => [series(bin), `0+${step}x${SAMPLES}`]));
const scored = (bin: number, actual: 0 | 1) =>
  `modelwatch_score_outcomes_total${pair(`bin="${bin}", actual="${actual}"`)}`;
const UP_TO = byBin(
  POSITIVES.map((_, bin) => POSITIVES.slice(0, bin + 1).reduce((sum, step) => sum + step)),
  (bin) => `modelwatch_score_positives_up_to_total${pair(`bin="${bin}"`)}`
);
const CURVE = { ...byBin(NEGATIVES, (bin) => scored(bin, 0)), ...byBin(POSITIVES, (bin) => scored(bin, 1)), ...UP_TO };
const AUC = 0.8629557291666666;
const errorsOf = (version: string, target: string, squared: number, pairs: number): Input => ({
  [`modelwatch_squared_error_sum_total${pair('', version, target)}`]: `0+${squared}x${SAMPLES}`,
  [`modelwatch_accuracy_pairs_total${pair('', version, target)}`]: `0+${pairs}x${SAMPLES}`,
});

export const ACCURACY_VECTORS: readonly RuleVector[] = [
  ...CASES.map((one) => ({
    name: `scores of scikit-learn: ${one.name}`,
    input: {
      ...watched({ task: one.task, ...(one.positiveClass ? { positiveClass: one.positiveClass } : {}) }),
      ...countersOf(one),
    },
    expect: [
      ...Object.entries(one.scores).map(([metric, value]) => score(metric, value, '90m', '1h', 1e-6)),
      {
        expr: `count(${RECORDED.accuracyScore.name})`,
        at: '90m',
        samples: { '{}': Object.keys(one.scores).length },
      },
    ],
  })),
  {
    name: 'the area under the curve of vector A is that of a brute-force count',
    input: { ...watched(), ...CURVE },
    expect: [score('auc', AUC, '100m'), without('accuracy', '100m')],
  },
  {
    name: 'two exporters and versions add up, and settings that both say double nothing',
    input: {
      ...watched({ task: 'regression', limits: { rmse: [1.5, 1.7] } }),
      ...watched({ task: 'regression', limits: { rmse: [1.5, 1.7] }, target: B }),
      ...errorsOf('1', A, 8, 2),
      ...errorsOf('2', B, 10, 4),
    },
    expect: [
      score('rmse', 1.7320508075688772, '100m'),
      state('critical', '100m', 'rmse'),
      { expr: `count(${RECORDED.accuracyScore.name})`, at: '100m', samples: { '{}': 1 } },
      {
        expr: `${RECORDED.accuracyScore.name} * 0 + on (metric) group_left (direction, samples) ${RECORDED.accuracyMetricInfo.name}`,
        at: '100m',
        samples: { [`{${ID}, metric="rmse", window="1h", direction="lower_is_better", samples="pairs"}`]: 1 },
      },
      {
        expr: `count by (direction) (${RECORDED.accuracyMetricInfo.name})`,
        at: '100m',
        samples: { '{direction="higher_is_better"}': 6, '{direction="lower_is_better"}': 6 },
      },
      {
        expr: `round(${RECORDED.accuracyPairs.name}, 0.000001)`,
        at: '100m',
        samples: { [`{${ID}, window="1h"}`]: 360 },
      },
    ],
  },
  {
    name: 'no area under the curve with one class alone, and no score with a value that is no number',
    input: {
      ...watched({ limits: { auc: [0.8, 0.7] } }),
      ...CURVE,
      ...byBin(
        POSITIVES.map(() => 0),
        (bin) => scored(bin, 1)
      ),
    },
    expect: [without('auc', '100m'), state('too_little_data', '100m', 'auc'), channelIs('too_little_data', '100m')],
  },
  {
    name: 'actuals that are all alike have no R², those of 0 no MAPE',
    input: {
      ...watched({ task: 'regression' }),
      ...errorsOf('1', A, 8, 2),
      [`modelwatch_actual_sum_total${pair('sign="over"')}`]: `0+20x${SAMPLES}`,
      [`modelwatch_actual_sum_total${pair('sign="under"')}`]: `0x${SAMPLES}`,
      [`modelwatch_actual_squared_sum_total${pair()}`]: `0+200x${SAMPLES}`,
      [`modelwatch_relative_error_sum_total${pair()}`]: `0x${SAMPLES}`,
      [`modelwatch_relative_error_pairs_total${pair()}`]: `0x${SAMPLES}`,
    },
    expect: [score('rmse', 2, '100m'), without('r2', '100m'), without('mape', '100m')],
  },
  {
    name: 'classes that are not told apart are neither right nor wrong',
    input: {
      ...watched(),
      ...answers([[8, 2, 300]]),
      [`modelwatch_outcomes_total${pair('predicted="other", actual="other"')}`]: `0+30x${SAMPLES}`,
      [`modelwatch_outcomes_total${pair('predicted="a", actual="other"')}`]: `0+6x${SAMPLES}`,
    },
    expect: [score('accuracy', 0.5, '100m')],
  },
  {
    name: 'few pairs are no verdict, and pairs without a score none on scores',
    input: { ...watched({ limits: { ...LIMITS, auc: [0.8, 0.7] } }), ...answers([[0.5, 1, 300]]) },
    expect: [without('accuracy', '200m'), state('too_little_data', '200m'), state('too_little_data', '200m', 'auc')],
    alerts: [silent('ModelwatchModelAccuracy', '200m'), silent('ModelwatchActualsStale', '200m')],
  },
  {
    name: 'a model without limits has scores and no verdict',
    input: { ...watched(), ...answers([[5, 5, 300]]) },
    expect: [
      score('accuracy', 0.5, '100m'),
      { expr: RECORDED.accuracyState.name, at: '100m', samples: {} },
      { expr: RECORDED.modelChannel.name, at: '100m', samples: {} },
    ],
  },
  {
    name: 'a state is entered at its limit, and left a little above it',
    input: {
      ...watched({ limits: LIMITS }),
      ...answers([
        [7, 3, 80],
        [7.09, 2.91, 70],
        [7.13, 2.87, 70],
        [8.06, 1.94, 70],
        [8.1, 1.9, 70],
        [8.06, 1.94, 70],
        [7.9, 2.1, 70],
      ]),
    },
    expect: [
      state('critical', '75m'),
      state('critical', '145m'),
      state('warning', '215m'),
      state('warning', '285m'),
      state('ok', '355m'),
      state('ok', '425m'),
      state('warning', '495m'),
      channelIs('warning', '495m'),
      beyond({ metric: 'accuracy', score: 0.709, critical: 0.7 }, '145m'),
    ],
    alerts: [isWrong('145m', 'Accuracy 0.709 over 1 h, not yet clear of its limit 0.7.')],
  },
  {
    name: 'of errors a lower one is better',
    input: {
      ...watched({ task: 'regression', limits: { rmse: [2, 3] } }),
      [`modelwatch_accuracy_pairs_total${pair()}`]: `0+10x${SAMPLES}`,
      [`modelwatch_squared_error_sum_total${pair()}`]: counter(
        [
          [90, 0, 80],
          [87, 0, 70],
          [86, 0, 70],
          [38, 0, 70],
        ],
        (rate) => rate
      ),
    },
    expect: [
      state('critical', '75m', 'rmse'),
      state('critical', '145m', 'rmse'),
      state('warning', '215m', 'rmse'),
      state('ok', '285m', 'rmse'),
      beyond({ metric: 'rmse', score: 3, critical: 3 }, '75m'),
      beyond({ metric: 'rmse', score: Math.sqrt(8.6), critical: 3 }, '215m'),
    ],
    alerts: [isWrong('145m', 'RMSE 2.95 over 1 h, not yet clear of its limit 3.')],
  },
  {
    name: 'when the exporter goes, the verdict is stale and the alert stays',
    input: {
      ...watched({ limits: LIMITS, shown: during(100) }),
      ...answers([
        [6, 4, 99],
        ['gone', 300],
      ]),
    },
    expect: [state('critical', '98m'), state('stale', '105m'), channelIs('stale', '300m')],
    alerts: [isStale('120m'), isWrong('300m', DRIED_UP)],
  },
  {
    name: 'when its settings are taken away while an exporter is there, a model has no accuracy any more',
    input: {
      ...watched({ limits: LIMITS, shown: during(100) }),
      ...answers([
        [6, 4, 99],
        ['gone', 300],
      ]),
      ...synced('1x400'),
    },
    expect: [RECORDED.accuracyState, RECORDED.modelChannel, RECORDED.accuracyLastVerdict].map(({ name }) => ({
      expr: name,
      at: '103m',
      samples: {},
    })),
    alerts: [silent('ModelwatchModelAccuracy', '105m'), silent('ModelwatchActualsStale', '150m')],
  },
  {
    name: 'counters that go while settings stay leave a stale verdict behind',
    input: {
      ...watched({ limits: LIMITS }),
      ...answers([
        [6, 4, 100],
        ['gone', 300],
      ]),
    },
    expect: [state('critical', '100m'), state('stale', '165m'), channelIs('stale', '165m')],
    alerts: [isStale('175m')],
  },
];

/** One sample every four minutes. */
export const ACCURACY_DAY_INTERVAL_SECONDS = 240;
export const ACCURACY_DAY_VECTORS: readonly RuleVector[] = [
  {
    name: 'the alert stays when actuals dry up, and another says in the end that nobody knows',
    input: {
      ...watched({ limits: LIMITS, baseline: { accuracy: 0.9 } }),
      ...answers([
        [24, 16, 25],
        [0, 0, 400],
        [36, 4, 50],
      ]),
      ...synced(`1x${SAMPLES}`),
    },
    expect: [
      channelIs('critical', '100m'),
      channelIs('too_little_data', '300m'),
      {
        expr: `round(${WORST_ACCURACY_QUERY}, 0.000001)`,
        at: '100m',
        samples: {
          [`{${ID}, metric="accuracy", window="1h", accuracy="score"}`]: 0.6,
          [`{${ID}, metric="accuracy", level="critical", accuracy="limit"}`]: 0.7,
          [`{${ID}, metric="accuracy", accuracy="baseline"}`]: 0.9,
        },
      },
      channelIs('ok', '1890m'),
    ],
    alerts: [
      isWrong('100m', 'Accuracy 0.6 over 1 h, limit 0.7 (baseline 0.9).'),
      isWrong('1600m', DRIED_UP),
      silent('ModelwatchActualsStale', '1600m'),
      silent('ModelwatchModelAccuracy', '1690m'),
      isStale('1690m'),
      silent('ModelwatchModelAccuracy', '1890m'),
      silent('ModelwatchActualsStale', '1890m'),
    ],
  },
  {
    name: 'where no actual ever came none is missed',
    input: { ...watched({ limits: LIMITS }), ...answers([[0, 0, 400]]) },
    expect: [channelIs('too_little_data', '1590m')],
    alerts: [silent('ModelwatchActualsStale', '1590m')],
  },
];

export const ACCURACY_WINDOW_VECTORS: readonly RuleVector[] = [
  {
    name: 'the verdict rests on the window of the settings alone; a day is made of its full hours',
    input: {
      ...watched({ limits: LIMITS, window: '1d' }),
      ...answers([
        [24, 16, 60],
        [36, 4, 90],
      ]),
      ...CURVE,
    },
    expect: [
      channelIs('too_little_data', '50m'),
      channelIs('critical', '90m'),
      state('ok', '590m'),
      // Four hours of 0.6 and five of 0.9.
      score('accuracy', (4 * 0.6 + 5 * 0.9) / 9, '590m', '1d', 1e-3),
      score('auc', AUC, '590m', '1d'),
      channelIs('warning', '590m'),
      score('accuracy', 0.9, '590m', '10m'),
    ],
  },
];
