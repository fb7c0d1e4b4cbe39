/**
 * docs/coming-from-seldon.md: every expression reads what exists, and answers over the pages of an agent, a pipeline
 * gateway and an Envoy, put through the real translation, fleet, families and rules.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ServerKind } from '@modelwatch/contract';
import { createFleet } from '../../exporter/src/domain/fleet';
import type { EndpointRef } from '../../exporter/src/domain/observation';
import {
  NOW,
  applied,
  inferenceSample,
  meta,
  probeResult,
  probed,
  seldonModel,
  seldonPipeline,
  seldonPod,
  seldonServer,
  sourceStatus,
  workload,
} from '../../exporter/src/domain/testing/builders';
import type { ProbeTarget } from '../../exporter/src/domain/probe-target';
import { GROUPS, renderChange } from '../../exporter/src/families';
import { renderRules } from '../../exporter/src/rules';
import { Differences } from '../../exporter/src/sources/servers/differences';
import { metricsPages, readPage } from '../../exporter/src/sources/servers/endpoint';
import { DASHBOARD_FILES, readDashboard } from '../support/expressions';
import { promqlProblems, readPromql } from '../support/promql';
import { runOnFiles, testRules } from '../support/promtool';

const ROOT = join(__dirname, '..', '..');
const DOC = readFileSync(join(ROOT, 'docs', 'coming-from-seldon.md'), 'utf8');
const FIXTURES = join(ROOT, 'exporter', 'src', 'sources', 'servers', 'fixtures', 'seldon');
const INTERVAL_SECONDS = 30;

/** Rows of all tables: panel, and our expression where there is one. */
const ROWS = DOC.split('\n').flatMap((line) => {
  const cells = /^\| (?!panel|---)(.+) \|$/.exec(line)?.[1]?.split(/ +\| +/);
  if (cells?.length !== 4) return [];
  return [{ panel: cells[0] ?? '', expr: /^`(.+)`$/.exec(cells[2] ?? '')?.[1], where: cells[3] ?? '' }];
});
const EXPRESSIONS = [...new Set(ROWS.flatMap(({ expr }) => expr ?? []))];

const PAGES: readonly { server: string; replica: string; kind: ServerKind; file: string; sidecar?: true }[] = [
  { server: 'mlserver', replica: 'mlserver-0', kind: 'oip', file: 'agent.txt', sidecar: true },
  {
    server: 'seldon-pipelinegateway',
    replica: 'seldon-pipelinegateway-0',
    kind: 'seldon_pipelinegateway',
    file: 'pipelinegateway.txt',
  },
  { server: 'seldon-envoy', replica: 'seldon-envoy-0', kind: 'seldon_envoy', file: 'envoy.txt' },
];

async function measured({ server, replica, kind, file, sidecar }: (typeof PAGES)[number]) {
  const endpoint: EndpointRef = { namespace: 'payments', server, replica };
  const target: ProbeTarget = {
    endpoint,
    url: 'http://10.0.0.1:9000',
    models: server === 'mlserver' ? ['fraud', 'churn', 'idle'] : [],
    versionSuffix: true,
    ...(sidecar ? { sidecars: [{ kind: 'seldon_agent' as const, metricsUrl: 'http://10.0.0.1:9006/metrics' }] } : {}),
  };
  const result = probeResult({ kind, models: [] });
  const [page] = metricsPages(target, result);
  if (!page) throw new Error(`no page of ${kind}`);
  const body = readFileSync(join(FIXTURES, file));
  const transport = {
    send: () => Promise.resolve({ status: 200, contentType: 'text/plain', body, place: file }),
    close: () => Promise.resolve(),
  };
  const said = await readPage(
    transport,
    target,
    page,
    { ...result, differences: new Differences() },
    new AbortController().signal,
    () => undefined
  );
  return { kind: 'endpoint-measured' as const, endpoint, atSeconds: NOW, ...said };
}

const histogram = (le: number) => ({
  buckets: [
    { le, count: 6 },
    { le: 2 * le, count: 10 },
  ],
  sum: 10 * le,
  count: 10,
});

/** What a vLLM says, whatever its metrics are called. */
const LANGUAGE = inferenceSample('chat', '1', {
  requests: { success: 10 },
  histograms: {
    duration: histogram(1),
    execution: histogram(0.5),
    interToken: histogram(0.02),
    timeToFirstToken: histogram(0.1),
    promptTokens: histogram(100),
    generatedTokens: histogram(200),
  },
  numbers: { running: 2, waiting: 1, kvCacheUsage: 0.4, preemptions: 3 },
  tokens: { prompt: 1_000, generated: 2_000 },
  finished: { stop: 8, length: 2 },
});

/** One pod that everything else is joined with, as cAdvisor and DCGM tell of it. */
const OTHERS: Readonly<Record<string, string>> = {
  'container_memory_working_set_bytes{namespace="payments", pod="mlserver-0", container="mlserver"}': '1e9x40',
  'container_cpu_usage_seconds_total{namespace="payments", pod="mlserver-0", container="mlserver", cpu="total"}':
    '0+15x40',
  'DCGM_FI_DEV_FB_USED{namespace="payments", pod="mlserver-0", container="mlserver", gpu="0", UUID="g"}': '2048x40',
  'DCGM_FI_DEV_FB_FREE{namespace="payments", pod="mlserver-0", container="mlserver", gpu="0", UUID="g"}': '2048x40',
};

async function exposed(): Promise<Readonly<Record<string, string>>> {
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
  fleet.observe(sourceStatus());
  const gateway = (name: string) => ({
    ...seldonPod(name, 0),
    meta: meta(`${name}-0`, { labels: { 'app.kubernetes.io/name': name } }),
  });
  for (const resource of [
    seldonServer('mlserver'),
    workload('mlserver', 1, 1),
    seldonPod('mlserver', 0),
    seldonServer('vllm'),
    seldonPod('vllm', 0),
    gateway('seldon-envoy'),
    gateway('seldon-pipelinegateway'),
    ...['fraud', 'churn', 'idle'].map((name) =>
      seldonModel(name, 'ModelAvailable', { server: 'mlserver', availableReplicas: 1, desiredReplicas: 1 })
    ),
    seldonModel('chat', 'ModelAvailable', { server: 'vllm' }),
    seldonPipeline('checkout', ['fraud']),
  ]) {
    fleet.observe(applied(resource));
  }
  const told = await Promise.all(PAGES.map(measured));
  const llm = { namespace: 'payments', server: 'vllm', replica: 'vllm-0' };
  const capabilities = ['requests', 'outcomes', 'error_sides'] as const;
  for (const observation of [
    ...told,
    { ...told[0]!, endpoint: llm, samples: [LANGUAGE], capabilities: [...capabilities] },
  ]) {
    const { server, replica } = observation.endpoint;
    fleet.observe(probed(server, replica, probeResult({ models: [] }), NOW));
    fleet.observe(observation);
  }
  const types = new Map(GROUPS.flatMap(({ families }) => families.map(({ name, type }) => [name, type])));
  const lines = renderChange(fleet.flush(NOW)).flatMap(({ texts = [] }) => texts.join('').split('\n'));
  const series = lines.flatMap((line): [string, string][] => {
    const [, name = '', rest = '', value = ''] = /^([a-z_]+)(\{.*\})? (\S+)$/.exec(line) ?? [];
    if (name === '' || !Number.isFinite(Number(value))) return [];
    const gauge = types.get(name) === 'gauge';
    return [[`${name}${rest}`, gauge ? `${value}x40` : `0+${value}x40`]];
  });
  return { ...Object.fromEntries(series), ...OTHERS };
}

describe('docs/coming-from-seldon.md', () => {
  it('has the panels of all five dashboards', () => {
    expect(DOC.match(/^## .*\(`[a-z_-]+\.json`\)$/gm)).toHaveLength(5);
    expect(ROWS.length).toBeGreaterThan(60);
    expect(ROWS.filter(({ expr }) => expr === undefined).map(({ panel }) => panel)).toEqual([
      'Server: memory, concurrency',
      'Downstream active, reset',
      'Connections, timeouts, retries by cluster',
      'xDS: clusters, listeners, routes',
      'Requests swapped; use of the CPU cache',
    ]);
  });

  it('names dashboards by their titles', () => {
    const titles = DASHBOARD_FILES.filter((path) => path.startsWith('grafana/dashboards/')).map(
      (path) => readDashboard(path).title
    );
    const where = ROWS.filter(({ expr }) => expr !== undefined).map((row) => row.where);
    for (const place of new Set(where)) if (!place.startsWith('[')) expect(titles).toContain(place);
  });

  it.each(EXPRESSIONS)('reads what exists: %s', (expr) => {
    expect(readPromql(expr).errors).toEqual([]);
    expect(promqlProblems(expr)).toEqual([]);
    for (const { kind, labels } of readPromql(expr).groupings) {
      if (kind === 'by' || kind === 'on') expect(labels).toContain('cluster');
    }
  });

  it('has an answer to each question', async () => {
    const input = await exposed();
    const rules = renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS });
    const expected = EXPRESSIONS.map((expr) => ({
      expr: `count(${expr}) > bool 0`,
      at: '15m',
      samples: { '{}': 1 },
    }));
    const { output } = testRules(rules, [{ name: 'the page', input, expect: expected }], INTERVAL_SECONDS);
    expect(output).toContain('SUCCESS');
    // Nothing else has made it pass.
    const nothing = testRules(rules, [{ name: 'nothing', input: {}, expect: expected.slice(0, 1) }], INTERVAL_SECONDS);
    expect(nothing.ok).toBe(false);
  });

  it('shows a scrape of Envoy that Prometheus takes', () => {
    const block = /```yaml\n([\s\S]*?)```/.exec(DOC)?.[1] ?? '';
    expect(parse(block)).toMatchObject({ scrape_configs: [{ metrics_path: '/stats/prometheus' }] });
    // Not every promtool is built with Kubernetes.
    const config = block.replace(/kubernetes_sd_configs:\n\s+- role: pod/, 'static_configs: []');
    expect(config).not.toBe(block);
    const { output } = runOnFiles('promtool', ['check', 'config', 'prometheus.yml'], { 'prometheus.yml': config });
    expect(output).toContain('SUCCESS');
  });
});
