/** Fairness between groups. One sample in four minutes, as rules go. The figures of fairness-scores.json are numpy's and scipy's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERTS, RECORDED, type FairnessState } from '@modelwatch/contract';
import { WORST_FAIRNESS_QUERY } from '../../../exporter/src/http/worst-fairness';
import type { Expectation, RuleVector } from '../../support/promtool';
import { A, B } from './story';

type Input = Readonly<Record<string, string>>;
const SAMPLE_MINUTES = 4;
export const FAIRNESS_INTERVAL_SECONDS = SAMPLE_MINUTES * 60;
const SAMPLES = 30;
const S = 'namespace="ns", model="m", segment="age_group"';
const ID = 'model="m", namespace="ns", segment="age_group"';

interface Counts {
  readonly value: string;
  readonly decided: number;
  readonly favourable: number;
  readonly actual: number;
  readonly predicted: number;
  readonly both: number;
}

interface Figure {
  readonly value: string;
  readonly is: number;
}

interface Case {
  readonly name: string;
  readonly reference: string;
  readonly counts: readonly Counts[];
  readonly rates: readonly (Figure & { readonly rate: string })[];
  readonly references: Readonly<Record<string, string>>;
  readonly scores: readonly (Figure & { readonly metric: string })[];
  readonly margins: readonly (Figure & { readonly rate: string })[];
  readonly states: readonly { readonly value: string; readonly metric: string; readonly is: FairnessState }[];
}
const CASES = JSON.parse(readFileSync(join(__dirname, '../fixtures/fairness-scores.json'), 'utf8')) as readonly Case[];

const LIMITS: Readonly<Record<string, readonly [warning: number, critical: number]>> = {
  statistical_parity: [0.1, 0.2],
  disparate_impact: [0.9, 0.8],
  equal_opportunity: [0.1, 0.2],
  predictive_parity: [0.1, 0.2],
};

const steady = (value: number) => `${value}x${SAMPLES}`;
/** So many in each hour. */
const hourly = (count: number) => `0+${(count * SAMPLE_MINUTES) / 60}x${SAMPLES}`;

interface Watched {
  readonly reference?: string;
  readonly limits?: typeof LIMITS;
  readonly target?: string;
  readonly shown?: (value: number) => string;
}

/** What an exporter says of the settings. */
function watched({ reference = '', limits = LIMITS, target = A, shown = steady }: Watched = {}): Input {
  const settings = `favourable_class="yes", reference_group="${reference}", window="1h"`;
  const model = `namespace="ns", model="m", ${target}`;
  return {
    [`modelwatch_fairness_settings_info{${S}, ${settings}, ${target}}`]: shown(1),
    [`modelwatch_fairness_rows_needed{${model}}`]: shown(100),
    ...Object.fromEntries(
      Object.entries(limits).flatMap(([metric, [warning, critical]]) => [
        [`modelwatch_fairness_limit{metric="${metric}", level="warning", ${model}}`, shown(warning)],
        [`modelwatch_fairness_limit{metric="${metric}", level="critical", ${model}}`, shown(critical)],
      ])
    ),
  };
}

function decisions(value: string, decided: number, favourable: number, counted = hourly, target = A): Input {
  const series = (decision: string) =>
    `modelwatch_segment_decisions_total{${S}, value="${value}", decision="${decision}", ${target}}`;
  return { [series('favourable')]: counted(favourable), [series('unfavourable')]: counted(decided - favourable) };
}

/** With pairs of another class beside those of the favourable one. */
function countersOf(counts: readonly Counts[]): Input {
  return Object.assign(
    {},
    ...counts.map(({ value, decided, favourable, ...pairs }) => ({
      ...decisions(value, decided, favourable),
      ...Object.fromEntries(
        Object.entries(pairs).flatMap(([counted, count]) => {
          const series = (name: string) =>
            `modelwatch_segment_class_pairs_total{${S}, value="${value}", class="${name}", counted="${counted}", ${A}}`;
          return [
            [series('yes'), hourly(count)],
            [series('no'), hourly(3 * count + 7)],
          ];
        })
      ),
    }))
  ) as Input;
}

function near(series: string, labels: string, value: number, at = '92m'): Expectation {
  return {
    expr: `abs(${series}{${labels}} - ${value}) < bool ${1e-6 * Math.max(1, Math.abs(value))}`,
    at,
    samples: { [`{${ID}, ${labels}, window="1h"}`]: 1 },
  };
}

const count = (series: string, of: number, at = '92m'): Expectation => ({
  expr: `count(${series})`,
  at,
  samples: of === 0 ? {} : { '{}': of },
});

function state(value: string, metric: string, is: FairnessState, at = '92m'): Expectation {
  const labels = value === '' ? ID : `${ID}, value="${value}"`;
  return {
    expr: `${RECORDED.fairnessState.name}{value="${value}", metric="${metric}"}`,
    at,
    samples: { [`${RECORDED.fairnessState.name}{${labels}, metric="${metric}", state="${is}", window="1h"}`]: 1 },
  };
}

/** A score says which way is good, and finds the rows that it rests on. */
function explained(value: string, metric: string): Expectation {
  const rate =
    { equal_opportunity: 'true_positive_rate', predictive_parity: 'positive_predictive_value' }[metric] ??
    'selection_rate';
  const direction = metric === 'disparate_impact' ? 'nearer_1_is_better' : 'nearer_0_is_better';
  const labels = `value="${value}", metric="${metric}"`;
  const informed = `${RECORDED.fairnessScore.name}{${labels}} * 0 + on (metric) group_left (rate, direction) ${RECORDED.fairnessMetricInfo.name}`;
  return {
    expr: `${informed} and on (namespace, model, segment, value, rate, window) ${RECORDED.fairnessRows.name}`,
    at: '92m',
    samples: { [`{${ID}, ${labels}, window="1h", rate="${rate}", direction="${direction}"}`]: 1 },
  };
}

function figures({ rates, references, scores, margins, states }: Case): Expectation[] {
  const ofRate = ({ value, rate }: { value: string; rate: string }) => `value="${value}", rate="${rate}"`;
  return [
    ...rates.map((each) => near(RECORDED.fairnessRate.name, ofRate(each), each.is)),
    ...Object.entries(references).map(([rate, value]): Expectation => ({
      expr: `group(${RECORDED.fairnessReferenceRate.name}{rate="${rate}"}) by (value)`,
      at: '92m',
      samples: { [`{value="${value}"}`]: 1 },
    })),
    ...scores.map(({ value, metric, is }) =>
      near(RECORDED.fairnessScore.name, `value="${value}", metric="${metric}"`, is)
    ),
    ...margins.map((each) => near(RECORDED.fairnessMargin.name, ofRate(each), each.is)),
    ...states.map(({ value, metric, is }) => state(value, metric, is)),
    ...scores.map(({ value, metric }) => explained(value, metric)),
    count(RECORDED.fairnessRate.name, rates.length),
    count(RECORDED.fairnessScore.name, scores.length),
    count(RECORDED.fairnessState.name, states.length),
  ];
}

const channel = (status: string, at = '92m'): Expectation => ({
  expr: 'modelwatch:model_channel{channel="fairness"}',
  at,
  samples: { [`modelwatch:model_channel{channel="fairness", model="m", namespace="ns", status="${status}"}`]: 1 },
});

const DESCRIPTION =
  'The decisions of this model for one group of a protected attribute are further from those for the group that it is compared with than their limit allows, and chance alone does not explain it. ';

const silent = (name: string, at: string) => ({ alert: name, at, firing: [] });
const fires = (at: string, explanation: string) => ({
  alert: ALERTS.fairness,
  at,
  firing: [
    {
      labels: { namespace: 'ns', model: 'm', segment: 'age_group', severity: 'warning' },
      annotations: {
        description: `${DESCRIPTION}${explanation}`,
        summary: 'ns/m treats groups of age_group differently',
        runbook_url: `https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks/${ALERTS.fairness}.md`,
      },
    },
  ],
});
const IN_NUMBERS = 'statistical parity of b -0.4 over 1h, limit 0.2; disparate impact of b 0.333 over 1h, limit 0.8;';

/** Steps of a counter: each for so many minutes. */
function growing(parts: readonly (readonly [perHour: number, minutes: number])[]): string {
  let sum = 0;
  const all = parts.flatMap(([perHour, minutes]) =>
    Array.from({ length: minutes / SAMPLE_MINUTES }, () => String((sum += (perHour * SAMPLE_MINUTES) / 60)))
  );
  return ['0', ...all].join(' ');
}

export const FAIRNESS_VECTORS: readonly RuleVector[] = [
  ...CASES.map((one) => ({
    name: `figures of numpy and scipy: ${one.name}`,
    input: { ...watched(one), ...countersOf(one.counts) },
    expect: figures(one),
  })),
  {
    name: 'two exporters add up, and what both say doubles nothing',
    input: {
      ...watched(),
      ...watched({ target: B }),
      ...decisions('a', 150, 90),
      ...decisions('a', 150, 90, hourly, B),
      ...decisions('b', 150, 45),
      ...decisions('b', 150, 45, hourly, B),
    },
    expect: [
      near(RECORDED.fairnessScore.name, 'value="b", metric="statistical_parity"', -0.3),
      near(RECORDED.fairnessRate.name, 'value="a", rate="selection_rate"', 0.6),
      state('b', 'statistical_parity', 'critical'),
      channel('critical'),
    ],
  },
  {
    name: 'of predictions without actuals only what needs none is judged',
    input: { ...watched(), ...decisions('a', 300, 150), ...decisions('b', 300, 148) },
    expect: [
      state('b', 'statistical_parity', 'ok'),
      state('b', 'disparate_impact', 'ok'),
      count(RECORDED.fairnessState.name, 4),
      channel('ok'),
    ],
  },
  {
    name: 'only metrics with limits are judged',
    input: {
      ...watched({ limits: { disparate_impact: [0.9, 0.8] } }),
      ...decisions('a', 3000, 600),
      ...decisions('b', 3000, 300),
    },
    expect: [state('b', 'disparate_impact', 'critical'), count(RECORDED.fairnessState.name, 2)],
  },
  {
    name: 'an attribute of which nobody has asked yet has too little data',
    input: { ...watched(), ...decisions('a', 0, 0), ...decisions('b', 0, 0) },
    expect: [
      state('', 'statistical_parity', 'too_little_data'),
      count(RECORDED.fairnessState.name, 2),
      channel('too_little_data'),
    ],
  },
  {
    // Unfair for an hour, then alike: once the hour before is gone there is nothing left of it.
    name: 'an alert tells of a group, and ends when groups are alike again',
    input: {
      ...watched({ shown: (value) => `${value}x60` }),
      ...decisions('a', 600, 360, (hour) => growing([[hour, 240]])),
      ...decisions('b', 600, 120, (hour) =>
        growing([
          [hour, 80],
          [hour === 120 ? 350 : 250, 160],
        ])
      ),
    },
    expect: [
      state('b', 'disparate_impact', 'critical', '72m'),
      {
        expr: `round(sum by (fairness, segment, value, metric, level, window) (${WORST_FAIRNESS_QUERY}), 0.001)`,
        at: '72m',
        samples: {
          '{fairness="score", segment="age_group", value="b", metric="disparate_impact", window="1h"}': 0.333,
          '{fairness="limit", metric="disparate_impact", level="critical"}': 0.8,
        },
      },
      state('b', 'disparate_impact', 'ok', '200m'),
      channel('ok', '200m'),
    ],
    alerts: [fires('72m', IN_NUMBERS), silent(ALERTS.fairness, '200m'), silent(ALERTS.fairnessStale, '200m')],
  },
  {
    name: 'when the rows dry up, the alert stays and the state does not',
    input: {
      ...watched({ shown: (value) => `${value}x60` }),
      ...decisions('a', 600, 360, (hour) =>
        growing([
          [hour, 80],
          [0, 160],
        ])
      ),
      ...decisions('b', 600, 120, (hour) =>
        growing([
          [hour, 80],
          [0, 160],
        ])
      ),
    },
    expect: [state('', 'disparate_impact', 'too_little_data', '200m'), channel('too_little_data', '200m')],
    alerts: [fires('72m', IN_NUMBERS), fires('200m', 'Since then there have been too few rows for a new verdict.')],
  },
  {
    name: 'when the exporter goes, the verdict is stale',
    input: {
      ...watched({ shown: (value) => `${value}x24 stale` }),
      ...decisions('a', 600, 360, (hour) => `${growing([[hour, 96]])} stale`),
      ...decisions('b', 600, 340, (hour) => `${growing([[hour, 96]])} stale`),
    },
    expect: [channel('ok'), state('b', 'statistical_parity', 'stale', '172m'), channel('stale', '172m')],
    alerts: [
      silent(ALERTS.fairnessStale, '100m'),
      {
        alert: ALERTS.fairnessStale,
        at: '172m',
        firing: [
          {
            labels: { namespace: 'ns', model: 'm', segment: 'age_group', severity: 'warning' },
            annotations: {
              summary: 'Nobody knows whether ns/m treats groups of age_group alike',
              description:
                'There were decisions of this model by protected attribute, and are no more, or too few: the last verdict on fairness is old, and nothing says that it still holds.',
              runbook_url: `https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks/${ALERTS.fairnessStale}.md`,
            },
          },
        ],
      },
    ],
  },
];
