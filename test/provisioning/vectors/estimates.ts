/** Accuracy before actuals come. Two samples an hour. The figures of accuracy-estimates.json are numpy's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORDED } from '@modelwatch/contract';
import { buildAccuracyRules, renderGroups } from '../../../exporter/src/rules';
import { groupsNamed, type Expectation, type RuleVector } from '../../support/promtool';
import { A, B } from './story';

export const ESTIMATE_INTERVAL_SECONDS = 1_800;
const PER_HOUR = 3_600 / ESTIMATE_INTERVAL_SECONDS;
/** Of days with pairs that scores are calibrated with, at 0:00 of each; then there is one that must not count. */
const PAST_HOURS = 3 * 24;
const HOURS = 4;
const AT = `${PAST_HOURS + HOURS}h`;
const M = 'namespace="ns", model="m"';
const ID = 'model="m", namespace="ns"';

type Rows = readonly Readonly<Record<string, string | number>>[];

interface Case {
  readonly name: string;
  readonly made: Rows;
  readonly joined: Rows;
  readonly sums: readonly number[];
  readonly outcomes: Rows;
  readonly scoreOutcomes: Rows;
  readonly scoreSums: readonly number[];
  readonly pastDay: Rows;
  readonly probabilities: Readonly<Record<string, number>>;
  readonly estimated: Readonly<Record<string, number>>;
  readonly expected: Readonly<Record<string, number>>;
  readonly gap: Readonly<Record<string, number>>;
}
const CASES = JSON.parse(
  readFileSync(join(__dirname, '../fixtures/accuracy-estimates.json'), 'utf8')
) as readonly Case[];

type Input = Readonly<Record<string, string>>;

/** After those days, so many in each hour. */
const hourly = (count: number) => `_x${PAST_HOURS * PER_HOUR} 0+${count / PER_HOUR}x${HOURS * PER_HOUR}`;
const always = (value: number) => `_x${PAST_HOURS * PER_HOUR} ${value}x${HOURS * PER_HOUR}`;

function series(family: string, rows: Rows, more = '', target = A): Input {
  return Object.fromEntries(
    rows.map(({ rows: made, pairs, ...labels }) => {
      const own = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
      return [
        `modelwatch_${family}{${[M, ...own, more, target].filter(Boolean).join(', ')}}`,
        hourly(Number(made ?? pairs)),
      ];
    })
  );
}

const byBin = (values: readonly number[]): Rows => values.map((rows, bin) => ({ bin: String(bin), rows }));

function watched(target = A): Input {
  return {
    [`modelwatch_accuracy_settings_info{${M}, task="classification", window="1h", positive_class="yes", ${target}}`]:
      always(1),
    [`modelwatch_accuracy_rows_needed{${M}, ${target}}`]: always(100),
  };
}

function countersOf({ made, joined, sums, outcomes, scoreOutcomes, scoreSums, pastDay }: Case): Input {
  const pair = 'version="1", age="1h"';
  return {
    ...series('scored_predictions_total', made, 'stage="made"'),
    ...series('scored_predictions_total', joined, 'stage="joined"'),
    ...series('scored_prediction_sum_total', byBin(sums)),
    ...series('outcomes_total', outcomes, pair),
    ...series('score_outcomes_total', scoreOutcomes, pair),
    ...series('score_sum_total', byBin(scoreSums), pair),
    // As the rules of days recorded it; the last day is of other pairs, which must not count.
    ...Object.fromEntries(
      pastDay.map(({ bin, actual, pairs }) => [
        `${RECORDED.scoreOutcomes.name}{${M}, bin="${bin}", actual="${actual}", window="1d"}`,
        `${pairs}x${2 * 24 * PER_HOUR} ${actual === '1' ? 5_000 : 0}x${(24 + HOURS) * PER_HOUR}`,
      ])
    ),
  };
}

function near(name: string, labels: string, value: number): Expectation {
  return {
    expr: `abs(${name}{${labels}, window="1h"} - ${value}) < bool 1e-6`,
    at: AT,
    samples: { [`{${ID}, ${labels}, window="1h"}`]: 1 },
  };
}

function figures({ probabilities, estimated, expected, gap }: Case): Expectation[] {
  const scores = (of: Readonly<Record<string, number>>, stage: string) =>
    Object.entries(of).map(([metric, value]) =>
      near(RECORDED.estimatedAccuracyScore.name, `metric="${metric}", stage="${stage}"`, value)
    );
  return [
    ...Object.entries(probabilities).map(([bin, value]) => near(RECORDED.calibratedScore.name, `bin="${bin}"`, value)),
    ...scores(estimated, 'made'),
    ...scores(expected, 'joined'),
    ...Object.entries(gap).map(([metric, value]) =>
      near(RECORDED.estimatedAccuracyGap.name, `metric="${metric}"`, value)
    ),
    { expr: `count(${RECORDED.estimatedAccuracyScore.name})`, at: AT, samples: { '{}': 8 } },
  ];
}

const ONE_BIN = (rows: number): Rows => [
  { bin: '3', predicted: '0', rows },
  { bin: '15', predicted: '1', rows },
];

export const ESTIMATE_VECTORS: readonly RuleVector[] = [
  ...CASES.map((one) => ({
    name: `figures of numpy: ${one.name}`,
    input: { ...watched(), ...countersOf(one) },
    expect: figures(one),
  })),
  {
    // In each exporter 100 with a mean score of 0.175, decided negative, and 100 with 0.775, decided positive.
    name: 'two exporters add up, and without any pair there is an estimate and no gap',
    input: {
      ...watched(),
      ...watched(B),
      ...series('scored_predictions_total', ONE_BIN(100), 'stage="made"'),
      ...series('scored_predictions_total', ONE_BIN(100), 'stage="made"', B),
      ...series('scored_prediction_sum_total', [
        { bin: '3', rows: 17.5 },
        { bin: '15', rows: 77.5 },
      ]),
      ...series(
        'scored_prediction_sum_total',
        [
          { bin: '3', rows: 17.5 },
          { bin: '15', rows: 77.5 },
        ],
        '',
        B
      ),
    },
    expect: [
      near(RECORDED.estimatedAccuracyScore.name, 'metric="accuracy", stage="made"', 0.8),
      near(RECORDED.estimatedAccuracyScore.name, 'metric="precision", stage="made"', 0.775),
      {
        expr: `round(sum(${RECORDED.expectedOutcomes.name}), 0.000001)`,
        ...{ at: AT, samples: { '{}': 400 } },
      },
      { expr: RECORDED.estimatedAccuracyGap.name, at: AT, samples: {} },
    ],
  },
  {
    name: 'fewer predictions than needed are no estimate',
    input: {
      ...watched(),
      ...series('scored_predictions_total', ONE_BIN(40), 'stage="made"'),
      ...series('scored_prediction_sum_total', [
        { bin: '3', rows: 7 },
        { bin: '15', rows: 31 },
      ]),
    },
    expect: [{ expr: RECORDED.estimatedAccuracyScore.name, at: AT, samples: {} }],
  },
];

/** The rules that these vectors need, and no more. */
export function estimateRules(): string {
  const seconds = 240;
  const options = { intervalSeconds: 30, driftIntervalSeconds: seconds, slowIntervalSeconds: seconds };
  const all = renderGroups('prometheus', buildAccuracyRules(options, ['1h']), options);
  const names = ['modelwatch-accuracy', 'modelwatch-accuracy-scores', 'modelwatch-accuracy-estimates'];
  // Days in steps of half an hour.
  return groupsNamed(all, ...names).replaceAll('interval: 4m', `interval: ${ESTIMATE_INTERVAL_SECONDS}s`);
}
