/** Frames of the queries *accuracy* and *accuracy-detail* -> checked values. A wrong one is refused with place, value and expectation. */
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import {
  ACCURACY_SCORE_FIELDS,
  ACCURACY_STATES,
  BASELINE_METRICS,
  CALIBRATION_FIELDS,
  CONFUSION_FIELDS,
  decode,
  DecodeError,
  DISTRIBUTION_WINDOWS,
  isObject,
  PAIR_AGE_FIELDS,
  PREDICTION_AGES,
} from '@modelwatch/contract';
import { atLeastZero, filled, finite, ratio, word } from '../decoders';
import type { CalibrationBin, Confusion, DetailSubject, PairAges, PredictedActual, Values } from './types';

/** More could not be told apart; what sends them is no data source of ours. */
const MOST_CLASSES = 25;
const MOST_BINS = 200;

const decodeScore = decode.object({
  cluster: word,
  namespace: filled,
  model: filled,
  metric: decode.oneOf(BASELINE_METRICS),
  task: word,
  positiveClass: word,
  /** Null where the score has no limit. */
  state: decode.optional(decode.oneOf(ACCURACY_STATES)),
  since: finite,
  score: finite,
  scoreBefore: finite,
  baseline: finite,
  warning: finite,
  critical: finite,
  window: decode.optional(decode.oneOf(DISTRIBUTION_WINDOWS)),
  pairs: decode.optional(atLeastZero),
  pairsNeeded: decode.optional(atLeastZero),
  lastPair: finite,
  openPredictions: decode.optional(atLeastZero),
  actualDelay: decode.optional(atLeastZero),
});
export type ScoreRow = ReturnType<typeof decodeScore>;

/** Reads rows of a frame by the names that the contract gives its fields. */
function rowReader(frame: DataFrame, fields: Readonly<Record<string, string>>) {
  const byName = new Map(frame.fields.map(({ name, values }) => [name, values as readonly unknown[]]));
  return (index: number): Record<string, unknown> =>
    Object.fromEntries(Object.entries(fields).map(([key, name]) => [key, byName.get(name)?.[index]]));
}

function rowsOf<T>(
  frame: DataFrame,
  kind: string,
  fields: Readonly<Record<string, string>>,
  one: (value: unknown, path: string) => T
): T[] {
  const row = rowReader(frame, fields);
  return Array.from({ length: frame.length }, (_, index) => one(row(index), `${kind}, row ${index + 1}`));
}

/** @throws DecodeError naming frame, row and field */
export function scoreRows(frame: DataFrame): ScoreRow[] {
  return rowsOf(frame, 'accuracy-scores', ACCURACY_SCORE_FIELDS, decodeScore);
}

const decodeSubject = decode.object({
  cluster: word,
  namespace: filled,
  model: filled,
  task: word,
  positiveClass: word,
  window: decode.oneOf(DISTRIBUTION_WINDOWS),
  pairs: decode.optional(atLeastZero),
  pairsNeeded: decode.optional(atLeastZero),
});

/** The model that a frame of details is of. @throws DecodeError where its mark does not say */
export function detailSubject(frame: DataFrame, kind: string): DetailSubject {
  const mark: unknown = frame.meta?.custom?.modelwatch;
  const told = isObject(mark) ? mark.accuracyOf : undefined;
  if (!isObject(told)) throw new DecodeError(`${kind}, subject`, told, 'the model that it is of');
  const { cluster = '', task = '', positiveClass = '', ...rest } = decodeSubject(told, `${kind}, subject`);
  return { cluster, task, positiveClass, ...rest };
}

const decodeCell = decode.object({ predicted: filled, actual: filled, pairs: decode.optional(atLeastZero) });

/** @throws DecodeError naming frame, row and field */
export function confusionOf(frame: DataFrame): Confusion {
  const cells = rowsOf(frame, 'confusion', CONFUSION_FIELDS, decodeCell);
  const classes = [...new Set(cells.flatMap(({ predicted, actual }) => [predicted, actual]))];
  if (classes.length > MOST_CLASSES) {
    throw new DecodeError('confusion, classes', classes.length, `at most ${MOST_CLASSES}`);
  }
  const pairs = classes.map(() => new Array<number | undefined>(classes.length).fill(undefined));
  const seen = new Set<string>();
  cells.forEach(({ predicted, actual, pairs: count }, index) => {
    const key = JSON.stringify([predicted, actual]);
    if (seen.has(key)) throw new DecodeError(`confusion, row ${index + 1}`, key, 'each pair of classes once');
    seen.add(key);
    const row = pairs[classes.indexOf(actual)];
    if (row) row[classes.indexOf(predicted)] = count;
  });
  return { classes, pairs, actuals: pairs.map((row) => row.reduce<number>((sum, count) => sum + (count ?? 0), 0)) };
}

const decodeCalibration = decode.object({
  from: ratio,
  to: ratio,
  pairs: atLeastZero,
  meanScore: decode.optional(ratio),
  positives: decode.optional(ratio),
});

/** @throws DecodeError naming frame, row and field */
export function calibrationOf(frame: DataFrame): CalibrationBin[] {
  if (frame.length > MOST_BINS) throw new DecodeError('calibration, bins', frame.length, `at most ${MOST_BINS}`);
  const bins = rowsOf(frame, 'calibration', CALIBRATION_FIELDS, decodeCalibration);
  bins.forEach(({ from, to }, index) => {
    const place = `calibration, row ${index + 1}`;
    if (to <= from) throw new DecodeError(`${place}.to`, to, `a number above ${from}`);
    const before = bins[index - 1];
    if (before && from < before.to) throw new DecodeError(`${place}.from`, from, `a number from ${before.to}`);
  });
  return bins;
}

const decodeAge = decode.object({ age: decode.oneOf(PREDICTION_AGES), pairs: atLeastZero });

/** @throws DecodeError naming frame, row and field */
export function agesOf(frame: DataFrame): PairAges {
  const rows = rowsOf(frame, 'pair-ages', PAIR_AGE_FIELDS, decodeAge);
  const ages = PREDICTION_AGES.flatMap((age) => {
    const found = rows.filter((row) => row.age === age);
    if (found.length > 1) throw new DecodeError('pair-ages', age, 'each age once');
    return found;
  });
  return { ages, pairs: ages.reduce((sum, { pairs }) => sum + pairs, 0) };
}

export interface DecodedLine {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Values;
}

export interface DecodedLines {
  readonly timesMs: readonly number[];
  readonly lines: readonly DecodedLine[];
}

function timesOf(field: Field | undefined, kind: string): number[] {
  const values: readonly unknown[] = field?.values ?? [];
  let before = -Infinity;
  return values.map((value, index) => {
    const ms = decode.number(value, `${kind}, time[${index}]`);
    if (ms <= before) throw new DecodeError(`${kind}, time[${index}]`, value, 'a time after the one before');
    before = ms;
    return ms;
  });
}

/** Fields of values over one field of times. @throws DecodeError naming frame, field and place */
export function linesOf(frame: DataFrame, kind: string): DecodedLines {
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  if (!time && frame.length > 0) throw new DecodeError(`${kind}, time`, undefined, 'a field of times');
  const lines = frame.fields
    .filter((field) => field !== time)
    .map(({ name, labels = {}, values }) => ({
      name,
      labels,
      values: (values as readonly unknown[]).map((value, index) =>
        // A gap is null; Grafana itself makes NaN of it in some joins.
        value === null || value === undefined || Number.isNaN(value)
          ? null
          : decode.number(value, `${kind}, field ${name}[${index}]`)
      ),
    }));
  return { timesMs: timesOf(time, kind), lines };
}

/** Distance of two times; 0 with fewer than two. */
export function stepOf(timesMs: readonly number[]): number {
  let least = Infinity;
  timesMs.forEach((ms, index) => {
    if (index) least = Math.min(least, ms - (timesMs[index - 1] ?? ms));
  });
  return Number.isFinite(least) ? least : 0;
}

const SIDES = ['predicted', 'actual'] as const;

/** @throws DecodeError naming frame, field and label */
export function predictedActualOf(frame: DataFrame): PredictedActual {
  const { timesMs, lines } = linesOf(frame, 'predicted-actual');
  const byClass = new Map<string, Partial<Record<(typeof SIDES)[number], Values>>>();
  for (const { name, labels, values } of lines) {
    const side = decode.oneOf(SIDES)(labels.side, `predicted-actual, field ${name}, label side`);
    const ofClass = byClass.get(labels.class ?? '') ?? {};
    if (ofClass[side]) throw new DecodeError(`predicted-actual, field ${name}`, side, 'each side of a class once');
    byClass.set(labels.class ?? '', { ...ofClass, [side]: values });
  }
  const none = timesMs.map(() => null);
  const classes = [...byClass].map(([name, { predicted = none, actual = none }]) => ({ name, predicted, actual }));
  return { timesMs, stepMs: stepOf(timesMs), classes };
}
