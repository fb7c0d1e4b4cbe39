/** Rows as files: CSV, and JSON lines. Columns of the CSV are named as the places in the JSON. */
import type { ModelRow, RowValue } from '@modelwatch/contract';

const FIXED = [
  'id',
  'version',
  'timeSeconds',
  'prediction',
  'score',
  'actual',
  'actualSeconds',
  'predictedClass',
  'actualClass',
  'wrong',
] as const;

/** A spreadsheet takes a text that begins so for a formula, and runs it. */
const FORMULA = /^[\s]*[=+\-@\t\r|%]/;

export async function* jsonLines(rows: AsyncIterable<ModelRow>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

/**
 * RFC 4180, with a header. Nobody knows the columns before the last row: the rows are gone through twice.
 * @param again gives the rows anew; columns that came meanwhile are left out
 */
export async function* csv(again: () => AsyncIterable<ModelRow>): AsyncGenerator<string> {
  const segments = new Set<string>();
  const features = new Set<string>();
  for await (const row of again()) {
    for (const name of Object.keys(row.segments)) segments.add(name);
    for (const name of Object.keys(row.features)) features.add(name);
  }
  const header = [
    ...FIXED,
    ...[...segments].map((name) => `segments.${name}`),
    ...[...features].map((name) => `features.${name}`),
  ];
  yield line(header);
  for await (const row of again()) {
    yield line([
      ...FIXED.map((name) => row[name]),
      ...[...segments].map((name) => own(row.segments, name)),
      ...[...features].map((name) => own(row.features, name)),
    ]);
  }
}

function own(values: Readonly<Record<string, RowValue>>, name: string): RowValue | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function line(values: readonly (RowValue | undefined)[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

function cell(value: RowValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
