/**
 * Reads what a Prometheus data source answers: one frame per series, or one table with a column per label. Anything
 * else is refused with the frame and the field, since a guess would draw a wrong state.
 */
import { FieldType, type DataFrame, type Field, type Labels } from '@grafana/data';
import { preview } from '@modelwatch/contract';

/** One series as of one moment. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** One series over time; `values` has null where Prometheus had no number. */
export interface Series {
  readonly labels: Labels;
  readonly timesMs: readonly number[];
  readonly values: ReadonlyArray<number | null>;
}

/** An answer that is not what was asked for. */
class FrameError extends Error {
  constructor(place: string, field: string | undefined, expected: string) {
    super(`${place}${field === undefined ? '' : `, field "${field}"`}: expected ${expected}`);
    this.name = 'FrameError';
  }
}

const NAME = '__name__';

function placeOf(frame: DataFrame, index: number, answer: string): string {
  return `Prometheus answer "${answer}", frame ${index + 1}${frame.name ? ` ("${frame.name}")` : ''}`;
}

/** The values of a field, held to be as many as the frame has rows and each of the type. */
function valuesOf<T>(
  field: Field,
  frame: DataFrame,
  place: string,
  check: (value: unknown) => value is T,
  what: string
): T[] {
  const values: unknown = field.values;
  if (!Array.isArray(values) || values.length !== frame.length) {
    const got = Array.isArray(values) ? values.length : preview(values);
    throw new FrameError(place, field.name, `${frame.length} values, got ${got}`);
  }
  const wrong = values.findIndex((value) => !check(value));
  if (wrong >= 0) throw new FrameError(place, field.name, `${what} in row ${wrong + 1}, got ${preview(values[wrong])}`);
  return values as T[];
}

const isNumberOrNull = (value: unknown): value is number | null =>
  value === null || value === undefined || typeof value === 'number';
const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isText = (value: unknown): value is string | null =>
  value === null || value === undefined || typeof value === 'string';

/** NaN and infinities are no numbers to show: a ratio without requests is NaN. */
function finite(value: number | null): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Newer Prometheus data sources name the value field after the metric; then the label may be left out. */
function labelsOf(field: Field): Labels {
  const labels = field.labels ?? {};
  const isNamed = field.name.includes(':') || field.name.startsWith('modelwatch_');
  return labels[NAME] === undefined && isNamed ? { ...labels, [NAME]: field.name } : labels;
}

function numberFields(frame: DataFrame, place: string): Field[] {
  const fields = frame.fields.filter((field) => field.type === FieldType.number);
  if (!fields.length && frame.fields.length) {
    throw new FrameError(place, undefined, `a number field, got ${frame.fields.map((f) => f.name).join(', ')}`);
  }
  return fields;
}

function samplesOfTable(frame: DataFrame, place: string): Sample[] {
  const [value, ...more] = numberFields(frame, place);
  if (!value) return [];
  if (more.length) throw new FrameError(place, more[0]?.name, 'one number field beside the labels');
  const numbers = valuesOf(value, frame, place, isNumberOrNull, 'a number');
  const columns = frame.fields
    .filter((field) => field.type === FieldType.string)
    .map((field) => ({ label: field.name, texts: valuesOf(field, frame, place, isText, 'a text') }));
  return numbers.flatMap((entry, row) => {
    const number = finite(entry);
    if (number === null) return [];
    const labels: Labels = {};
    for (const { label, texts } of columns) {
      const text = texts[row];
      if (text) labels[label] = text;
    }
    return [{ labels, value: number }];
  });
}

/**
 * The samples of an instant query. Of a series with several rows the last number counts.
 * @param answer what was asked for, for error messages
 * @throws FrameError
 */
export function readSamples(frames: readonly DataFrame[], answer: string): Sample[] {
  return frames.flatMap((frame, index) => {
    const place = placeOf(frame, index, answer);
    if (frame.fields.some((field) => field.type === FieldType.string)) return samplesOfTable(frame, place);
    return numberFields(frame, place).flatMap((field) => {
      const numbers = valuesOf(field, frame, place, isNumberOrNull, 'a number');
      const value = finite(numbers.at(-1) ?? null);
      return value === null ? [] : [{ labels: labelsOf(field), value }];
    });
  });
}

/**
 * The series of a range query.
 * @param answer what was asked for, for error messages
 * @throws FrameError
 */
export function readSeries(frames: readonly DataFrame[], answer: string): Series[] {
  return frames.flatMap((frame, index) => {
    const place = placeOf(frame, index, answer);
    if (!frame.fields.length) return [];
    const time = frame.fields.find((field) => field.type === FieldType.time);
    if (!time)
      throw new FrameError(place, undefined, `a time field, got ${frame.fields.map((f) => f.name).join(', ')}`);
    const timesMs = valuesOf(time, frame, place, isTime, 'a time in milliseconds');
    return numberFields(frame, place).map((field) => ({
      labels: labelsOf(field),
      timesMs,
      values: valuesOf(field, frame, place, isNumberOrNull, 'a number').map(finite),
    }));
  });
}
