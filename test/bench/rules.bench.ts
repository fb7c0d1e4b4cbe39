/** How long a real Prometheus takes to evaluate the shipped rules over a large fleet, beside how often it does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { stringify } from 'yaml';
import { renderRules } from '../../exporter/src/rules';
import { freePort, getJson, startProgram, until } from '../support/processes';
import { median, type Figure, type Suite } from './figures';
import { BUCKETS, fleetPage, REPLICAS } from './rules/fleet-page';

/** MODELWATCH_BENCH_MODELS takes other sizes, separated by commas. */
const SIZES = (process.env['MODELWATCH_BENCH_MODELS'] ?? '1000,5000').split(',').map(Number);
const INTERVAL_SECONDS = 30;
/** As far as the rates look back. */
const PAST_SECONDS = 300;
/** Besides the first, which reads what was not recorded yet. */
const EVALUATIONS = 3;

interface Group {
  readonly name: string;
  /** Seconds. */
  readonly interval: number;
  readonly evaluationTime: number;
  readonly lastEvaluation: string;
  readonly rules: readonly { readonly name: string; readonly lastError?: string }[];
}

/** Every rule group over fleets of growing size, a group as a ratio to its interval. */
export const rules: Suite = {
  name: 'rules',
  run: async () => {
    const figures: Omit<Figure, 'suite'>[] = [];
    for (const models of SIZES) figures.push(...(await measure(models)));
    return figures;
  },
};

async function measure(models: number): Promise<Omit<Figure, 'suite'>[]> {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-bench-rules-'));
  const fed = feed(models);
  const [target, web] = [await fed.listen(), await freePort()];
  writeFileSync(join(folder, 'rules.yml'), renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS }));
  const configure = (files: readonly string[]) =>
    writeFileSync(join(folder, 'prometheus.yml'), stringify(configuration(target, files)));
  configure([]);
  const url = `http://127.0.0.1:${web}`;
  const prometheus = startProgram('prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${web}`,
    '--web.enable-lifecycle',
    '--log.level=error',
  ]);
  try {
    await until('the past', () => Promise.resolve(fed.isUpToDate()), Boolean, 600_000);
    configure([join(folder, 'rules.yml')]);
    const reloaded = await fetch(`${url}/-/reload`, { method: 'POST' });
    if (!reloaded.ok) throw new Error(`reload: ${await reloaded.text()}`);
    return [...(await evaluations(url))].map(([name, { seconds, interval }]) => ({
      name: `${name}, ${models} models x ${REPLICAS} replicas x ${BUCKETS} buckets`,
      value: seconds,
      unit: 's' as const,
      yardstick: { name: 'its interval', value: interval },
    }));
  } finally {
    await prometheus.stop();
    fed.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function configuration(target: string, files: readonly string[]): unknown {
  return {
    global: { scrape_interval: '5s', scrape_timeout: '5s', evaluation_interval: `${INTERVAL_SECONDS}s` },
    rule_files: files,
    scrape_configs: [{ job_name: 'modelwatch', honor_labels: true, static_configs: [{ targets: [target] }] }],
  };
}

/** A fleet that tells its last minutes in as many scrapes as it takes, and then goes on at its interval. */
function feed(models: number) {
  let at = Date.now() / 1000 - PAST_SECONDS;
  const isUpToDate = () => at + INTERVAL_SECONDS > Date.now() / 1000;
  const server: Server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    if (isUpToDate()) return response.end();
    at += INTERVAL_SECONDS;
    return Readable.from(fleetPage(models, at)).pipe(response);
  });
  return {
    isUpToDate,
    listen: async () => {
      const port = await freePort();
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      return `127.0.0.1:${port}`;
    },
    close: () => server.close(),
  };
}

/** The median of several evaluations of each group that is evaluated every minute or more often. */
async function evaluations(url: string): Promise<Map<string, { seconds: number; interval: number }>> {
  const seen = new Map<string, Map<string, Group>>();
  await until(
    `${EVALUATIONS} evaluations of each group`,
    async () => {
      const { data } = await getJson<{ data: { groups: Group[] } }>(`${url}/api/v1/rules`);
      for (const group of data.groups) {
        const failed = group.rules.find(({ lastError }) => lastError);
        if (failed) throw new Error(`${failed.name}: ${failed.lastError}`);
        if (group.interval > 2 * INTERVAL_SECONDS) continue;
        const of = seen.get(group.name) ?? new Map<string, Group>();
        if (!group.lastEvaluation.startsWith('0001')) of.set(group.lastEvaluation, group);
        seen.set(group.name, of);
      }
      return Math.min(...[...seen.values()].map(({ size }) => size));
    },
    (fewest) => Number.isFinite(fewest) && fewest > EVALUATIONS,
    15 * 60_000
  );
  return new Map(
    [...seen].map(([name, of]) => {
      const all = [...of.values()].slice(1);
      return [name, { seconds: median(all.map((group) => group.evaluationTime)), interval: all[0]?.interval ?? NaN }];
    })
  );
}
