/** `modelwatch check --suggest`: objectives that would have been kept, from what Prometheus has recorded. */
import { preview } from '@modelwatch/contract';
import { loadConfig } from '../config/load';
import { LEAST_DAYS } from '../domain/slo/suggest';
import { suggestedFile } from '../domain/slo/suggest-words';
import { PrometheusError } from '../sources/prometheus/query';
import { readPasts } from '../sources/prometheus/past';
import { prometheusReader } from '../sources/prometheus/samples';
import { single, UsageError } from './arguments';
import { configInput } from './config-arguments';
import { progressBar } from './progress';
import { prometheusWords } from './prometheus-words';
import { modelName } from './table-arguments';

export const SUGGEST_FLAG = '--suggest';
const DEFAULT_DAYS = 30;
const MOST_DAYS = 90;
const HOUR_SECONDS = 3_600;

/** Prints a file of objectives, with why in comments. @returns the exit code: 1 when there is none. @throws UsageError, ConfigError */
export async function runSuggest(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const input = configInput(args, env, ['model', 'days', 'cluster']);
  const { url } = loadConfig(input).config.prometheus;
  if (url === undefined)
    throw new UsageError(`${SUGGEST_FLAG}: expected --prometheus.url with the address of Prometheus`);
  const models = input.flags['model'] ?? [];
  for (const model of models) modelName(model);
  const days = daysOf(single(input.flags, 'days'));
  const untilSeconds = Math.floor(Date.now() / 1_000 / HOUR_SECONDS) * HOUR_SECONDS;
  const asked = { days, untilSeconds, cluster: single(input.flags, 'cluster'), models };
  const bar = progressBar(process.stderr);
  try {
    const read = await readPasts(prometheusReader(url).answer, asked, bar.show);
    bar.end();
    const missing = models.filter((name) => !read.models.some((one) => `${one.namespace}/${one.model}` === name));
    const warnings = [...read.warnings, ...missing.map((name) => `Prometheus has no model ${preview(name)}`)];
    for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
    const { lines, proposals } = suggestedFile(read.models, days);
    for (const line of lines) console.log(line);
    return proposals > 0 ? 0 : 1;
  } catch (error) {
    bar.end();
    if (!(error instanceof PrometheusError)) throw error;
    process.stderr.write(`prometheus.url: ${prometheusWords(error)}\n`);
    return 1;
  }
}

/** @throws UsageError */
function daysOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_DAYS;
  const value = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (value >= LEAST_DAYS && value <= MOST_DAYS) return value;
  throw new UsageError(`--days: expected a whole number from ${LEAST_DAYS} to ${MOST_DAYS}, got ${preview(text)}`);
}
