/** Accuracy of mock models as the frames that the data source gives. */
import { createDataFrame, FieldType, type DataFrame } from '@grafana/data';
import {
  ACCURACY_SCORE_FIELDS as F,
  CALIBRATION_FIELDS,
  CONFUSION_FIELDS,
  PAIR_AGE_FIELDS,
  SCORE_BINS,
  type AccuracyDetailSubject,
  type FrameKind,
} from '@modelwatch/contract';
import { FIXTURE_NOW_MS, seeded } from './mockFleet';

const MINUTE_MS = 60_000;
const STEP_MS = 15 * MINUTE_MS;
const POINTS = 96;
export const ACCURACY_RANGE_MS = POINTS * STEP_MS;
const LAST_MS = Math.floor(FIXTURE_NOW_MS / STEP_MS) * STEP_MS;
const TIMES = Array.from({ length: POINTS }, (_, index) => LAST_MS - (POINTS - 1 - index) * STEP_MS);
/** An outage left these windows with too few pairs, and these without any evaluation. */
const FEW = [30, 37] as const;
const NONE = [58, 61] as const;
const PAIRS = 4_210;

type Row = Record<keyof typeof F, string | number | null>;

function mark(kind: FrameKind, accuracyOf?: AccuracyDetailSubject) {
  return { custom: { modelwatch: { kind, answeredAtMs: FIXTURE_NOW_MS, ...(accuracyOf && { accuracyOf }) } } };
}

interface MockScore {
  readonly metric: string;
  readonly before: number;
  readonly now: number;
  readonly baseline: number | null;
  readonly warning: number | null;
  readonly critical: number | null;
  readonly state: string | null;
}

const SCORES: readonly MockScore[] = [
  { metric: 'auc', before: 0.826, now: 0.752, baseline: 0.83, warning: 0.809, critical: 0.788, state: 'critical' },
  { metric: 'recall', before: 0.79, now: 0.731, baseline: 0.79, warning: 0.75, critical: 0.71, state: 'warning' },
  { metric: 'accuracy', before: 0.941, now: 0.9312, baseline: 0.942, warning: 0.92, critical: 0.9, state: 'ok' },
  { metric: 'log_loss', before: 0.21, now: 0.262, baseline: 0.2, warning: 0.3, critical: 0.36, state: 'ok' },
  { metric: 'precision', before: 0.68, now: 0.66, baseline: null, warning: null, critical: null, state: null },
];

function rowOf({ metric, now, baseline, warning, critical, state, before }: MockScore, model: string): Row {
  return {
    cluster: '',
    namespace: 'payments',
    model,
    metric,
    task: 'classification',
    positiveClass: 'fraud',
    state,
    since: state === 'critical' || state === 'warning' ? LAST_MS - 13 * MINUTE_MS : null,
    score: now,
    scoreBefore: before,
    baseline,
    change: baseline === null ? null : now - baseline,
    direction: metric === 'log_loss' ? 'lower_is_better' : 'higher_is_better',
    warning,
    critical,
    window: '1h',
    pairs: PAIRS,
    pairsNeeded: 1_000,
    lastPair: FIXTURE_NOW_MS - 4_000,
    openPredictions: 412,
    actualDelay: 190,
  };
}

const TIME_KEYS: readonly string[] = ['since', 'lastPair'];
const TEXT_KEYS: readonly string[] = [
  'cluster',
  'namespace',
  'model',
  'metric',
  'task',
  'positiveClass',
  'state',
  'direction',
  'window',
];

function scoresFrame(rows: readonly Row[]): DataFrame {
  return createDataFrame({
    name: 'Accuracy',
    meta: mark('accuracy-scores'),
    fields: (Object.keys(F) as Array<keyof typeof F>).map((key) => ({
      name: F[key],
      type: TIME_KEYS.includes(key) ? FieldType.time : TEXT_KEYS.includes(key) ? FieldType.string : FieldType.number,
      values: rows.map((row) => row[key]),
    })),
  });
}

const within = (index: number, [from, to]: readonly [number, number]) => index >= from && index <= to;

function histories(model: string): DataFrame[] {
  const labels = { namespace: 'payments', model };
  const time = { name: 'time', type: FieldType.time, values: TIMES };
  const scores = SCORES.map(({ metric, before, now }, seed) => {
    const random = seeded((seed + 3) * 2_654_435_761);
    const values = TIMES.map((_, index) => {
      if (within(index, FEW) || within(index, NONE)) return null;
      const fallen = Math.max(0, Math.min(1, (index - 70) / 20));
      return before + (now - before) * fallen + (random() - 0.5) * Math.abs(now - before) * 0.3;
    });
    values[POINTS - 1] = now;
    return { name: metric, type: FieldType.number, labels: { ...labels, metric }, values };
  });
  const random = seeded(5);
  const counts = TIMES.map((_, index) => {
    if (within(index, NONE)) return null;
    return within(index, FEW) ? 140 : Math.round(PAIRS * (0.85 + 0.3 * random()));
  });
  counts[POINTS - 1] = PAIRS;
  return [
    createDataFrame({ meta: mark('accuracy-history'), fields: [time, ...scores] }),
    createDataFrame({
      meta: mark('accuracy-pairs-history'),
      fields: [time, { name: 'pairs', type: FieldType.number, labels, values: counts }],
    }),
  ];
}

/** Five scores over a day, of which one fell below its limit. @param change of each row */
export function accuracyFrames(change: (row: Row) => Partial<Row> = () => ({})): DataFrame[] {
  const rows = SCORES.map((one) => rowOf(one, 'chargeback-risk')).map((row) => ({ ...row, ...change(row) }));
  return [scoresFrame(rows), ...histories('chargeback-risk')];
}

/** No score is beyond its limit. */
export function calmAccuracy(): DataFrame[] {
  const rows = SCORES.filter(({ state }) => state === 'ok').map((one) => rowOf(one, 'aml-triage'));
  return [scoresFrame(rows), ...histories('aml-triage')];
}

/** Several models with one score each. */
export function fleetAccuracy(models: number): DataFrame[] {
  const rows = Array.from({ length: models }, (_, index) => {
    const base = SCORES[index % SCORES.length];
    return base ? [rowOf(base, `model-${index + 1}`)] : [];
  });
  return [scoresFrame(rows.flat())];
}

function subject(rest: Partial<AccuracyDetailSubject> = {}): AccuracyDetailSubject {
  return {
    cluster: '',
    namespace: 'payments',
    model: 'chargeback-risk',
    task: 'classification',
    positiveClass: 'fraud',
    window: '1h',
    pairs: PAIRS,
    pairsNeeded: 1_000,
    ...rest,
  };
}

const number = (name: string, values: Array<number | null>) => ({ name, type: FieldType.number, values });
const text = (name: string, values: string[]) => ({ name, type: FieldType.string, values });

/** @param pairs by actual, then by predicted class */
function confusionFrame(
  classes: readonly string[],
  pairs: ReadonlyArray<readonly number[]>,
  of: AccuracyDetailSubject
) {
  const cells = classes.flatMap((predicted, column) =>
    classes.map((actual, row) => ({ predicted, actual, pairs: pairs[row]?.[column] ?? 0 }))
  );
  return createDataFrame({
    meta: mark('confusion', of),
    fields: [
      text(
        CONFUSION_FIELDS.predicted,
        cells.map((cell) => cell.predicted)
      ),
      text(
        CONFUSION_FIELDS.actual,
        cells.map((cell) => cell.actual)
      ),
      number(
        CONFUSION_FIELDS.pairs,
        cells.map((cell) => cell.pairs)
      ),
    ],
  });
}

/** Scores that promise more than comes true. @param share of the pairs of a full window */
function calibrationFrame(of: AccuracyDetailSubject, share = 1): DataFrame {
  const bins = Array.from({ length: SCORE_BINS }, (_, index) => {
    const middle = (index + 0.5) / SCORE_BINS;
    const pairs = Math.round(share * PAIRS * 0.34 * Math.exp(-4.2 * middle) + share * 60 * middle ** 4);
    const meanScore = pairs > 0 ? middle + 0.004 * Math.sin(index * 2.1) : null;
    return {
      from: index / SCORE_BINS,
      to: (index + 1) / SCORE_BINS,
      pairs,
      meanScore,
      positives: pairs > 0 ? middle ** 1.35 * 0.92 : null,
    };
  });
  return createDataFrame({
    meta: mark('calibration', of),
    fields: [
      number(
        CALIBRATION_FIELDS.from,
        bins.map(({ from }) => from)
      ),
      number(
        CALIBRATION_FIELDS.to,
        bins.map(({ to }) => to)
      ),
      number(
        CALIBRATION_FIELDS.pairs,
        bins.map(({ pairs }) => pairs)
      ),
      number(
        CALIBRATION_FIELDS.meanScore,
        bins.map(({ meanScore }) => meanScore)
      ),
      number(
        CALIBRATION_FIELDS.positives,
        bins.map(({ positives }) => positives)
      ),
    ],
  });
}

function agesFrame(of: AccuracyDetailSubject): DataFrame {
  return createDataFrame({
    meta: mark('pair-ages', of),
    fields: [text(PAIR_AGE_FIELDS.age, ['1h', '1d', '7d']), number(PAIR_AGE_FIELDS.pairs, [3_368, 716, 126])],
  });
}

/** @param classes name, predicted and actual value at the start, and at the end */
function sidesFrame(
  of: AccuracyDetailSubject,
  classes: ReadonlyArray<
    readonly [name: string, predicted: readonly [number, number], actual: readonly [number, number]]
  >
): DataFrame {
  const fields = classes.flatMap(([name, predicted, actual], seed) =>
    (
      [
        ['predicted', predicted],
        ['actual', actual],
      ] as const
    ).map(([side, [from, to]], offset) => {
      const random = seeded((seed * 2 + offset + 9) * 2_654_435_761);
      return {
        name: side,
        type: FieldType.number,
        labels: { namespace: of.namespace, model: of.model, class: name, side },
        values: TIMES.map((_, index) => {
          if (within(index, NONE)) return null;
          const share = Math.max(0, Math.min(1, (index - 66) / 22));
          return (from + (to - from) * share) * (0.96 + 0.08 * random());
        }),
      };
    })
  );
  return createDataFrame({
    meta: mark('predicted-actual', of),
    fields: [{ name: 'time', type: FieldType.time, values: TIMES }, ...fields],
  });
}

/** What the scores of a binary classification are made of. */
export function binaryDetails(): DataFrame[] {
  const of = subject();
  return [
    confusionFrame(
      ['legit', 'fraud'],
      [
        [3_611, 198],
        [108, 293],
      ],
      of
    ),
    calibrationFrame(of),
    sidesFrame(of, [['fraud', [0.094, 0.148], [0.095, 0.096]]]),
    agesFrame(of),
  ];
}

const SPECIES = [
  'blue',
  'coal',
  'crested',
  'great',
  'longtail',
  'marsh',
  'sparrow',
  'starling',
  'willow',
  'wren',
  'other',
];

/** Eleven classes, of which two are taken for each other and one is rare. */
export function manyClasses(): DataFrame[] {
  const of = subject({ model: 'bird-vision', positiveClass: '', window: '1d', pairs: 8_240, pairsNeeded: 500 });
  const random = seeded(21);
  const pairs = SPECIES.map((actual, row) =>
    SPECIES.map((_, column) => {
      const size = actual === 'crested' ? 18 : 400 + row * 70;
      if (row === column) return Math.round(size * (actual === 'marsh' ? 0.58 : 0.9));
      const taken =
        (actual === 'marsh' && SPECIES[column] === 'willow') || (actual === 'willow' && SPECIES[column] === 'marsh');
      return Math.round(size * (taken ? 0.31 : 0.012 * random()));
    })
  );
  const sides = SPECIES.map((name, index) => {
    const share = (0.05 + index * 0.009) as number;
    const gap = name === 'willow' ? 1.4 : 1;
    return [name, [share, share * gap], [share, share]] as const;
  });
  return [confusionFrame(SPECIES, pairs, of), sidesFrame(of, sides)];
}

/** A regression: means, and no classes. */
export function regressionDetails(): DataFrame[] {
  const of = subject({ model: 'eta-courier', task: 'regression', positiveClass: '' });
  return [sidesFrame(of, [['', [31.2, 29.8], [30.9, 36.4]]]), agesFrame(of)];
}

/** 61 of 1,000 pairs: shapes, and no finding. */
export function fewDetails(): DataFrame[] {
  const of = subject({ pairs: 61 });
  return [
    confusionFrame(
      ['legit', 'fraud'],
      [
        [47, 5],
        [4, 5],
      ],
      of
    ),
    calibrationFrame(of, 0.015),
  ];
}

/** Asked for, and no pair was counted. */
export function noPairs(): DataFrame[] {
  const of = subject({ pairs: 0 });
  return [createDataFrame({ meta: mark('pair-ages', of), fields: [] })];
}
