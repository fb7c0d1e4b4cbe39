import { TRITON_TRANSLATION } from '@modelwatch/contract';
import { ENVOY } from '../gateways';
import type { TextSample } from '../prometheus-text';
import { compileTranslation } from '../translate';

const MODELS = 5_000;
const BOUNDS = 20;

/** Turns that others of the process have while the work is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let over = false;
  const turn = () => {
    turns += 1;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  over = true;
  return turns;
}

/** A page of so many histograms with so many buckets. */
function page(name: string, labelsOf: (model: number) => Record<string, string>): TextSample[] {
  return Array.from({ length: MODELS * BOUNDS }, (_, at) => ({
    name,
    labels: { ...labelsOf(Math.floor(at / BOUNDS)), le: String(at % BOUNDS) },
    value: 1,
  }));
}

describe('the translation of a large page', () => {
  it.each([
    ['by a table', compileTranslation(TRITON_TRANSLATION), 'nv_inference_request_success', 'model'],
    ['of a gateway', ENVOY.metrics, 'envoy_cluster_upstream_rq_time_bucket', 'envoy_cluster_name'],
  ] as const)('leaves turns to others, %s', async (_what, metrics, name, label) => {
    const samples = page(name, (model) => ({ [label]: `model-${model}_1_http` }));
    const found: unknown[] = [];
    const turns = await turnsDuring(async () => {
      found.push(...((await metrics?.translate(samples, { versionSuffix: false })) ?? []));
    });
    expect(found).toHaveLength(MODELS);
    // It takes 50 ms at least, and 6 ms of them at a time.
    expect(turns).toBeGreaterThan(4);
  });
});
