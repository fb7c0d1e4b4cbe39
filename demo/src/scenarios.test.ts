/** Each scenario that goes on by itself, seen where a user would see it. */
import { startDemo } from './start';
import { readPage, scrapePods, total, type Page } from './testing/exposition-reader';
import type { Demo, ScenarioName } from './types';

// Minutes of a whole fleet are lived through in each.
jest.setTimeout(60_000);

let now = Date.UTC(2026, 10, 21, 9);
let demo: Demo;

beforeEach(async () => {
  now = Date.UTC(2026, 10, 21, 9);
  demo = await startDemo({ nowMs: () => now });
});
afterEach(() => demo.stop());

async function pagesOf(part: string): Promise<readonly Page[]> {
  return [...(await scrapePods(demo))].filter(([where]) => where.includes(part)).map(([, page]) => page);
}

/** By how much a family grew within `seconds`, from the beginning of the scenario. */
async function growth(scenario: ScenarioName, seconds: number, part: string, read: (pages: readonly Page[]) => number) {
  demo.setScenario(scenario, true);
  const before = read(await pagesOf(part));
  now += seconds * 1_000;
  return read(await pagesOf(part)) - before;
}

it('errors: one request in five', async () => {
  const requests = (code?: string) => (pages: readonly Page[]) =>
    total(pages, 'seldon_model_infer_total', { model: 'card-limit', ...(code === undefined ? {} : { code }) });
  const all = await growth('errors', 300, 'payments/mlserver', requests());
  demo.setScenario('errors', false);
  const failed = await growth('errors', 300, 'payments/mlserver', requests('500'));
  expect(failed / all).toBeCloseTo(0.2, 1);
});

it('saturated-queue: the queue grows from step to step, the computation does not', async () => {
  const name = 'kyc-documents';
  const read = async () => {
    const pages = await pagesOf('payments/triton');
    return (
      pages
        .flatMap((page) => page.samples)
        .find(
          (each) => each.name === 'nv_inference_pending_request_count' && (each.labels.model ?? '').startsWith(name)
        )?.value ?? NaN
    );
  };
  const usual = await read();
  demo.setScenario('saturated-queue', true);
  now += 70_000;
  const later = await read();
  now += 180_000;
  const full = await read();
  expect([usual, later > usual, full > later * 2]).toEqual([0, true, true]);
});

it('kv-cache-full: 99 % in use, preemptions, and requests that wait', async () => {
  const preempted = await growth('kv-cache-full', 120, 'toxicity-filter', (pages) =>
    total(pages, 'vllm:num_preemptions_total')
  );
  const pages = await pagesOf('toxicity-filter');
  expect(preempted).toBeGreaterThan(10);
  for (const page of pages) expect(total([page], 'vllm:kv_cache_usage_perc')).toBe(0.99);
  expect(total(pages, 'vllm:num_requests_waiting')).toBeGreaterThan(3);
});

it('oom-restarts: killed and started again, counted by Kubernetes, its counters from 0', async () => {
  const pods = () => demo.api.list('Pod').filter(({ metadata }) => metadata.name.startsWith('label-reader'));
  demo.setScenario('oom-restarts', true);
  const pod = pods().find((each) => JSON.stringify(each.status).includes('OOMKilled'))?.metadata.name ?? '';
  demo.setScenario('oom-restarts', false);
  const cluster = async () => [readPage(await (await fetch(`${demo.controlUrl}/exporters/kube-state-metrics`)).text())];
  const predicted = async () => total(await pagesOf(`${pod}:8080`), 'request_predict_seconds_count');
  now += 3_600_000;
  const before = await predicted();
  demo.setScenario('oom-restarts', true);
  expect(await pagesOf(`${pod}:8080`)).toEqual([]);
  now += 330_000;
  expect(total(await cluster(), 'kube_pod_container_status_restarts_total', { pod })).toBe(5);
  const reason = { pod, reason: 'OOMKilled' };
  expect(total(await cluster(), 'kube_pod_container_status_last_terminated_reason', reason)).toBe(1);
  const after = await predicted();
  expect(after).toBeGreaterThan(0);
  expect(after).toBeLessThan(before / 10);
});

it('bad-deploy: the new version fails and is slow beside the old one', async () => {
  demo.setScenario('bad-deploy', true);
  now += 600_000;
  const pages = await pagesOf('support/mlserver');
  const of = (name: string, labels: Record<string, string>) =>
    total(pages, name, { model: 'intent-router', method_type: 'rest', ...labels });
  const versions = [...new Set(pages.flatMap((page) => page.samples).map(({ labels }) => labels.model_internal ?? ''))]
    .filter((name) => name.startsWith('intent-router_'))
    .sort((a, b) => Number(a.split('_')[1]) - Number(b.split('_')[1]));
  const [old = {}, young = {}] = versions.map((model_internal) => ({ model_internal }));
  const errors = (labels: object) =>
    of('seldon_model_infer_total', { ...labels, code: '500' }) / of('seldon_model_infer_total', { ...labels });
  const mean = (labels: object) =>
    of('seldon_model_infer_seconds_total', { ...labels }) / of('seldon_model_infer_total', { ...labels });
  expect(versions).toHaveLength(2);
  expect(errors(young)).toBeCloseTo(0.3, 2);
  expect(errors(old)).toBeLessThan(0.001);
  expect(mean(young) / mean(old)).toBeCloseTo(4, 1);
});

it('offers a small fleet no scenario of a model that it does not have', async () => {
  const small = await startDemo({ models: 6 });
  try {
    expect(small.scenarios().map(({ name }) => name)).not.toContain('errors');
    const answer = await fetch(`${small.controlUrl}/scenarios/errors`, { method: 'PUT', body: '{"on":true}' });
    expect(answer.status).toBe(404);
  } finally {
    await small.stop();
  }
});
