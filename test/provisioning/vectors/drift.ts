/**
 * Vector D: ten equally filled bins, two replicas that count for 100 minutes, one sample a minute. Ends, restarts and
 * pitfalls are variants of it. The numbers are scipy's: test/provisioning/fixtures/drift_statistics.py prints them.
 */
import { DRIFT_METHODS, DRIFT_STATES, RECORDED, type DriftMethod, type DriftState } from '@modelwatch/contract';
import type { Expectation, RuleVector } from '../../support/promtool';
import { A, B } from './story';

/** Of samples. */
export const DRIFT_INTERVAL_SECONDS = 60;
/** Of evaluations: that of the shipped rules. */
export const DRIFT_EVALUATION_SECONDS = 240;
const MINUTES = 120;
const AT = '100m';

const STEPS_OF_A = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];
const STEPS_OF_B = [2, 2, 2, 2, 2, 2, 2, 2, 2, 0];
const MODEL = 'namespace="ns", model="m"';

type Input = Readonly<Record<string, string>>;
/** Values of a counter that grows by `step` a minute. */
type Counts = (step: number, bin: number) => string;

const bin = (index: number, reference = 'r') => `${MODEL}, reference="${reference}", feature="f", bin="${index}"`;

export function counters(target: string, steps: readonly number[], counts: Counts, reference = 'r'): Input {
  return Object.fromEntries(
    steps.map((step, index) => [
      `modelwatch_feature_observations_total{${bin(index, reference)}, version="1", ${target}}`,
      counts(step, index),
    ])
  );
}

const growing =
  (start: number): Counts =>
  (step) =>
    `${start}+${step}x${MINUTES}`;

export interface Watched {
  readonly method?: DriftMethod;
  readonly window?: string;
  readonly rowsNeeded?: number;
  readonly warning?: number;
  readonly critical?: number;
  readonly weight?: 'high' | 'low';
  readonly reference?: string;
  readonly bins?: number;
  readonly target?: string;
  /** How every series of it goes on. */
  readonly shown?: (value: number) => string;
}

/** What an exporter says of the reference and the settings of the model. */
export function watched(of: Watched = {}): Input {
  const { method = 'psi', window = '1h', rowsNeeded = 300, warning = 0.1, critical = 0.25, weight = 'high' } = of;
  const { reference = 'r', bins = 10, target = A, shown = (value: number) => `${value}x${MINUTES}` } = of;
  const subject = `${MODEL}, reference="${reference}", subject="feature", feature="f", ${target}`;
  return {
    ...Object.fromEntries(
      Array.from({ length: bins }, (_, index) => [
        `modelwatch_feature_reference_ratio{${bin(index, reference)}, from="${index}", to="${index + 1}", ${target}}`,
        shown(1 / bins),
      ])
    ),
    [`modelwatch_drift_settings_info{${MODEL}, method="${method}", window="${window}", ${target}}`]: shown(1),
    [`modelwatch_drift_subject_info{${subject}, type="numeric", weight="${weight}"}`]: shown(1),
    [`modelwatch_drift_threshold{${subject}, level="warning"}`]: shown(warning),
    [`modelwatch_drift_threshold{${subject}, level="critical"}`]: shown(critical),
    [`modelwatch_drift_rows_needed{${subject}}`]: shown(rowsNeeded),
    [`modelwatch_exporter_synced{${target}}`]: shown(1),
    [`modelwatch_exporter_total_shards{${target}}`]: shown(1),
  };
}

const D = { ...counters(A, STEPS_OF_A, growing(0)), ...counters(B, STEPS_OF_B, growing(1000)) };

/** scipy and numpy, of the shares (60 * step + 0.5) / (3780 + 5), and of the counts for chi2. */
const OF_D: Record<DriftMethod, number> = {
  psi: 0.8137187476562899,
  kl: 0.6384391220930931,
  js: 0.27631626902442363,
  hellinger: 0.2554810064046536,
  tvd: 0.21400264200792601,
  linf: 0.09986789960369882,
  chi2: 991.4285714285714,
};

const SUBJECT = 'model="m", namespace="ns", reference="r", subject="feature", feature="f"';

export function score(value: number, method: DriftMethod = 'psi', window = '1h', at = AT): Expectation {
  return {
    expr: `abs(${RECORDED.driftScore.name}{reference="r", window="${window}"} - ${value}) < bool ${1e-9 * Math.max(1, value)}`,
    at,
    samples: { [`{${SUBJECT}, method="${method}", window="${window}"}`]: 1 },
  };
}

export function rows(value: number, at = AT): Expectation {
  return {
    expr: `round(${RECORDED.driftRows.name}{reference="r", window="1h"}, 0.000001)`,
    at,
    samples: { [`{${SUBJECT}, window="1h"}`]: value },
  };
}

export const noScore = (at = AT): Expectation => ({ expr: RECORDED.driftScore.name, at, samples: {} });

export function state(is: DriftState, at = AT, method: DriftMethod = 'psi', window = '1h'): Expectation {
  return {
    expr: `${RECORDED.driftState.name}{window="${window}"}`,
    at,
    samples: {
      [`${RECORDED.driftState.name}{${SUBJECT}, method="${method}", window="${window}", state="${is}"}`]: 1,
    },
  };
}

/** A score says which way is good, by its method. */
const direction = (method: DriftMethod): Expectation => ({
  expr: `${RECORDED.driftScore.name} * 0 + on (method) group_left (direction) ${RECORDED.driftMethodInfo.name}`,
  at: AT,
  samples: { [`{${SUBJECT}, method="${method}", window="1h", direction="lower_is_better"}`]: 1 },
});

function features(is: DriftState): Expectation {
  const labels = (name: string) => `{model="m", namespace="ns", reference="r", window="1h", state="${name}"}`;
  return {
    expr: RECORDED.driftFeatures.name,
    at: AT,
    samples: Object.fromEntries(
      DRIFT_STATES.map((name) => [`${RECORDED.driftFeatures.name}${labels(name)}`, Number(name === is)])
    ),
  };
}

const withoutBin9 = (input: Input) =>
  Object.fromEntries(Object.entries(input).filter(([series]) => !/observations.*bin="9"/.test(series)));

export const DRIFT_VECTORS: readonly RuleVector[] = [
  ...DRIFT_METHODS.map((method) => ({
    name: `${method} of vector D is scipy's`,
    input: { ...D, ...watched({ method, warning: 0.05, critical: 0.09 }) },
    expect: [
      ...[score(OF_D[method], method), direction(method), rows(3780)],
      ...[state('critical', AT, method), features('critical')],
    ],
  })),
  {
    name: 'two exporters that say the same of the reference double nothing',
    input: { ...D, ...watched(), ...watched({ target: B }) },
    expect: [score(OF_D.psi), rows(3780), state('critical')],
  },
  {
    name: 'where a bin is not counted the others are not taken for all',
    input: { ...withoutBin9(D), ...watched() },
    // A bin that nothing falls into starts at 0: of the others alone the score would be 0.15.
    expect: [noScore(), rows(3780), state('too_little_data')],
  },
  {
    name: 'a replica that restarts loses no verdict',
    input: {
      ...D,
      ...counters(B, STEPS_OF_B, (step) => `1000+${step}x69 0+${step}x50`),
      ...watched(),
    },
    expect: [score(0.8147362033577334), rows(3762)],
  },
  {
    name: 'a replica that is born late counts from its first scrape',
    input: {
      ...D,
      ...counters('job="modelwatch", instance="c:8780"', STEPS_OF_B, (step) => `_x69 ${5 * step}+${step}x50`),
      ...watched(),
    },
    expect: [score(0.7907793039517887), rows(4347)],
  },
  {
    name: 'another reference at once is compared with itself',
    input: {
      ...D,
      ...counters(A, [4, 4], growing(0), 'other'),
      ...watched(),
      ...watched({ reference: 'other', bins: 2 }),
    },
    expect: [
      score(OF_D.psi),
      rows(3780),
      {
        expr: `${RECORDED.driftState.name}{reference="other"}`,
        at: AT,
        samples: {
          [`${RECORDED.driftState.name}{model="m", namespace="ns", reference="other", subject="feature", feature="f", method="psi", window="1h", state="ok"}`]: 1,
        },
      },
    ],
  },
  {
    name: 'no traffic is no verdict, and no drift of 0',
    input: { ...counters(A, STEPS_OF_A, () => `500+0x${MINUTES}`), ...watched() },
    expect: [noScore(), rows(0), state('too_little_data'), features('too_little_data')],
  },
  {
    name: 'few rows are no verdict',
    input: {
      ...counters(A, STEPS_OF_A, (_step, index) => (index === 2 || index === 7 ? '0x90 10x29' : '0x119')),
      ...watched(),
    },
    expect: [noScore(), rows(20), state('too_little_data')],
  },
];
