/**
 * The data source's PromQL asked of a real Prometheus that scrapes an exposition and evaluates the rules that we ship:
 * what the builders ask for is there, and the joined inventory says what the exposition says.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { METRICS, SERVING_STATES, type MetricFamily } from '@modelwatch/contract';
import { buildLabelValues } from '../../datasource-plugin/src/query/labelValues';
import { buildParts } from '../../datasource-plugin/src/testing/parts';
import { CHECKS } from '../../datasource-plugin/src/query/checks';
import { NO_FILTERS, type ResolvedFilters } from '../../datasource-plugin/src/query/filters';
import { joinInventory } from '../../datasource-plugin/src/frames/inventory';
import type { Sample } from '../../datasource-plugin/src/frames/samples';
import { renderRules } from '../../exporter/src/rules';
import { freePort, getJson, startProgram, until, type Program } from '../support/processes';

type Answer = { data: { result: Array<{ metric: Record<string, string>; value: [number, string] }> } };

function line(family: MetricFamily, labels: Record<string, string>, value: number): string {
  const text = Object.entries(labels).map(([name, content]) => `${name}=${JSON.stringify(content)}`);
  return `${family.name}{${text.join(',')}} ${value}`;
}

/** Two models: one well, one that fails to load, with a name that PromQL must escape. */
function exposition(): string {
  const now = Date.now() / 1000;
  const models = [
    { id: { namespace: 'fraud', model: 'detector' }, state: 'serving', available: 2, platform: 'seldon' },
    { id: { namespace: 'credit', model: 'score.v1+"x"' }, state: 'failed', available: 0, platform: 'kserve' },
  ];
  const rows = models.flatMap(({ id, state, available, platform }) => [
    line(METRICS.modelInfo, { ...id, platform, server: 's', runtime: 'r', version: 'v1', owner: 'o' }, 1),
    ...SERVING_STATES.map((one) => line(METRICS.modelServing, { ...id, state: one }, Number(one === state))),
    ...(state === 'failed' ? [line(METRICS.modelServingReason, { ...id, reason: 'load_failed' }, 1)] : []),
    line(METRICS.modelReplicasDesired, id, 2),
    line(METRICS.modelReplicasAvailable, id, available),
    line(METRICS.modelLastObserved, id, now),
    line(METRICS.modelLastTransition, id, now - 60),
  ]);
  const own = [
    line(METRICS.exporterBuildInfo, { version: '0', node_version: '20' }, 1),
    line(METRICS.exporterSynced, {}, 1),
  ];
  return `${[...own, ...rows].join('\n')}\n`;
}

describe('the PromQL of the data source in a real Prometheus', () => {
  let folder: string;
  let target: Server;
  let prometheus: Program;
  let url: string;

  async function ask(expr: string): Promise<Sample[]> {
    const { data } = await getJson<Answer>(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
    return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  async function inventory(filters: Partial<ResolvedFilters> = {}) {
    const parts = buildParts({ refId: 'A', kind: 'inventory', sparklines: false }, { ...NO_FILTERS, ...filters }, 60);
    const [state = [], numbers = [], rate = []] = await Promise.all(parts.map(({ expr }) => ask(expr)));
    return joinInventory({ state, numbers, rate });
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelwatch-datasource-'));
    target = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/plain; version=0.0.4');
      response.end(exposition());
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    const { port: targetPort } = target.address() as AddressInfo;
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    await writeFile(join(folder, 'rules.yml'), renderRules('prometheus', { intervalSeconds: 1 }));
    const config = {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yml'],
      scrape_configs: [
        { job_name: 'modelwatch', honor_labels: true, static_configs: [{ targets: [`127.0.0.1:${targetPort}`] }] },
      ],
    };
    await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
    prometheus = startProgram('prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    await until(
      'health to be recorded for both models',
      () => inventory(),
      ({ rows }) => rows.length === 2 && rows.every(({ health }) => health !== 'unknown')
    );
  }, 60_000);

  afterAll(async () => {
    await prometheus?.stop();
    target?.closeAllConnections();
    await new Promise((resolve) => target.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  it('makes an inventory that says what the exposition says', async () => {
    const { rows, dropped } = await inventory();
    expect([...dropped]).toEqual([]);
    expect(rows).toMatchObject([
      {
        namespace: 'credit',
        model: 'score.v1+"x"',
        platform: 'kserve',
        health: 'failed',
        reason: 'Model fails to load: 0 of 2 replicas ready',
        replicasDesired: 2,
        replicasAvailable: 0,
        version: 'v1',
        owner: 'o',
      },
      { namespace: 'fraud', model: 'detector', health: 'healthy', reason: undefined, replicasAvailable: 2 },
    ]);
    expect(Date.now() - (rows[0]?.lastObservedMs ?? 0)).toBeLessThan(30_000);
    expect(rows[1]?.channels.get('serving')).toBe('ok');
  });

  it.each<[Partial<ResolvedFilters>, string[]]>([
    [{ model: ['score.v1+"x"'] }, ['score.v1+"x"']],
    [{ model: ['score.v1+"x"', 'nothing'] }, ['score.v1+"x"']],
    [{ model: ['scoreXv1', 'scoreXv1+"x"'] }, []],
    [{ namespace: ['fraud', 'credit'], platform: ['seldon'] }, ['detector']],
    [{ health: ['failed', 'stale'] }, ['score.v1+"x"']],
    [{ health: ['healthy'], platform: ['kserve'] }, []],
  ])('narrows by %j to %j', async (filters, models) => {
    expect((await inventory(filters)).rows.map(({ model }) => model)).toEqual(models);
  });

  it('reads health over time, chosen by what a model is at the end', async () => {
    const [part] = buildParts({ refId: 'A', kind: 'health-history' }, { ...NO_FILTERS, health: ['failed'] }, 5);
    const end = Date.now() / 1000;
    const query = new URLSearchParams({ query: part?.expr ?? '', start: `${end - 5}`, end: `${end}`, step: '1' });
    const { data } = await getJson<Answer>(`${url}/api/v1/query_range?${query}`);
    expect(data.result.map(({ metric }) => metric)).toContainEqual({
      namespace: 'credit',
      model: 'score.v1+"x"',
      health: 'failed',
    });
    expect(data.result.some(({ metric }) => metric['model'] === 'detector')).toBe(false);
  });

  it('lists the values of labels', async () => {
    const models = await ask(buildLabelValues('model', { ...NO_FILTERS, health: ['healthy'] }));
    expect(models).toEqual([{ labels: { model: 'detector' }, value: 1 }]);
    const platforms = await ask(buildLabelValues('platform', NO_FILTERS));
    expect(platforms.map(({ labels }) => labels['platform']).sort()).toEqual(['kserve', 'seldon']);
  });

  it('answers the questions of the health check', async () => {
    const counts = await Promise.all(
      Object.entries(CHECKS).map(async ([name, expr]) => [name, (await ask(expr))[0]?.value])
    );
    expect(Object.fromEntries(counts)).toEqual({ exporters: 1, models: 2, renamedModels: undefined, health: 2 });
  });
});
