/** `modelwatch report`: one page on a model and a period. */
import { readFileSync, writeFileSync } from 'node:fs';
import { preview } from '@modelwatch/contract';
import { html, markdown } from '../report/render';
import { clustersOf, reportOn } from '../report/report';
import { prometheusReader } from '../sources/prometheus/samples';
import { parseFlagsAndFiles, single, UsageError, type Flags } from './arguments';
import { isFile, modelName } from './table-arguments';

const FLAGS = ['from', 'to', 'prometheus.url', 'cluster', 'format', 'output', 'events'];
const FORMATS = ['markdown', 'html'] as const;
const DAY_SECONDS = 86_400;
const DEFAULT_DAYS = 30;
const MOST_DAYS = 400;

/** @returns the exit code. @throws UsageError */
export async function runReport(args: readonly string[]): Promise<number> {
  const { flags, files } = parseFlagsAndFiles(args, FLAGS);
  if (files.length !== 1) throw new UsageError(`expected one NAMESPACE/MODEL, got ${files.length}`);
  const [namespace = '', model = ''] = modelName(files[0]);
  const now = Date.now() / 1_000;
  const toSeconds = timeOf(flags, 'to', now);
  const fromSeconds = timeOf(flags, 'from', toSeconds - DEFAULT_DAYS * DAY_SECONDS);
  const days = (toSeconds - fromSeconds) / DAY_SECONDS;
  if (!(days > 0 && days <= MOST_DAYS))
    throw new UsageError(`--from: expected a time up to ${MOST_DAYS} days before --to`);
  const format = FORMATS.find((each) => each === (single(flags, 'format') ?? 'markdown'));
  if (!format)
    throw new UsageError(`--format: expected ${FORMATS.join(' or ')}, got ${preview(single(flags, 'format'))}`);
  const period = { namespace, model, fromSeconds, toSeconds, cluster: single(flags, 'cluster') };
  const prometheus = prometheusReader(urlOf(flags));
  // Where it does not answer, each section says so.
  const clusters = await clustersOf(prometheus, period).catch(() => []);
  if (clusters.length > 1) {
    const known = clusters.map((each) => JSON.stringify(each)).join(', ');
    throw new UsageError(`--cluster: expected one of ${known}, which all have a model of this name, got none`);
  }
  const report = await reportOn(period, prometheus, eventLines(flags), now);
  const text = format === 'html' ? html(report) : markdown(report);
  const output = single(flags, 'output');
  if (output === undefined) process.stdout.write(text);
  else writeFileSync(output, text);
  return 0;
}

function timeOf(flags: Flags, flag: string, fallback: number): number {
  const text = single(flags, flag);
  if (text === undefined) return fallback;
  const seconds = Date.parse(text) / 1_000;
  if (Number.isFinite(seconds)) return seconds;
  throw new UsageError(`--${flag}: expected a day or a time as 2026-11-21T00:00:00Z, got ${preview(text)}`);
}

function urlOf(flags: Flags): string {
  const url = single(flags, 'prometheus.url') ?? '';
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new UsageError(`--prometheus.url: expected an http:// or https:// URL, got ${preview(url)}`);
}

function eventLines(flags: Flags): string[] | undefined {
  return flags['events']?.flatMap((file) => {
    if (!isFile(file)) throw new UsageError(`--events: expected a file that can be read, got ${preview(file)}`);
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  });
}
