/**
 * What one exporter shows, recorded as one exporter, as a pair, as a pair of which one has lost its watch, as three shards
 * and as three shards of two: every shipped rule and query must give the same answer to all of them. Each way is a cluster
 * of its own in one run of promtool, so that the very same numbers are compared.
 */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { startDemo, type Demo } from '@modelwatch/demo';
import { createSharding } from '../../exporter/src/domain/shards';
import { renderRules } from '../../exporter/src/rules';
import { configSchema } from '../../exporter/src/config/schema';
import { startTestExporter } from '../support/exporter';
import { shippedExpressions } from '../support/expressions';
import { until } from '../support/processes';
import { testRules, type Expectation } from '../support/promtool';

const INTERVAL_SECONDS = 30;
const SAMPLES = 20;
const AT = '9m30s';
const TOTAL_SHARDS = 3;

interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly namespace: string;
  readonly value: number;
  readonly counts: boolean;
}

function samplesOf(text: string): Sample[] {
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));
  return text.split('\n').flatMap((line) => {
    const [, name = '', labels = '', value = ''] = /^(modelwatch_[a-z0-9_]+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (name === '' || name.startsWith('modelwatch_exporter_')) return [];
    const type = types.get(name) ?? types.get(name.replace(/_(sum|count|bucket)$/, ''));
    const namespace = /(?:^|,)namespace="([^"]*)"/.exec(labels)?.[1] ?? '';
    return [{ name, labels, namespace, value: Number(value), counts: type === 'counter' || type === 'histogram' }];
  });
}

interface Told {
  readonly cluster: string;
  readonly instance: string;
  readonly samples: readonly Sample[];
  readonly isSynced?: boolean;
  readonly shard?: number;
}

/** Counters go on by a share of what they are, gauges stay. */
function inputOf({ cluster, instance, samples, isSynced = true, shard }: Told): Record<string, string> {
  const target = `cluster="${cluster}",job="modelwatch",instance="${instance}:8780"`;
  const place = shard === undefined ? '' : `shard="${shard}",total_shards="${TOTAL_SHARDS}",`;
  const steady = (value: number) => `${value}x${SAMPLES}`;
  const input: Record<string, string> = {
    [`modelwatch_exporter_synced{${place}${target}}`]: steady(isSynced ? 1 : 0),
    [`modelwatch_exporter_total_shards{${target}}`]: steady(shard === undefined ? 1 : TOTAL_SHARDS),
  };
  for (const { name, labels, namespace, value, counts } of samples) {
    if (shard !== undefined && OWNER_OF(namespace) !== shard) continue;
    input[`${name}{${labels},${target}}`] = counts ? `${value}+${value / 10}x${SAMPLES}` : steady(value);
  }
  return input;
}
const { ownerOf: OWNER_OF } = createSharding({ shard: 0, totalShards: TOTAL_SHARDS });

/** The demo's API behind a connection that can be cut. */
async function cuttable(url: string): Promise<{ url: string; cut: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((from) => {
    const to = connect(Number(new URL(url).port), '127.0.0.1');
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const scrape = async (url: string) => (await fetch(`${url}/metrics`)).text();

/** Two exporters poll a server at different moments, and what they saw of it differs by the requests between. */
function polledAsIn(other: readonly Sample[], samples: readonly Sample[]): Sample[] {
  const key = ({ name, labels }: Sample) => `${name}{${labels}}`;
  const values = new Map(other.map((sample) => [key(sample), sample.value]));
  const isPolled = ({ name }: Sample) => /^modelwatch_(inference|pipeline|server_cache)_/.test(name);
  return samples.map((sample) =>
    isPolled(sample) ? { ...sample, value: values.get(key(sample)) ?? sample.value } : sample
  );
}

/** A scrape of an exporter that is well, and one of an exporter that was and has lost its watch. */
async function record(demo: Demo): Promise<{ well: Sample[]; lost: Sample[] }> {
  const api = await cuttable(demo.api.url);
  const well = await startTestExporter(demo);
  const lost = await startTestExporter(demo, {
    kubernetes: configSchema.parse({ kubernetes: { server: api.url, staleAfterSeconds: 8 } }).kubernetes,
  });
  try {
    await until(
      'requests that were counted',
      () => scrape(well.url),
      (answer) => (answer.match(/^modelwatch_inference_requests_total\{.*\} [1-9]/gm)?.length ?? 0) > 5
    );
    await api.cut();
    const stale = await until(
      'the exporter without its watch to say so',
      () => scrape(lost.url),
      (answer) => answer.includes('modelwatch_exporter_synced 0') && /state="stale"\} 1/.test(answer)
    );
    const last = samplesOf(await scrape(well.url));
    return { well: last, lost: polledAsIn(last, samplesOf(stale)) };
  } finally {
    await Promise.all([well.stop(), lost.stop()]);
  }
}

/** What is about one exporter, not about the fleet; and lists of names, which dashboards take from labels. */
const PER_EXPORTER = [
  /by \(cluster, job, instance\)/,
  /^modelwatch_exporter_synced\{[^}]*\}$/,
  /^modelwatch_pipeline_info(\{[^}]*\})?$/,
  // All of our alerts, those on exporters among them.
  /\bALERTS\{[^}]*alertname=~"Modelwatch\.\+"/,
];

function expressions(samples: readonly Sample[]): string[] {
  const labels = samples.find(({ name }) => name === 'modelwatch_inference_requests_total')?.labels ?? '';
  const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
  const filled = shippedExpressions().map(({ expr }) =>
    expr
      .replaceAll('$cluster', '.*')
      .replaceAll('=~"$namespace"', '=~".*"')
      .replaceAll('$namespace', label('namespace'))
      .replaceAll('$model', label('model'))
      .replaceAll('$__rate_interval', '2m')
      .replaceAll('$__range', '5m')
      .replaceAll('$__interval', '1m')
  );
  return [...new Set(filled)].filter((expr) => !PER_EXPORTER.some((pattern) => pattern.test(expr)));
}

/** Whatever says something of one cluster must say it of each, with the same value. One query for all of them: each counts. */
function sameAnswer(expr: string, clusters: readonly string[]): Expectation {
  const each = clusters.map((name) => `label_replace(vector(1), "cluster", "${name}", "", "")`);
  const said = `((${expr}) and on (cluster) (${each.join(' or ')}))`;
  const [highest, lowest] = [`max without (cluster) ${said}`, `min without (cluster) ${said}`];
  return {
    // Sums of the same numbers in another order differ in their last digits.
    expr: `count without (cluster) ${said} != ${clusters.length} or ${highest} - ${lowest} > 1e-9 * abs(${highest})`,
    at: AT,
    samples: {},
  };
}

it('every shipped rule and query gives the same answer however the exporters stand', async () => {
  const demo = await startDemo({ seed: 1, models: 16 });
  const { well, lost } = await record(demo).finally(() => demo.stop());
  const shards = [0, 1, 2];
  const told: Told[] = [
    { cluster: 'one', instance: 'a', samples: well },
    ...['a', 'b'].map((instance) => ({ cluster: 'pair', instance, samples: well })),
    { cluster: 'half', instance: 'a', samples: well },
    { cluster: 'half', instance: 'b', samples: lost, isSynced: false },
    ...shards.map((shard) => ({ cluster: 'shards', instance: `a${shard}`, samples: well, shard })),
    ...shards.map((shard) => ({ cluster: 'both', instance: `a${shard}`, samples: well, shard })),
    ...shards.map((shard) => ({ cluster: 'both', instance: `b${shard}`, samples: lost, shard, isSynced: false })),
  ];
  const queries = expressions(well);
  expect(queries.length).toBeGreaterThan(50);
  const vector = {
    name: 'same answer',
    input: Object.assign({}, ...told.map(inputOf)) as Record<string, string>,
    expect: queries.map((expr) => sameAnswer(expr, ['one', 'pair', 'half', 'shards', 'both'])),
  };
  const rules = renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS });
  const { output } = testRules(rules, [vector], INTERVAL_SECONDS);
  expect(output).toContain('SUCCESS');
}, 240_000);
