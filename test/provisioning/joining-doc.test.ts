/** docs/joining.md: each query gives what it says, over series in the shapes of cAdvisor, kube-state-metrics and DCGM. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelsOfMetric, readPromql } from '../support/promql';
import { testRules } from '../support/promtool';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'joining.md'), 'utf8');
const QUERIES = [...DOC.matchAll(/\n([^\n]+):\n\n```promql\n([\s\S]*?)```/g)].map(
  ([, sentence = '', query = '']) => [sentence, query.trim()] as const
);
const INTERVAL_SECONDS = 30;
const AT = '1h10m';
const SAMPLES = 140;
const OTHERS = /^(container_|kube_|node_|DCGM_)/;

const steady = (value: number) => `${value}x${SAMPLES}`;
const growing = (perSecond: number) => `0+${perSecond * INTERVAL_SECONDS}x${SAMPLES}`;
const all = (name: string, series: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(series).map(([labels, values]) => [`${name}{${labels}}`, values]));

/** Two exporters; server `shared` has the models a and b in its one pod, server `own` has model c in two pods. */
const info = (exporter: string) => ({
  ...all('modelwatch_pod_info', {
    [`namespace="shop",server="shared",pod="shared-0",node="n1",uid="u1",instance="${exporter}"`]: steady(1),
    [`namespace="shop",server="own",pod="own-0",node="n1",uid="u2",instance="${exporter}"`]: steady(1),
    [`namespace="shop",server="own",pod="own-1",node="n2",uid="u3",instance="${exporter}"`]: steady(1),
  }),
  ...all('modelwatch_model_pod_info', {
    [`namespace="shop",model="a",pod="shared-0",node="n1",server="shared",component="server",instance="${exporter}"`]:
      steady(1),
    [`namespace="shop",model="b",pod="shared-0",node="n1",server="shared",component="server",instance="${exporter}"`]:
      steady(1),
    [`namespace="shop",model="c",pod="own-0",node="n1",server="own",component="predictor",instance="${exporter}"`]:
      steady(1),
    [`namespace="shop",model="c",pod="own-1",node="n2",server="own",component="predictor",instance="${exporter}"`]:
      steady(1),
  }),
  ...all('modelwatch_server_memory_requested_bytes', {
    [`namespace="shop",server="shared",instance="${exporter}"`]: steady(400),
    [`namespace="shop",server="own",instance="${exporter}"`]: steady(1000),
  }),
});
const pod = (name: string) => `namespace="shop",pod="${name}",node="n1"`;

const INPUT = {
  ...info('x:8780'),
  ...info('y:8780'),
  // The pod was made again under its name.
  'modelwatch_pod_info{namespace="shop",server="shared",pod="shared-0",node="n1",uid="u0",instance="x:8780"}':
    steady(1),
  ...all('container_cpu_usage_seconds_total', {
    [`${pod('shared-0')},container="mlserver",cpu="total"`]: growing(0.5),
    [`${pod('shared-0')},container="agent",cpu="total"`]: growing(0.25),
    [`${pod('shared-0')},container="",cpu="total"`]: growing(0.75),
    [`${pod('own-0')},container="kserve-container",cpu="total"`]: growing(1),
    [`${pod('own-1')},container="kserve-container",cpu="total"`]: growing(2),
    [`${pod('other-0')},container="web",cpu="total"`]: growing(8),
  }),
  ...all('container_memory_working_set_bytes', {
    [`${pod('shared-0')},container="mlserver"`]: steady(200),
    [`${pod('shared-0')},container=""`]: steady(220),
    [`${pod('own-0')},container="kserve-container"`]: steady(300),
    [`${pod('own-1')},container="kserve-container"`]: steady(450),
  }),
  ...all('container_network_receive_bytes_total', {
    [`${pod('shared-0')},interface="eth0"`]: growing(100),
    [`${pod('shared-0')},interface="eth1"`]: growing(20),
    [`${pod('own-0')},interface="eth0"`]: growing(7),
  }),
  ...all('kube_pod_container_status_restarts_total', {
    'namespace="shop",pod="own-0",container="kserve-container",uid="u2"': `0x100 2x${SAMPLES - 100}`,
    'namespace="shop",pod="own-1",container="kserve-container",uid="u3"': steady(5),
  }),
  ...all('DCGM_FI_DEV_GPU_UTIL', {
    'namespace="shop",pod="own-0",container="c",Hostname="n1",gpu="0",GPU_I_ID=""': steady(90),
    'namespace="shop",pod="own-1",container="c",Hostname="n2",gpu="0",GPU_I_ID=""': steady(50),
    'namespace="shop",pod="own-1",container="c",Hostname="n2",gpu="1",GPU_I_ID=""': steady(40),
    'namespace="gpu-operator",pod="",exported_namespace="shop",exported_pod="shared-0",Hostname="n1",gpu="1"':
      steady(30),
  }),
  ...all('DCGM_FI_DEV_FB_USED', {
    'namespace="shop",pod="own-0",Hostname="n1",gpu="0"': steady(10),
    'namespace="shop",pod="shared-0",Hostname="n1",gpu="2"': steady(8),
    'namespace="shop",pod="shared-0",Hostname="n1",gpu="3"': steady(4),
  }),
  ...all('node_cpu_seconds_total', {
    'instance="10.0.0.1:9100",cpu="0",mode="idle"': growing(0.5),
    'instance="10.0.0.1:9100",cpu="1",mode="idle"': growing(0.25),
    'instance="10.0.0.1:9100",cpu="1",mode="user"': growing(0.75),
    'instance="10.0.0.2:9100",cpu="0",mode="idle"': growing(0.75),
  }),
  ...all('node_uname_info', {
    'instance="10.0.0.1:9100",nodename="n1",release="6.8"': steady(1),
    'instance="10.0.0.2:9100",nodename="n2",release="6.8"': steady(1),
  }),
  ...all('kube_node_status_condition', {
    'node="n1",condition="MemoryPressure",status="true"': steady(1),
    'node="n1",condition="DiskPressure",status="true"': steady(1),
    'node="n1",condition="Ready",status="true"': steady(1),
    'node="n2",condition="MemoryPressure",status="true"': steady(0),
    'node="n2",condition="MemoryPressure",status="false"': steady(1),
  }),
};

const servers = (values: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`{namespace="shop", server="${name}"}`, value]));
const models = (values: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`{namespace="shop", model="${name}"}`, value]));
const MIB = 1_048_576;

/** By the words before the query. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'Cores that each server uses': servers({ shared: 0.75, own: 3 }),
  'Cores of each model, the pods of a multi-model server divided equally among its models': models({
    a: 0.375,
    b: 0.375,
    c: 3,
  }),
  'Working set of each server as a share of what its pods request': servers({ shared: 0.5, own: 0.75 }),
  'Bytes per second that each server receives': servers({ shared: 120, own: 7 }),
  'last hour': servers({ own: 2 }),
  "Utilisation of each server's GPUs, 0 to 100, averaged over GPUs": servers({ own: 60 }),
  'The same where DCGM is scraped without `honor_labels`': servers({ shared: 30 }),
  'GPU memory of each model in bytes (DCGM counts MiB), divided among the models of a pod': models({
    a: 6 * MIB,
    b: 6 * MIB,
    c: 10 * MIB,
  }),
  '`node_uname_info`': {
    '{namespace="shop", model="a", node="n1"}': 0.625,
    '{namespace="shop", model="b", node="n1"}': 0.625,
    '{namespace="shop", model="c", node="n1"}': 0.625,
    '{namespace="shop", model="c", node="n2"}': 0.25,
  },
  'conditions are made one before the join': {
    '{namespace="shop", node="n1", server="shared"}': 1,
    '{namespace="shop", node="n1", server="own"}': 1,
  },
};

describe('docs/joining.md', () => {
  it('has what is expected for each query', () => {
    expect(QUERIES.map(([sentence]) => sentence)).toEqual(Object.keys(EXPECTED));
    expect(QUERIES).toHaveLength((DOC.match(/```promql/g) ?? []).length);
  });

  it.each(QUERIES)('%s', (sentence, query) => {
    const { errors, selectors, groupings } = readPromql(query);
    expect(errors).toEqual([]);
    for (const { metric, matchers } of selectors.filter((selector) => !OTHERS.test(selector.metric))) {
      const labels = labelsOfMetric(metric) ?? [];
      expect([metric, matchers.filter(({ label }) => !labels.includes(label))]).toEqual([metric, []]);
    }
    for (const { kind, labels } of groupings) if (kind === 'by' || kind === 'on') expect(labels).toContain('cluster');
    const expected = EXPECTED[sentence] ?? {};
    // Rates are extrapolated, and so a little off in their last binary place.
    const rounded = `round(${query}, 0.001)`;
    const vector = { name: sentence, input: INPUT, expect: [{ expr: rounded, at: AT, samples: expected }] };
    expect(testRules('groups: []\n', [vector], INTERVAL_SECONDS)).toMatchObject({ ok: true });
  });
});
