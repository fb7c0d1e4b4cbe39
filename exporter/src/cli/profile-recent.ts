/** `modelwatch profile --from-prometheus`: a reference of what a model was asked in the last days. */
import { readFileSync } from 'node:fs';
import { preview, type Reference } from '@modelwatch/contract';
import { recentReference } from '../profile/recent';
import { TableError } from '../profile/table';
import { prometheusQuery } from '../sources/prometheus/query';
import { DAY_SECONDS, readRecentRows, type RecentRead } from '../sources/prometheus/recent-rows';
import { readReference, ReferenceError } from '../sources/references/document';
import { parseFlags, single, UsageError, type Flags } from './arguments';
import { progressBar } from './progress';
import { summaryOf, writeReference } from './reference-file';
import { login } from './running-exporter';
import { isFile, modelName } from './table-arguments';

const FLAGS = [
  ...['from-prometheus', 'reference', 'days', 'gap-days', 'until', 'cluster', 'user', 'bearer-token-file'],
  ...['model', 'version', 'name', 'output'],
];
const DEFAULT_DAYS = 14;
const MOST_DAYS = 400;
const HOUR_SECONDS = 3_600;

/** @returns the exit code: 1 when there is no reference to make. @throws UsageError */
export async function runRecentProfile(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, FLAGS);
  const url = urlOf(flags);
  const base = baseOf(flags);
  const [namespace = base.namespace, model = base.model] = modelName(single(flags, 'model'));
  if (namespace === undefined || model === undefined) {
    throw new UsageError('--model: expected NAMESPACE/MODEL, since the reference does not name its model');
  }
  const days = wholeDays('days', flags, DEFAULT_DAYS, 1);
  const untilSeconds = untilOf(flags) - wholeDays('gap-days', flags, 0, 0) * DAY_SECONDS;
  const asked = { reference: base, namespace, model, days, untilSeconds, cluster: single(flags, 'cluster') };
  const bar = progressBar(process.stderr);
  try {
    const read = await readRecentRows(prometheusQuery(url, headersOf(flags)), asked, bar.show);
    const span = `${days} days to ${new Date(untilSeconds * 1_000).toISOString().slice(0, 16)}Z`;
    const name = single(flags, 'name') ?? `${model}, ${span}`;
    const version = single(flags, 'version');
    const { reference, warnings } = recentReference({ ...base, namespace, model }, read.rows, { name, version });
    bar.end();
    writeReference(reference, single(flags, 'output'));
    const all = [...read.warnings, ...emptyDays(read, days), ...warnings];
    for (const warning of all) process.stderr.write(`warning: ${warning}\n`);
    process.stderr.write(`${summaryOf(reference)}\n`);
    return 0;
  } catch (error) {
    bar.end();
    if (!(error instanceof TableError)) throw error;
    for (const problem of error.problems) process.stderr.write(`${url}: ${problem}\n`);
    return 1;
  }
}

function emptyDays({ daysWithRows, firstSeconds = NaN }: RecentRead, days: number): string[] {
  if (daysWithRows === days) return [];
  const first = new Date(firstSeconds * 1_000).toISOString().slice(0, 16);
  return [
    `${daysWithRows} of the ${days} days have rows, the first from ${first}Z: does Prometheus keep them for so long?`,
  ];
}

function urlOf(flags: Flags): string {
  const url = single(flags, 'from-prometheus') ?? '';
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new UsageError(`--from-prometheus: expected an http:// or https:// URL, got ${preview(url)}`);
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new UsageError('--from-prometheus: expected a URL without a password: it would be in the list of processes');
  }
  return url;
}

function baseOf(flags: Flags): Reference {
  const file = single(flags, 'reference');
  if (file === undefined) {
    throw new UsageError('--from-prometheus: expected --reference FILE, whose bins the rows were counted in');
  }
  if (!isFile(file)) throw new UsageError(`--reference: expected a file that can be read, got ${preview(file)}`);
  try {
    return readReference(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof ReferenceError) throw new UsageError(`--reference ${file}: ${error.message}`);
    throw error;
  }
}

function wholeDays(flag: string, flags: Flags, fallback: number, least: number): number {
  const text = single(flags, flag);
  if (text === undefined) return fallback;
  const value = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= MOST_DAYS) return value;
  throw new UsageError(`--${flag}: expected a whole number from ${least} to ${MOST_DAYS}, got ${preview(text)}`);
}

/** Without the flag the last full hour. */
function untilOf(flags: Flags): number {
  const text = single(flags, 'until');
  if (text === undefined) return Math.floor(Date.now() / 1_000 / HOUR_SECONDS) * HOUR_SECONDS;
  const seconds = Date.parse(text) / 1_000;
  if (Number.isFinite(seconds)) return seconds;
  throw new UsageError(`--until: expected a time as 2026-11-21T00:00:00Z, got ${preview(text)}`);
}

function headersOf(flags: Flags): Record<string, string> {
  const file = single(flags, 'bearer-token-file');
  if (file === undefined) return login(single(flags, 'user'), process.env);
  if (single(flags, 'user') !== undefined) {
    throw new UsageError('expected one of --user and --bearer-token-file, got both');
  }
  if (!isFile(file))
    throw new UsageError(`--bearer-token-file: expected a file that can be read, got ${preview(file)}`);
  return { authorization: `Bearer ${readFileSync(file, 'utf8').trim()}` };
}
