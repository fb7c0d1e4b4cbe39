/** What the demo says must add up, within a page, between pages, and over time. */
import { startDemo } from './start';
import { readPage, scrapePods, total, type Page, type ReadSample } from './testing/exposition-reader';
import { CLUSTER_EXPORTERS, SCENARIOS, type Demo } from './types';

const START = Date.UTC(2026, 10, 21, 9);
let now = START;
let demo: Demo;

beforeEach(async () => {
  now = START;
  demo = await startDemo({ models: 28, nowMs: () => now });
});
afterEach(() => demo.stop());

/** All pages there are: of pods, of servers that stand alone, of the cluster's exporters. */
async function scrape(): Promise<ReadonlyMap<string, Page>> {
  const pages = new Map(await scrapePods(demo));
  for (const { name, metricsUrl } of demo.standalone) {
    pages.set(name, readPage(await (await fetch(metricsUrl)).text()));
  }
  for (const exporter of CLUSTER_EXPORTERS) {
    pages.set(exporter, readPage(await (await fetch(`${demo.controlUrl}/exporters/${exporter}`)).text()));
  }
  return pages;
}

const keyOf = ({ name, labels }: ReadSample, without = '') =>
  `${name}${JSON.stringify(Object.entries(labels).filter(([label]) => label !== without))}`;

interface Histogram {
  readonly buckets: readonly (readonly [number, number])[];
  readonly count: number;
  readonly sum: number;
}

function histogramsOf(page: Page): ReadonlyMap<string, Histogram> {
  const found = new Map<string, Histogram>();
  const part = (family: string, end: string, labels: string) =>
    page.samples.find((each) => each.name === `${family}${end}` && keyOf({ ...each, name: '' }) === labels)?.value ??
    NaN;
  for (const [family, type] of page.types) {
    if (type !== 'histogram') continue;
    const buckets = new Map<string, [number, number][]>();
    for (const sample of page.samples) {
      if (sample.name !== `${family}_bucket`) continue;
      const key = keyOf({ ...sample, name: '' }, 'le');
      const le = sample.labels.le === '+Inf' ? Infinity : Number(sample.labels.le);
      buckets.set(key, [...(buckets.get(key) ?? []), [le, sample.value]]);
    }
    for (const [labels, list] of buckets) {
      const count = part(family, '_count', labels);
      found.set(`${family}${labels}`, { buckets: list, count, sum: part(family, '_sum', labels) });
    }
  }
  return found;
}

/** A handful of requests says little of where their sum must lie: each bucket is rounded for itself. */
const ENOUGH = 40;

function checkHistogram(where: string, { buckets, count, sum }: Histogram): void {
  const bounds = buckets.map(([le]) => le);
  const values = buckets.map(([, value]) => value);
  expect([where, bounds]).toEqual([where, [...bounds].sort((a, b) => a - b)]);
  expect([where, values]).toEqual([where, [...values].sort((a, b) => a - b)]);
  expect([where, bounds[bounds.length - 1], values[values.length - 1]]).toEqual([where, Infinity, count]);
  if (count < ENOUGH) return;
  let [lowest, highest, before, bound] = [0, 0, 0, 0];
  for (const [le, value] of buckets) {
    lowest += (value - before) * bound;
    // The last bucket has no upper bound.
    highest += value === before ? 0 : (value - before) * le;
    [before, bound] = [value, le];
  }
  expect([where, sum >= lowest * 0.999, sum <= highest * 1.001]).toEqual([where, true, true]);
}

function countersOf(page: Page): ReadonlyMap<string, number> {
  const family = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
  const grows = (name: string) =>
    page.types.get(name) === 'counter' || ['histogram', 'summary'].includes(page.types.get(family(name)) ?? '');
  return new Map(page.samples.filter(({ name }) => grows(name)).map((sample) => [keyOf(sample), sample.value]));
}

/** Counters that are less than before, or not there any more. */
function fallen(before: ReadonlyMap<string, Page>, after: ReadonlyMap<string, Page>): readonly string[] {
  return [...before].flatMap(([where, page]) => {
    const counters = countersOf(after.get(where) ?? { types: new Map(), samples: [] });
    return [...countersOf(page)]
      .filter(([key, value]) => !((counters.get(key) ?? -1) >= value))
      .map(([key, value]) => `${where} ${key}: ${value}, then ${counters.get(key) ?? 'nothing'}`);
  });
}

describe('every page of metrics', () => {
  it('has histograms whose buckets, counts and sums agree', async () => {
    const pages = await scrape();
    let seen = 0;
    for (const [where, page] of pages) {
      for (const [name, histogram] of histogramsOf(page)) {
        checkHistogram(`${where} ${name}`, histogram);
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(300);
  });

  it('never counts backwards, whatever is switched on and off, but where a process was restarted', async () => {
    let before = await scrape();
    for (const name of SCENARIOS.filter((each) => !['outage', 'oom-restarts', 'stale'].includes(each))) {
      for (const on of [true, false]) {
        demo.setScenario(name, on);
        now += 47_000;
        const after = await scrape();
        expect([name, on, fallen(before, after)]).toEqual([name, on, []]);
        before = after;
      }
    }
  }, 120_000);
});

describe('pages beside each other', () => {
  const internal = (model: string, version: number) => ({ model: `${model}_${version}` });

  it('agree on the requests of a model: server, agent and Envoy', async () => {
    now += 3_600_000;
    const pages = await scrape();
    const of = (pattern: RegExp) => [...pages].filter(([where]) => pattern.test(where)).map(([, page]) => page);
    for (const [namespace, model, version, family] of [
      ['payments', 'card-limit', undefined, 'model_infer_request_success_total'],
      ['payments', 'fraud-scorer', 14, 'model_infer_request_success_total'],
      ['growth', 'churn-v2', 2, 'nv_inference_request_success'],
    ] as const) {
      const agents = of(new RegExp(`^${namespace}/.*:9006$`));
      const rest = total(agents, 'seldon_model_infer_total', { model, method_type: 'rest', code: '200' });
      const grpc = total(agents, 'seldon_model_infer_total', { model, method_type: 'grpc', code: 'OK' });
      expect(rest).toBeGreaterThan(1_000);
      const name =
        agents.flatMap((page) => page.samples).find((each) => each.labels.model === model)?.labels.model_internal ?? '';
      if (version !== undefined) expect({ model: name }).toEqual(internal(model, version));
      expect(total(of(new RegExp(`^${namespace}/.*:80[08]2$`)), family, { model: name })).toBe(rest + grpc);
      const envoy = of(new RegExp(`^${namespace}/seldon-envoy`));
      const answered = { envoy_cluster_name: `${name}_http`, envoy_response_code_class: '2' };
      expect(total(envoy, 'envoy_cluster_upstream_rq_xx', answered)).toBe(rest);
      expect(total(envoy, 'envoy_cluster_upstream_rq_time_count', { envoy_cluster_name: `${name}_http` })).toBe(
        total(agents, 'seldon_model_infer_total', { model, method_type: 'rest' })
      );
    }
  });

  it('let the requests of a pipeline reach each of its steps', async () => {
    demo.setScenario('bad-deploy', true);
    now += 600_000;
    const pages = [...(await scrape())].filter(([where]) => where.startsWith('support/')).map(([, page]) => page);
    const good = total(pages, 'seldon_pipeline_infer_total', { pipeline: 'ticket-intake', code: '200' });
    const cluster = { envoy_cluster_name: 'ticket-intake_pipeline_http' };
    expect(total(pages, 'envoy_cluster_upstream_rq_xx', { ...cluster, envoy_response_code_class: '2' })).toBe(good);
    const step = (model: string) => ({ model, method_type: 'grpc' });
    const first = total(pages, 'seldon_model_infer_total', step('intent-router'));
    const passed = total(pages, 'seldon_model_infer_total', { ...step('intent-router'), code: 'OK' });
    const second = total(pages, 'seldon_model_infer_total', step('ticket-priority'));
    const done = total(pages, 'seldon_model_infer_total', { ...step('ticket-priority'), code: 'OK' });
    expect(good).toBeGreaterThan(100);
    expect(first).toBeGreaterThan(passed);
    // Each replica rounds for itself.
    expect(Math.abs(second - passed)).toBeLessThan(12);
    expect(Math.abs(good - done)).toBeLessThan(12);
  });

  it('agree on tokens: as many as the requests have on average, by every way of counting', async () => {
    now += 3_600_000;
    const pages = [...(await scrape())].filter(([where]) => where.includes('toxicity-filter')).map(([, page]) => page);
    expect(pages).toHaveLength(2);
    for (const page of pages) {
      const of = (name: string, labels = {}) => total([page], `vllm:${name}`, labels);
      const requests = of('request_success_total');
      expect(requests).toBeGreaterThan(1_000);
      expect(total([page], 'http_requests_total', { status: '2xx' })).toBe(requests);
      expect(of('e2e_request_latency_seconds_count')).toBe(requests);
      expect(of('request_prompt_tokens_sum')).toBe(of('prompt_tokens_total'));
      expect(of('request_generation_tokens_sum')).toBe(of('generation_tokens_total'));
      expect(of('prompt_tokens_by_source_total')).toBe(of('prompt_tokens_total'));
      expect(of('iteration_tokens_total_sum')).toBe(of('prompt_tokens_total') + of('generation_tokens_total'));
      const later = of('generation_tokens_total') - requests;
      expect(Math.abs(of('inter_token_latency_seconds_count') - later)).toBeLessThanOrEqual(1);
      const times = ['request_queue_time_seconds', 'request_prefill_time_seconds', 'request_decode_time_seconds'];
      const parts = times.reduce((sum, name) => sum + of(`${name}_sum`), 0);
      expect(parts / of('e2e_request_latency_seconds_sum')).toBeCloseTo(1, 6);
    }
    const [one] = pages;
    const mean =
      total(one ? [one] : [], 'vllm:request_prompt_tokens_sum') /
      total(one ? [one] : [], 'vllm:request_prompt_tokens_count');
    expect(mean).toBeGreaterThan(100);
  });

  it('agree on what a request costs: CPU grows with requests, and a node uses what its containers use', async () => {
    const labels = { namespace: 'payments', container: 'mlserver', pod: 'fraud-mlserver-0' };
    const read = async () => {
      const pages = await scrape();
      const agent = pages.get('payments/fraud-mlserver-0:9006');
      const cluster = CLUSTER_EXPORTERS.flatMap((name) => pages.get(name) ?? []);
      return {
        requests: total(agent ? [agent] : [], 'seldon_model_infer_total'),
        cpu: total(cluster, 'container_cpu_usage_seconds_total', labels),
        containers: total(cluster, 'container_cpu_usage_seconds_total'),
        nodes: total(cluster, 'node_cpu_seconds_total', { mode: 'user' }),
        sent: total(cluster, 'container_network_transmit_bytes_total', { pod: labels.pod }),
      };
    };
    const from = await read();
    now += 1_800_000;
    const to = await read();
    const requests = to.requests - from.requests;
    const idle = 1_800 * 0.012;
    expect(requests).toBeGreaterThan(1_000);
    expect((to.cpu - from.cpu - idle) / requests).toBeCloseTo((from.cpu / from.requests) * 1, 2);
    expect(to.nodes - from.nodes).toBeCloseTo(to.containers - from.containers, -1);
    expect((to.sent - from.sent) / requests).toBeGreaterThan(3_000);
  });
});
