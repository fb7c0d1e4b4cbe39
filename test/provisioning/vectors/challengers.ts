/** Challengers beside their champion. One sample a minute. The figures of challenger-scores.json are numpy's and scikit-learn's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHALLENGER_ROLES, RECORDED, type ChallengerState } from '@modelwatch/contract';
import type { Expectation, RuleVector } from '../../support/promtool';
import { A, B, values } from './story';

type Input = Readonly<Record<string, string>>;
type Table = readonly Readonly<Record<string, string | number>>[];
export const CHALLENGER_INTERVAL_SECONDS = 60;
const SAMPLES = 120;
const M = 'namespace="ns", model="m"';
const C = `${M}, challenger="next"`;
const ID = 'challenger="next", model="m", namespace="ns"';

interface Case {
  readonly name: string;
  readonly task: string;
  readonly positiveClass: string;
  readonly pairs: number;
  readonly classes: Table;
  readonly outcomes: Readonly<Record<string, Table>>;
  readonly verdicts: Table;
  readonly sums: Readonly<Record<string, number>>;
  readonly agreement?: number;
  readonly difference?: Readonly<Record<string, number>>;
  readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly leads: Readonly<Record<string, number>>;
  readonly margins: Readonly<Record<string, number>>;
  readonly states: Readonly<Record<string, ChallengerState>>;
}
const CASES = JSON.parse(
  readFileSync(join(__dirname, '../fixtures/challenger-scores.json'), 'utf8')
) as readonly Case[];

const named = (family: string, labels = '', target = A) =>
  `modelwatch_challenger_${family}{${[C, labels, target].filter(Boolean).join(', ')}}`;
const hourly = (count: number) => `0+${count / 60}x${SAMPLES}`;

interface Watched {
  readonly task?: string;
  readonly positiveClass?: string;
  readonly target?: string;
  readonly shown?: (value: number) => string;
}

/** What an exporter says of the settings of the champion, and of its challenger. */
function watched(of: Watched = {}): Input {
  const { task = 'classification', positiveClass = '', target = A } = of;
  const { shown = (value: number) => `${value}x${SAMPLES}` } = of;
  const settings = `task="${task}", window="1h", positive_class="${positiveClass}"`;
  const whose = 'challenger_namespace="ns", challenger_model="m2", challenger_version="", source="config"';
  return {
    [`modelwatch_accuracy_settings_info{${M}, ${settings}, ${target}}`]: shown(1),
    [`modelwatch_accuracy_rows_needed{${M}, ${target}}`]: shown(100),
    [named('info', whose, target)]: shown(1),
  };
}

function cells(family: string, table: Table, more = ''): Input {
  return Object.fromEntries(
    table.map(({ pairs, ...labels }) => {
      const own = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
      return [named(family, [...own, more].filter(Boolean).join(', ')), hourly(Number(pairs))];
    })
  );
}

function countersOf({ pairs, classes, outcomes, verdicts, sums }: Case): Input {
  const given = Object.entries(sums).map(([name, sum]) => {
    const [family = '', labels = ''] = name.replace('}', '').split('{');
    return [named(family, labels), hourly(sum)] as const;
  });
  return {
    [named('predictions_total', 'outcome="paired"')]: hourly(pairs),
    [named('predictions_total', 'outcome="alone"')]: hourly(7),
    [named('expected_total')]: hourly(2 * pairs),
    [named('judged_pairs_total')]: hourly(pairs),
    ...cells('classes_total', classes),
    ...Object.assign(
      {},
      ...CHALLENGER_ROLES.map((role) => cells('outcomes_total', outcomes[role] ?? [], `role="${role}"`))
    ),
    ...cells('verdicts_total', verdicts),
    ...Object.fromEntries(given),
  };
}

function near(series: string, labels: string, value: number, sample: string, at = '90m'): Expectation {
  return {
    expr: `abs(${series}{${labels}} - ${value}) < bool ${1e-6 * Math.max(1, Math.abs(value))}`,
    at,
    samples: { [`{${[ID, sample, 'window="1h"'].filter(Boolean).join(', ')}}`]: 1 },
  };
}

function state(is: ChallengerState, metric: string, at = '90m'): Expectation {
  const name = RECORDED.challengerState.name;
  const samples = { [`${name}{${ID}, metric="${metric}", state="${is}", window="1h"}`]: 1 };
  return { expr: `${name}{metric="${metric}"}`, at, samples };
}

function figures({ agreement, difference = {}, scores, leads, margins, states }: Case): Expectation[] {
  const of = (metric: string) => `metric="${metric}"`;
  return [
    ...(agreement === undefined ? [] : [near(RECORDED.challengerAgreement.name, '', agreement, '')]),
    ...Object.entries(difference).map(([name, value]) =>
      near(RECORDED.challengerDifference.name, `statistic="${name}"`, value, `statistic="${name}"`)
    ),
    ...Object.entries(scores).flatMap(([role, all]) =>
      Object.entries(all).map(([metric, value]) => {
        const labels = `${of(metric)}, role="${role}"`;
        return near(RECORDED.challengerScore.name, labels, value, labels);
      })
    ),
    ...Object.entries(leads).map(([metric, value]) =>
      near(RECORDED.challengerLead.name, of(metric), value, of(metric))
    ),
    ...Object.entries(margins).map(([metric, value]) =>
      near(RECORDED.challengerMargin.name, of(metric), value, of(metric))
    ),
    ...Object.entries(states).map(([metric, is]) => state(is, metric)),
    ...counts({ challengerScore: 2 * Object.keys(leads).length, challengerState: Object.keys(states).length }),
  ];
}

function counts(of: Partial<Record<keyof typeof RECORDED, number>>): Expectation[] {
  return Object.entries(of).map(([key, count]) => ({
    expr: `count(${RECORDED[key as keyof typeof RECORDED].name})`,
    at: '90m',
    samples: { '{}': count },
  }));
}

/** Pairs an hour by who was right: both, the champion alone, the challenger alone, neither. */
function verdicts(hour: readonly [number, number, number, number], target = A): Input {
  const [both, champion, challenger, neither] = hour;
  const verdict = (first: string, second: string) =>
    named('verdicts_total', `champion="${first}", candidate="${second}"`, target);
  const pairs = both + champion + challenger + neither;
  return {
    [named('predictions_total', 'outcome="paired"', target)]: hourly(pairs),
    [named('judged_pairs_total', '', target)]: hourly(pairs),
    [verdict('right', 'right')]: hourly(both),
    [verdict('right', 'wrong')]: hourly(champion),
    [verdict('wrong', 'right')]: hourly(challenger),
    [verdict('wrong', 'wrong')]: hourly(neither),
  };
}
const lead = (value: number) => near(RECORDED.challengerLead.name, 'metric="accuracy"', value, 'metric="accuracy"');

export const CHALLENGER_VECTORS: readonly RuleVector[] = [
  ...CASES.map((one) => ({
    name: `figures of scikit-learn and numpy: ${one.name}`,
    input: { ...watched(one), ...countersOf(one) },
    expect: figures(one),
  })),
  {
    name: 'two exporters add up, and what both say of the challenger doubles nothing',
    input: { ...watched(), ...watched({ target: B }), ...verdicts([48, 6, 24, 12]), ...verdicts([48, 6, 24, 12], B) },
    expect: [
      lead(36 / 180),
      state('ahead', 'accuracy'),
      {
        expr: `round(${RECORDED.challengerJudgedPairs.name}, 0.000001)`,
        ...{ at: '90m', samples: { [`{${ID}, window="1h"}`]: 180 } },
      },
    ],
  },
  {
    name: 'fewer pairs than needed are no figures',
    input: { ...watched(), ...verdicts([30, 0, 60, 0]) },
    expect: [
      state('too_little_data', 'accuracy'),
      { expr: RECORDED.challengerScore.name, at: '90m', samples: {} },
      { expr: RECORDED.challengerLead.name, at: '90m', samples: {} },
      { expr: RECORDED.challengerAgreement.name, at: '90m', samples: {} },
    ],
  },
  {
    name: 'two that are right and wrong alike differ in nothing',
    input: { ...watched(), ...verdicts([180, 0, 0, 60]) },
    expect: [lead(0), state('no_difference', 'accuracy')],
  },
  {
    // 8 of 8 is one in 128 by chance, 9 of 9 one in 256; of 99 in 100 the correction asks for nine.
    name: 'eight alone are not enough to be ahead',
    input: { ...watched(), ...verdicts([180, 0, 8, 52]) },
    expect: [state('no_difference', 'accuracy')],
  },
  {
    name: 'nine alone are enough to be behind',
    input: { ...watched(), ...verdicts([180, 9, 0, 51]) },
    expect: [state('behind', 'accuracy')],
  },
  {
    name: 'a champion without a task has no verdict on its challenger',
    input: { ...watched({ task: '' }), ...verdicts([60, 10, 30, 20]) },
    expect: [
      { expr: RECORDED.challengerState.name, at: '90m', samples: {} },
      { expr: RECORDED.challengerScore.name, at: '90m', samples: {} },
    ],
  },
  {
    name: 'when the exporter goes, the verdict is stale',
    input: {
      ...watched({
        shown: (value) =>
          values([
            [value, 95],
            ['stale', 1],
          ]),
      }),
      ...Object.fromEntries(
        Object.keys(verdicts([0, 0, 0, 0])).map((series) => {
          const each = series.includes('verdicts') ? 1 : 4;
          return [series, `${Array.from({ length: 95 }, (_, minute) => each * minute).join(' ')} stale`];
        })
      ),
    },
    expect: [state('no_difference', 'accuracy'), state('stale', 'accuracy', '110m')],
  },
];
