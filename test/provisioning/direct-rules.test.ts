/**
 * Where Prometheus scrapes model servers itself, the rules give the same answers as the exporter that polls: pages of real
 * servers, once through the exporter's translation, once as series through the rules in promtool.
 */
import { Differences } from '../../exporter/src/sources/servers/differences';
import { PROBES } from '../../exporter/src/sources/servers/probes';
import { readPage } from '../../exporter/src/sources/servers/endpoint';
import { recorded } from '../../exporter/src/sources/servers/testing/server';
import { inferenceRows } from '../../exporter/src/families/inference';
import { DIRECT_KINDS, directGroups, renderGroups, type DirectKind } from '../../exporter/src/rules';
import { runOnFiles, testRules, type RuleVector } from '../support/promtool';

const INTERVAL_SECONDS = 30;
const OPTIONS = { intervalSeconds: INTERVAL_SECONDS };
const RULES = renderGroups('prometheus', directGroups(DIRECT_KINDS, OPTIONS), OPTIONS);

const TFSERVING = `:tensorflow:serving:request_count{model_name="m",status="OK"} 4
:tensorflow:serving:request_count{model_name="m",status="INVALID_ARGUMENT"} 2
:tensorflow:serving:request_count{model_name="m",status="UNKNOWN"} 3
:tensorflow:serving:request_latency_sum{model_name="m",API="Predict"} 2000000
:tensorflow:serving:request_latency_count{model_name="m",API="Predict"} 9
`;
const pageOf = (kind: DirectKind) => (kind === 'tfserving' ? TFSERVING : recorded(`${kind}/run/metrics.txt`));
const modelOf = (kind: DirectKind) =>
  kind === 'tfserving' ? 'm' : (JSON.parse(recorded(`${kind}/run/sent.json`)) as { model: string }).model;

/** What the exporter that polls gives of the page. */
async function polled(kind: DirectKind): Promise<Record<string, number>> {
  const metrics = PROBES[kind]?.metrics;
  if (!metrics) throw new Error('no metrics');
  const url = 'http://127.0.0.1:9000';
  const model = modelOf(kind);
  const target = {
    endpoint: { namespace: 'ns', server: 's', replica: 's-0' },
    url,
    models: [model],
    versionSuffix: false,
  };
  const answer = { status: 200, contentType: 'text/plain', body: Buffer.from(pageOf(kind)), place: 'page' };
  const transport = { send: () => Promise.resolve(answer), close: () => Promise.resolve() };
  const asked = { models: [{ name: model }], differences: new Differences() };
  const read = () =>
    readPage(transport, target, { url, own: true, metrics }, asked, new AbortController().signal, () => undefined);
  await read();
  const { samples } = await read();
  const view = {
    namespace: 'ns',
    name: model,
    endpoints: [{ ...target.endpoint, key: 'k', address: url, inference: samples }],
  } as unknown as Parameters<(typeof inferenceRows)[number]['render']>[0];
  const found: Record<string, number> = {};
  for (const line of inferenceRows.flatMap((row) => row.render(view).split('\n'))) {
    const [, name, labels = '', value] = /^(modelwatch_inference_[a-z_]+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    // Adapters are left out: lists of names in a label cannot be taken apart in PromQL.
    if (name === undefined || name === 'modelwatch_inference_adapter_info') continue;
    const kept = labels.replace(/,[a-z_]+=""/g, '');
    found[`${name}{${kept},cluster="${kind}",modelwatch_server="${kind}"}`] = Number(value);
  }
  return found;
}

function scraped(kind: DirectKind): Record<string, string> {
  const whose = `namespace="ns",replica="s-0",cluster="${kind}"`;
  const input: Record<string, string> = {
    [`modelwatch_endpoint_model_ready{${whose},model="${modelOf(kind)}",instance="e"}`]: '1x10',
  };
  for (const line of pageOf(kind).split('\n')) {
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*?),?\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const own = labels === '' ? '' : `${labels},`;
    input[`${name}{${own}${whose},modelwatch_server="${kind}",job="servers",instance="i"}`] = `${value}x10`;
  }
  return input;
}

const everything = (cluster: string, at: string, samples: Record<string, number>) => ({
  expr: `{__name__=~"modelwatch_inference_.+", cluster="${cluster}"}`,
  at,
  samples,
});

const series = (name: string, cluster: string, more = '') =>
  `${name}{cluster="${cluster}",namespace="ns",replica="s-0"${more}}`;
const ready = (cluster: string) => series('modelwatch_endpoint_model_ready', cluster, ',model="m"');
const kserve = (step: string) =>
  series(`request_${step}_seconds_count`, 'grow', ',model_name="m",modelwatch_server="kserve"');
const FAILURES = 'modelwatch_inference_requests_total{cluster="grow",outcome="unknown"}';
const failures =
  'modelwatch_inference_requests_total{cluster="grow",namespace="ns",replica="s-0",model="m",outcome="unknown",modelwatch_server="kserve"}';
const GROWTH: RuleVector = {
  name: 'differences do not fall but for a restart',
  input: {
    [ready('grow')]: '1x20',
    [kserve('predict')]: '10 10 12 12 12 14 0 1 1 1 1 1',
    [kserve('postprocess')]: '8 8 8 11 11 12 0 0 0 0 0 0',
  },
  expect: [
    { expr: FAILURES, at: '30s', samples: { [failures]: 2 } },
    { expr: FAILURES, at: '1m', samples: { [failures]: 2 } },
    { expr: FAILURES, at: '2m', samples: { [failures]: 2 } },
    { expr: FAILURES, at: '2m30s', samples: { [failures]: 2 } },
    { expr: FAILURES, at: '5m', samples: { [failures]: 1 } },
  ],
};
const POLLED_TOO: RuleVector = {
  name: 'a replica that an exporter polls is not recorded',
  input: {
    [ready('both')]: '1x10',
    [series('model_infer_request_success_total', 'both', ',model="m",modelwatch_server="mlserver"')]: '5x10',
    [series('modelwatch_inference_requests_total', 'both', ',model="m",outcome="success",instance="e"')]: '5x10',
  },
  expect: [
    everything('both', '3m', {
      [series('modelwatch_inference_requests_total', 'both', ',model="m",outcome="success",instance="e"')]: 5,
    }),
  ],
};

describe('rules for servers that Prometheus scrapes itself', () => {
  it('are accepted, at most 20 a group', () => {
    const { output } = runOnFiles('promtool', ['check', 'rules', 'rules.yml'], { 'rules.yml': RULES });
    expect(output).toContain('SUCCESS');
    for (const { recordings } of directGroups(DIRECT_KINDS, OPTIONS)) expect(recordings.length).toBeLessThanOrEqual(20);
  });

  it('give the answers of the exporter, never fall, and never double', async () => {
    const pages: RuleVector[] = [];
    for (const kind of DIRECT_KINDS) {
      const samples = await polled(kind);
      expect(Object.keys(samples).length).toBeGreaterThan(1);
      pages.push({ name: kind, input: scraped(kind), expect: [everything(kind, '3m', samples)] });
    }
    const { output } = testRules(RULES, [...pages, GROWTH, POLLED_TOO], INTERVAL_SECONDS);
    expect(output).toContain('SUCCESS');
  });
});
