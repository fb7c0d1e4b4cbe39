/** Frames of the queries *drift* and *distribution* -> checked values. A wrong one is refused with place, value and expectation. */
import { FieldType, type DataFrame } from '@grafana/data';
import {
  decode,
  DecodeError,
  DISTRIBUTION_FIELDS,
  DISTRIBUTION_METHODS,
  DISTRIBUTION_WINDOWS,
  DRIFT_SCORE_FIELDS,
  DRIFT_STATES,
  DRIFT_SUBJECTS,
  FEATURE_WEIGHTS,
  isObject,
  type DistributionOrigins,
} from '@modelwatch/contract';
import { frameMark } from '../mark';
import { atLeastZero, columns, filled, finite, ratio, rowAt, word } from '../decoders';
import type { Bin } from './types';

const decodeRow = decode.object({
  cluster: word,
  namespace: filled,
  model: filled,
  subject: decode.oneOf(DRIFT_SUBJECTS),
  feature: word,
  type: word,
  /** Null without a reference, and without limits for the statistic. */
  state: decode.optional(decode.oneOf(DRIFT_STATES)),
  since: finite,
  score: finite,
  scoreBefore: finite,
  method: decode.optional(decode.oneOf(DISTRIBUTION_METHODS)),
  window: decode.optional(decode.oneOf(DISTRIBUTION_WINDOWS)),
  rows: decode.optional(atLeastZero),
  rowsNeeded: decode.optional(atLeastZero),
  warning: finite,
  critical: finite,
  importance: decode.optional(ratio),
  weight: decode.optional(decode.oneOf(FEATURE_WEIGHTS)),
  reference: word,
  referenceName: word,
  referenceRows: decode.optional(atLeastZero),
  lastPrediction: finite,
});
export type ScoreRow = ReturnType<typeof decodeRow>;

function checked(value: Record<string, unknown>, place: string): ScoreRow {
  const row = decodeRow(value, place);
  if (row.subject === 'feature' && !row.feature) throw new DecodeError(`${place}.feature`, row.feature, 'a name');
  // A score without its statistic is a number without a unit.
  if (row.score !== undefined && !row.method) {
    throw new DecodeError(`${place}.method`, row.method, `one of ${DISTRIBUTION_METHODS.join(', ')} beside a score`);
  }
  return row;
}

/** @throws DecodeError naming frame, row and field */
export function scoreRows(frame: DataFrame): ScoreRow[] {
  const byName = columns(frame);
  return Array.from({ length: frame.length }, (_, index) =>
    checked(rowAt(DRIFT_SCORE_FIELDS, byName, index), `drift-scores, row ${index + 1}`)
  );
}

const decodeBin = decode.object({
  bin: filled,
  label: filled,
  from: finite,
  to: finite,
  special: decode.boolean,
  reference: decode.optional(ratio),
  current: decode.optional(ratio),
  rows: decode.optional(atLeastZero),
  adds: finite,
});

const decodeOrigins = decode.object({ method: word, window: word, thresholds: word, minimumRows: word });

export interface DecodedDistribution {
  readonly row: ScoreRow;
  readonly bins: readonly Bin[];
  readonly origins: DistributionOrigins;
}

/** @throws DecodeError naming frame, row and field */
export function distributionOf(frame: DataFrame): DecodedDistribution {
  const mark: unknown = frame.meta?.custom?.modelwatch;
  const subject = isObject(mark) ? mark.subject : undefined;
  if (!isObject(mark) || !isObject(subject))
    throw new DecodeError('distribution, subject', subject, 'the feature that it is of');
  const byName = columns(frame);
  const seen = new Set<string>();
  const bins = Array.from({ length: frame.length }, (_, index): Bin => {
    const place = `distribution, row ${index + 1}`;
    const { bin: id, ...rest } = decodeBin(rowAt(DISTRIBUTION_FIELDS, byName, index), place);
    if (seen.has(id)) throw new DecodeError(`${place}.bin`, id, 'each bin once');
    seen.add(id);
    return { id, ...rest };
  });
  const origins = mark.origins === undefined ? {} : decodeOrigins(mark.origins, 'distribution, origins');
  return { row: checked(subject, 'distribution, subject'), bins, origins };
}

export interface DecodedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: ReadonlyArray<number | null>;
}

export interface DecodedHistory {
  readonly timesMs: readonly number[];
  readonly series: readonly DecodedSeries[];
}

/** @throws DecodeError naming frame, field and place */
export function historyFrame(frame: DataFrame): DecodedHistory {
  const kind = frameMark(frame)?.kind ?? 'drift-history';
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  if (!time && frame.length > 0) throw new DecodeError(`${kind}, time`, undefined, 'a field of times');
  const timesMs = (time?.values ?? []).map((value: unknown, index: number) => {
    const ms = decode.number(value, `${kind}, time[${index}]`);
    if (index > 0 && ms <= Number(time?.values[index - 1])) {
      throw new DecodeError(`${kind}, time[${index}]`, value, 'a time after the one before');
    }
    return ms;
  });
  const series = frame.fields
    .filter((field) => field !== time)
    .map(({ name, labels = {}, values }) => {
      const { subject } = labels;
      decode.oneOf(DRIFT_SUBJECTS)(subject, `${kind}, field ${name}, label subject`);
      return {
        labels,
        values: values.map((value: unknown, index: number) =>
          // A gap is null; Grafana itself makes NaN of it in some joins.
          value === null || value === undefined || Number.isNaN(value)
            ? null
            : decode.number(value, `${kind}, field ${name}[${index}]`)
        ),
      };
    });
  return { timesMs, series };
}
