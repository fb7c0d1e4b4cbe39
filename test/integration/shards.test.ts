/**
 * Three exporters, each a process of its own, that divide one cluster; a real Prometheus scrapes them. Together they show
 * each series once, and the fleet of any of them is the whole; when one is killed, its models are stale and nothing is gone.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_PATHS, decodeModelList, RECORDED, type ModelList } from '@modelwatch/contract';
import { startDemo, type Demo } from '@modelwatch/demo';
import { stringify } from 'yaml';
import { createSharding } from '../../exporter/src/domain/shards';
import { renderRules } from '../../exporter/src/rules';
import { startTestExporter, type RunningExporter } from '../support/exporter';
import { freePort, getJson, neighbourPorts, startProgram, until, type Program } from '../support/processes';

const MODELWATCH = join(__dirname, '../../exporter/dist/main.js');
const MODELS = 24;
const SHARDS = [0, 1, 2];

/** Names of the series that a scrape shows of the fleet. What arrives as events is counted by whoever gets it, and adds up. */
async function seriesOf(url: string): Promise<string[]> {
  const text = await (await fetch(`${url}/metrics?exclude[]=events`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith('modelwatch_') && !line.startsWith('modelwatch_exporter_'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));
}

/** Without what depends on the past, on the moment, or on seeing the whole: the duplicates below are looked for in all. */
const lasting = (series: readonly string[]) =>
  series
    .filter(
      (name) =>
        !/^modelwatch_(\w+_reason|\w+_last_transition_timestamp_seconds|runtime_models|inference_\w+|endpoint_\w+)\{/.test(
          name
        )
    )
    .sort();

describe('three shards', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-shards-'));
  const shards: Program[] = [];
  const urls: string[] = [];
  let demo: Demo;
  let whole: RunningExporter;
  let prometheus: Program;
  let prometheusUrl: string;

  const models = (url: string): Promise<ModelList> => getJson(`${url}${API_PATHS.models}`).then(decodeModelList);
  const query = async (expr: string) =>
    (
      await getJson<{ data: { result: { metric: Record<string, string> }[] } }>(
        `${prometheusUrl}/api/v1/query?query=${encodeURIComponent(expr)}`
      )
    ).data.result.map(({ metric }) => metric);

  async function startPrometheus(): Promise<void> {
    const port = await freePort();
    prometheusUrl = `http://127.0.0.1:${port}`;
    const targets = urls.map((url) => new URL(url).host);
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yml'],
      scrape_configs: [{ job_name: 'modelwatch', honor_labels: true, static_configs: [{ targets }] }],
    };
    writeFileSync(join(folder, 'rules.yml'), renderRules('prometheus', { intervalSeconds: 1 }));
    writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
    prometheus = startProgram('prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ]);
  }

  beforeAll(async () => {
    demo = await startDemo({ seed: 1, models: MODELS });
    const base = await neighbourPorts(SHARDS.length);
    const file = join(folder, 'modelwatch.yml');
    const standalone = demo.standalone.map(({ models: names, ...server }) => ({
      ...server,
      models: names.map((name) => ({ name })),
    }));
    writeFileSync(
      file,
      stringify({
        totalShards: SHARDS.length,
        shardPeers: `http://127.0.0.1:${base}{shard}`,
        web: { listenAddress: '127.0.0.1' },
        kubernetes: { server: demo.api.url },
        servers: { access: 'api-proxy', probeIntervalSeconds: 1, standalone },
      })
    );
    for (const shard of SHARDS) {
      urls.push(`http://127.0.0.1:${base}${shard}`);
      const flags = ['--config.file', file, '--shard', String(shard), '--web.port', `${base}${shard}`];
      shards.push(startProgram(process.execPath, [MODELWATCH, 'exporter', ...flags]));
    }
    await startPrometheus();
    // The shards are told nothing of what is slow.
    whole = await startTestExporter(demo, { models: [] });
    for (const [shard, url] of urls.entries()) {
      await until(
        `shard ${shard} to be ready`,
        async () => (await fetch(`${url}/readyz`)).text(),
        (text) => text.startsWith('ready')
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}; it said: ${shards[shard]?.output()}`);
      });
    }
  }, 60_000);

  afterAll(async () => {
    await Promise.all([...shards, prometheus, whole].map((one) => one.stop()));
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  it('show every series exactly once, and together what one exporter shows', async () => {
    await until(
      'the same series from three as from one',
      async () => {
        const one = new Set(lasting(await seriesOf(whole.url)));
        const three = new Set(lasting((await Promise.all(urls.map(seriesOf))).flat()));
        const missing = [...one].filter((name) => !three.has(name));
        const tooMuch = [...three].filter((name) => !one.has(name));
        return { count: one.size, missing, tooMuch };
      },
      ({ count, missing, tooMuch }) => count > 500 && missing.length + tooMuch.length === 0,
      // The one runs in the process of this test, and waits for its turn on a busy machine.
      90_000
    );
    const all = (await Promise.all(urls.map(seriesOf))).flat();
    const seen = new Set<string>();
    expect(all.filter((name) => seen.size === seen.add(name).size)).toEqual([]);
    for (const part of await Promise.all(urls.map(seriesOf))) expect(part.length).toBeGreaterThan(0);
  }, 120_000);

  it('give the whole fleet, and a part of it as a part; the rules keep what is not seen as stale', async () => {
    const before = await until(
      'all models from shard 0',
      () => models(urls[0] ?? ''),
      ({ items, partial }) => items.length === MODELS && !partial
    );
    await until(
      'all models in Prometheus',
      () => query(`${RECORDED.modelHealth.name} == 1`),
      (series) => series.length === MODELS
    );
    const { ownerOf } = createSharding({ shard: 0, totalShards: SHARDS.length });
    const lost = before.items.filter(({ namespace }) => ownerOf(namespace) === 1).length;
    expect(lost).toBeGreaterThan(0);
    await shards[1]?.stop();

    const after = await models(urls[0] ?? '');
    expect(after).toMatchObject({ partial: true, missingShards: [{ shard: 1 }] });
    expect(after.items).toHaveLength(MODELS - lost);
    const stale = await until(
      'its models stale',
      () => query(`${RECORDED.modelHealth.name}{health="stale"} == 1`),
      (series) => series.length === lost
    );
    expect(new Set(stale.map(({ namespace = '' }) => ownerOf(namespace)))).toEqual(new Set([1]));
    expect(await query(`${RECORDED.modelHealth.name} == 1`)).toHaveLength(MODELS);
  }, 60_000);
});
