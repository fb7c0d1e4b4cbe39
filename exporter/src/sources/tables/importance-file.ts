import { readFileSync } from 'node:fs';
import { isObject, preview } from '@modelwatch/contract';
import Papa from 'papaparse';
import { TableError } from '../../profile/table';

/** Importance by feature: lines `feature,value` (a header is left out), or one JSON object. @throws TableError */
export function readImportance(file: string): ReadonlyMap<string, number> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch {
    throw new TableError([`--importance: expected a file that can be read, got ${preview(file)}`]);
  }
  return new Map(text.startsWith('{') ? ofObject(text) : ofLines(text));
}

function ofObject(text: string): [string, number][] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TableError(['--importance: expected one JSON object or lines feature,value']);
  }
  if (!isObject(value)) throw new TableError(['--importance: expected one JSON object']);
  return Object.entries(value).map(([name, importance]) => entry(name, importance, name));
}

function ofLines(text: string): [string, number][] {
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: true, delimiter: ',' });
  const isHeader = data.length > 0 && Number.isNaN(Number(data[0]?.[1]));
  return data.slice(isHeader ? 1 : 0).map(([name = '', value = ''], index) => {
    return entry(name, value.trim() === '' ? NaN : Number(value), `line ${index + (isHeader ? 2 : 1)}`);
  });
}

function entry(name: string, value: unknown, place: string): [string, number] {
  if (name !== '' && typeof value === 'number' && Number.isFinite(value)) return [name, value];
  throw new TableError([`--importance, ${place}: expected a feature and a number, got ${preview(value)}`]);
}
