/**
 * Servers of the demo, polled by one exporter, and scraped by a real Prometheus that another one tells of them, set up as
 * docs/direct-scraping.md says: the same figures either way.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { METRICS, RECORDED } from '@modelwatch/contract';
import { startDemo, type Demo } from '@modelwatch/demo';
import { parse, stringify } from 'yaml';
import { configSchema } from '../../exporter/src/config/schema';
import { DIRECT_KINDS, directGroups, renderGroups, renderRules } from '../../exporter/src/rules';
import { startTestExporter, type RunningExporter } from '../support/exporter';
import { freePort, getJson, startProgram, until, type Program } from '../support/processes';

const OPTIONS = { intervalSeconds: 2, slowIntervalSeconds: 4 };
const DOC = readFileSync(join(__dirname, '../../docs/direct-scraping.md'), 'utf8');
/** Blocks of YAML, which may stand in lists. */
const BLOCKS = [...DOC.matchAll(/^( *)```yaml\n([\s\S]*?)^\1```/gm)].map(([, , block = '']) => block);
const INFERENCE = '{__name__=~"modelwatch_inference_.*"}';

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

describe('servers that Prometheus scrapes itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-direct-'));
  const running: (Program | RunningExporter)[] = [];
  let demo: Demo;
  let direct: RunningExporter;
  let polledUrl: string;
  let scrapedUrl: string;

  async function exporterThat(inference: 'poll' | 'direct'): Promise<RunningExporter> {
    const block = parse(BLOCKS.find((each) => each.includes('inference: direct')) ?? '') as { servers: object };
    const standalone = demo.standalone
      .filter(({ module }) => module === undefined)
      .map(({ models, ...server }) => ({ ...server, models: models.map((name) => ({ name })) }));
    const { kubernetes, servers } = configSchema.parse({
      kubernetes: { enabled: false },
      servers: { ...(inference === 'direct' ? block.servers : {}), probeIntervalSeconds: 1, standalone },
    });
    const exporter = await startTestExporter(demo, { kubernetes, servers });
    running.push(exporter);
    return exporter;
  }

  async function prometheusOf(name: string, config: object): Promise<string> {
    const port = await freePort();
    const file = join(folder, `${name}.yml`);
    const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '2s' };
    writeFileSync(file, stringify({ global, ...config }));
    const flags = [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, name)}`, '--log.level=error'];
    running.push(startProgram('prometheus', [...flags, `--web.listen-address=127.0.0.1:${port}`]));
    return `http://127.0.0.1:${port}`;
  }

  const query = async (url: string, expr: string) =>
    (await getJson<{ data: { result: Series[] } }>(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`)).data
      .result;

  /** Without what says how they came; nobody can scale the bounds of Triton, and lists of adapters. */
  async function figures(url: string): Promise<Record<string, string>> {
    const series = await query(url, `${INFERENCE} unless {__name__=~".*_capability|.*_adapter_info"}`);
    return Object.fromEntries(
      series.map(({ metric: { instance: _, job: _job, modelwatch_server: _kind, ...own }, value }) => [
        JSON.stringify(
          Object.entries(own)
            .filter(([, label]) => label !== '')
            .sort()
        ),
        value[1],
      ])
    );
  }

  beforeAll(async () => {
    // At rest: counters that move would be read at different moments.
    const atMs = Date.UTC(2026, 10, 21, 9);
    demo = await startDemo({ nowMs: () => atMs });
    const polling = await exporterThat('poll');
    direct = await exporterThat('direct');
    const scrape = (exporter: RunningExporter) => ({
      job_name: 'modelwatch',
      honor_labels: true,
      static_configs: [{ targets: [new URL(exporter.url).host] }],
    });
    writeFileSync(join(folder, 'rules.yml'), renderRules('prometheus', OPTIONS));
    writeFileSync(
      join(folder, 'modelwatch-inference.yml'),
      renderGroups('prometheus', directGroups(DIRECT_KINDS, OPTIONS), OPTIONS)
    );
    const documented = parse(
      (BLOCKS.find((each) => each.includes('http_sd_configs')) ?? '')
        .replaceAll('modelwatch-exporter:8780', new URL(direct.url).host)
        .replaceAll('30s', '1s')
    ) as { scrape_configs: object[]; rule_files: string[] };
    polledUrl = await prometheusOf('polled', { scrape_configs: [scrape(polling)], rule_files: ['rules.yml'] });
    scrapedUrl = await prometheusOf('scraped', {
      scrape_configs: [scrape(direct), ...documented.scrape_configs],
      rule_files: ['rules.yml', ...documented.rule_files],
    });
  }, 120_000);

  afterAll(async () => {
    await Promise.all(running.map((one) => one.stop()));
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  it('are listed by the exporter, which has no figures of theirs', async () => {
    // 503 until each was asked.
    const groups = await until(
      'the list of servers',
      () => getJson<{ targets: string[]; labels: Record<string, string> }[]>(`${direct.url}/sd`),
      () => true
    );
    expect(groups.map(({ labels }) => labels['modelwatch_server']).sort()).toEqual(['llamacpp', 'mlserver', 'triton']);
    for (const { targets, labels } of groups) {
      const { __scheme__: scheme, __metrics_path__: path } = labels;
      expect((await fetch(`${scheme}://${targets[0]}${path}`)).status).toBe(200);
    }
    const page = await (await fetch(`${direct.url}/metrics`)).text();
    const told = new Set([...page.matchAll(/^(modelwatch_inference_\w+)\{/gm)].map(([, name]) => name));
    expect([...told]).toEqual(['modelwatch_inference_capability']);
  });

  it('are scraped, as many as the exporter lists', async () => {
    const replicas = async (expr: string) =>
      (await query(scrapedUrl, `group by (namespace, replica) (${expr})`))
        .map(({ metric }) => JSON.stringify(metric))
        .sort();
    const [listed, scraped] = await until(
      'every listed server',
      async () => [await replicas(METRICS.endpointScrapeTarget.name), await replicas('up{modelwatch_server!=""} == 1')],
      ([all = [], some = []]) => all.length === 3 && some.length === 3,
      60_000
    );
    expect(scraped).toEqual(listed);
    expect(await query(polledUrl, METRICS.endpointScrapeTarget.name)).toEqual([]);
  });

  it('have the same figures as where the exporter polls, and the same recorded ones', async () => {
    const expected = await until(
      'all polled figures',
      () => figures(polledUrl),
      (found) => ['reply-draft', 'lead-score', 'summary-llm'].every((model) => JSON.stringify(found).includes(model))
    );
    const { found } = await until(
      'the same figures of rules',
      async () => ({ found: await figures(scrapedUrl) }),
      ({ found: now }) => JSON.stringify(sorted(now)) === JSON.stringify(sorted(expected)),
      40_000
    ).catch(async () => ({ found: await figures(scrapedUrl) }));
    expect(found).toEqual(expected);
    expect(Object.keys(found).length).toBeGreaterThan(20);
    const recorded = async (url: string) =>
      (await query(url, RECORDED.inferenceRequestsRate.name))
        .map(({ metric, value }) => `${JSON.stringify(Object.entries(metric).sort())} ${value[1]}`)
        .sort();
    await until(
      'the same recorded rates',
      async () => [await recorded(polledUrl), await recorded(scrapedUrl)],
      ([polled = [], rates = []]) => polled.length > 3 && JSON.stringify(polled) === JSON.stringify(rates),
      60_000
    );
  }, 120_000);
});

function sorted(figures: Readonly<Record<string, string>>): unknown {
  return Object.entries(figures).sort(([one], [other]) => (one < other ? -1 : 1));
}
