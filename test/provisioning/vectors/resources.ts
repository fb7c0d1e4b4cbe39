/**
 * Pods and what they use, in the shapes of cAdvisor, kube-state-metrics and DCGM; one sample every 30 s, asked after 70
 * minutes. The numbers to expect are worked out by hand beside each.
 */
import type { Expectation, RuleVector } from '../../support/promtool';
import { A, B, tell } from './story';

const RESOURCE_SAMPLES = 140;
const AT = '1h10m';
const STEP_SECONDS = 30;
const MIB = 1_048_576;

type Input = Readonly<Record<string, string>>;
const steady = (value: number) => `${value}x${RESOURCE_SAMPLES}`;
const growing = (perSecond: number) => `0+${perSecond * STEP_SECONDS}x${RESOURCE_SAMPLES}`;
const all = (name: string, series: Input): Input =>
  Object.fromEntries(Object.entries(series).map(([labels, values]) => [`${name}{${labels}}`, values]));
const pod = (name: string) => `namespace="shop", pod="${name}"`;
const container = (name: string, of: string, id = `/kubepods/${name}/${of}`) =>
  `${pod(name)}, container="${of}", id="${id}", job="kubelet"`;

interface Placed {
  readonly server: string;
  readonly pod: string;
  readonly models: readonly string[];
}
const PLACED: readonly Placed[] = [
  { server: 'shared', pod: 'shared-0', models: ['a', 'b'] },
  // d declares its memory and e does not, and neither has requests.
  { server: 'quiet', pod: 'quiet-0', models: ['d', 'e'] },
  // f has requests, g is not known to have any.
  { server: 'busy', pod: 'busy-0', models: ['f', 'g'] },
  { server: 'own', pod: 'own-0', models: ['c'] },
  { server: 'own', pod: 'own-1', models: ['c'] },
];

const shown = (target: string): Input => ({
  ...Object.fromEntries(
    PLACED.flatMap(({ server, pod: name, models }) => [
      [`modelwatch_pod_info{${pod(name)}, server="${server}", node="n1", uid="${name}-1", ${target}}`, steady(1)],
      ...models.map((model) => [
        `modelwatch_model_pod_info{${pod(name)}, model="${model}", server="${server}", component="server", node="n1", ${target}}`,
        steady(1),
      ]),
    ])
  ),
  ...all('modelwatch_model_memory_declared_bytes', {
    [`namespace="shop", model="a", ${target}`]: steady(100),
    [`namespace="shop", model="b", ${target}`]: steady(300),
    [`namespace="shop", model="d", ${target}`]: steady(900),
    [`namespace="shop", model="c", ${target}`]: steady(900),
  }),
  ...all('modelwatch_inference_duration_seconds_sum', {
    // Of a, two versions on one pod: 0.4 + 0.2 s a second.
    [`namespace="shop", model="a", replica="shared-0", version="1", ${target}`]: growing(0.4),
    [`namespace="shop", model="a", replica="shared-0", version="2", ${target}`]: growing(0.2),
    [`namespace="shop", model="b", replica="shared-0", version="1", ${target}`]: growing(0.2),
    [`namespace="shop", model="f", replica="busy-0", version="", ${target}`]: growing(0.1),
    [`namespace="standalone", model="s", replica="edge:8080", version="", ${target}`]: growing(0.1),
  }),
  ...all('modelwatch_pod_container_restarts_total', {
    [`${pod('own-0')}, server="own", container_name="kserve-container", ${target}`]: `0x100 2x${RESOURCE_SAMPLES - 101}`,
    [`${pod('own-1')}, server="own", container_name="kserve-container", ${target}`]: steady(5),
  }),
  ...all('modelwatch_server_oom_kills_total', {
    [`namespace="shop", server="shared", ${target}`]: `0x120 1x${RESOURCE_SAMPLES - 121}`,
    [`namespace="shop", server="own", ${target}`]: steady(0),
  }),
});

const CADVISOR: Input = {
  ...all('container_cpu_usage_seconds_total', {
    [`${container('shared-0', 'mlserver')}, cpu="total"`]: growing(0.5),
    // The same kubelet, scraped by a second job.
    [`${container('shared-0', 'mlserver')}, cpu="total"`.replace('kubelet"', 'mine"')]: growing(0.5),
    [`${container('shared-0', 'agent')}, cpu="total"`]: growing(0.25),
    [`${container('shared-0', 'POD')}, cpu="total"`]: growing(0.125),
    [`${container('shared-0', '')}, cpu="total"`]: growing(0.875),
    [`${container('quiet-0', 'mlserver')}, cpu="total"`]: growing(0.2),
    [`${container('busy-0', 'mlserver')}, cpu="total"`]: growing(0.4),
    [`${container('own-0', 'kserve-container')}, cpu="total"`]: growing(1),
    [`${container('own-1', 'kserve-container')}, cpu="total"`]: growing(2),
    [`${container('web-0', 'web')}, cpu="total"`]: growing(8),
  }),
  ...all('container_cpu_cfs_periods_total', {
    [container('own-0', 'kserve-container')]: growing(10),
    [container('own-0', 'queue-proxy')]: growing(10),
    [container('own-1', 'kserve-container')]: growing(0),
  }),
  ...all('container_cpu_cfs_throttled_periods_total', {
    [container('own-0', 'kserve-container')]: growing(3),
    [container('own-0', 'queue-proxy')]: growing(1),
    [container('own-1', 'kserve-container')]: growing(0),
  }),
  ...all('container_memory_working_set_bytes', {
    [container('shared-0', 'mlserver')]: steady(200),
    // What the container used before it was restarted, still told beside it.
    [container('shared-0', 'mlserver', '/kubepods/shared-0/before')]: steady(150),
    [container('shared-0', 'agent')]: steady(40),
    [container('shared-0', '')]: steady(240),
    [container('quiet-0', 'mlserver')]: steady(100),
    [container('own-0', 'kserve-container')]: steady(300),
    [container('own-1', 'kserve-container')]: steady(450),
  }),
  ...all('container_spec_memory_limit_bytes', {
    [container('own-0', 'kserve-container')]: steady(600),
    [container('own-1', 'kserve-container')]: steady(0),
  }),
  ...all('container_network_receive_bytes_total', {
    [`${container('shared-0', '')}, interface="eth0"`]: growing(100),
    [`${container('shared-0', 'POD')}, interface="eth0"`]: growing(100),
    [`${container('shared-0', '')}, interface="eth1"`]: growing(20),
    [`${container('shared-0', '')}, interface="lo"`]: growing(1000),
    [`${container('own-0', '')}, interface="eth0"`]: growing(7),
  }),
  ...all('container_network_transmit_bytes_total', {
    [`${container('own-0', '')}, interface="eth0"`]: growing(9),
  }),
  ...all('container_fs_reads_bytes_total', {
    [`${container('own-0', 'kserve-container')}, device="/dev/sda"`]: growing(10),
    [`${container('own-0', 'kserve-container')}, device="/dev/sdb"`]: growing(5),
  }),
  ...all('container_fs_writes_bytes_total', {
    [`${container('shared-0', 'mlserver')}, device="/dev/sda"`]: growing(8),
  }),
};

const OTHERS: Input = {
  ...all('kube_pod_container_resource_limits', {
    [`${pod('shared-0')}, container="mlserver", resource="memory", unit="byte"`]: steady(400),
    [`${pod('shared-0')}, container="agent", resource="memory", unit="byte"`]: steady(50),
    [`${pod('shared-0')}, container="mlserver", resource="cpu", unit="core"`]: steady(1),
  }),
  ...all('DCGM_FI_DEV_GPU_UTIL', {
    [`${pod('own-0')}, gpu="0", UUID="GPU-1", Hostname="n1"`]: steady(90),
    // Scraped without honor_labels, by two jobs.
    'namespace="gpu-operator", pod="dcgm-1", exported_namespace="shop", exported_pod="own-1", gpu="0", UUID="GPU-2", job="a"':
      steady(50),
    'namespace="gpu-operator", pod="dcgm-1", exported_namespace="shop", exported_pod="own-1", gpu="0", UUID="GPU-2", job="b"':
      steady(50),
    'namespace="gpu-operator", pod="dcgm-1", gpu="7", UUID="GPU-9"': steady(33),
  }),
  ...all('DCGM_FI_PROF_GR_ENGINE_ACTIVE', {
    [`${pod('own-0')}, gpu="0", UUID="GPU-1", Hostname="n1"`]: steady(0.1),
    [`${pod('own-1')}, gpu="1", UUID="GPU-3", GPU_I_ID="2"`]: steady(0.3),
    [`${pod('own-1')}, gpu="1", UUID="GPU-3", GPU_I_ID="3"`]: steady(0.1),
  }),
  ...all('DCGM_FI_DEV_FB_USED', {
    [`${pod('own-0')}, gpu="0", UUID="GPU-1"`]: steady(10),
    [`${pod('shared-0')}, gpu="2", UUID="GPU-4"`]: steady(8),
    [`${pod('shared-0')}, gpu="3", UUID="GPU-5"`]: steady(4),
  }),
  ...all('DCGM_FI_DEV_FB_FREE', {
    [`${pod('own-0')}, gpu="0", UUID="GPU-1"`]: steady(30),
    [`${pod('shared-0')}, gpu="2", UUID="GPU-4"`]: steady(8),
    [`${pod('shared-0')}, gpu="3", UUID="GPU-5"`]: steady(4),
  }),
};

const FLEET: Input = {
  ...shown(A),
  ...shown(B),
  // Made again under its name, on another node: x still shows the one before.
  [`modelwatch_pod_info{${pod('shared-0')}, server="shared", node="n2", uid="shared-0-0", ${A}}`]: steady(1),
};

type Values = Readonly<Record<string, number>>;
/** Rates are extrapolated, and so a little off in their last binary place. */
const recorded = (name: string, samples: Values): Expectation => ({ expr: `round(${name}, 0.001)`, at: AT, samples });
const own = (values: Values): Values => labelled('false', values);
const divided = (values: Values): Values => labelled('true', values);
const labelled = (apportioned: string, values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([model, value]) => [
      `{namespace="shop", model="${model}", apportioned="${apportioned}"}`,
      value,
    ])
  );
const models = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([model, value]) => [`{namespace="shop", model="${model}"}`, value]));
const onPod = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `{namespace="shop", pod="${name}", server="${name.slice(0, -2)}"}`,
      value,
    ])
  );
const inDirection = (direction: string, values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([labels, value]) => [labels.replace('}', `, direction="${direction}"}`), value])
  );
const shares = (basis: string, values: Values): Expectation => ({
  expr: `round(sum by (model) (modelwatch:model_pod_share_ratio{basis="${basis}", pod!~"own.*"}), 0.0001)`,
  at: AT,
  samples: Object.fromEntries(Object.entries(values).map(([model, value]) => [`{model="${model}"}`, value])),
});

export const RESOURCE_VECTORS: readonly RuleVector[] = [
  {
    name: 'resources: what each pod uses, once, and with its server',
    input: { ...FLEET, ...CADVISOR, ...OTHERS },
    expect: [
      { expr: 'count by (pod) (modelwatch:pod_info) > 1', at: AT, samples: {} },
      { expr: 'count(modelwatch:pod_info)', at: AT, samples: { '{}': 5 } },
      // 0.5 + 0.25: neither the second job, nor the pause container, nor the total of the pod.
      recorded(
        'modelwatch:pod_cpu_usage_cores:5m',
        onPod({ 'shared-0': 0.75, 'quiet-0': 0.2, 'busy-0': 0.4, 'own-0': 1, 'own-1': 2 })
      ),
      recorded('modelwatch:pod_cpu_throttled_ratio:5m', onPod({ 'own-0': 0.3 })),
      recorded(
        'modelwatch:pod_memory_working_set_bytes',
        onPod({ 'shared-0': 240, 'quiet-0': 100, 'own-0': 300, 'own-1': 450 })
      ),
      // The agent: 40 of 50. own-1 has no limit.
      recorded('modelwatch:pod_memory_limit_ratio', onPod({ 'shared-0': 0.8, 'own-0': 0.5 })),
      recorded('modelwatch:pod_network_bytes_rate:5m', {
        ...inDirection('receive', onPod({ 'shared-0': 120, 'own-0': 7 })),
        ...inDirection('transmit', onPod({ 'own-0': 9 })),
      }),
      recorded('modelwatch:pod_disk_bytes_rate:5m', {
        ...inDirection('read', onPod({ 'own-0': 15 })),
        ...inDirection('write', onPod({ 'shared-0': 8 })),
      }),
      recorded('modelwatch:pod_gpus', onPod({ 'own-0': 1, 'own-1': 3 })),
      recorded('modelwatch:pod_gpus_busy', onPod({ 'own-0': 0.9, 'own-1': 0.9 })),
      recorded('modelwatch:pod_gpu_memory_used_bytes', onPod({ 'own-0': 10 * MIB, 'shared-0': 12 * MIB })),
      recorded('modelwatch:pod_gpu_memory_bytes', onPod({ 'own-0': 40 * MIB, 'shared-0': 24 * MIB })),
    ],
  },
  {
    name: 'resources: a shared pod is divided by one rule, and adds up',
    input: { ...FLEET, ...CADVISOR, ...OTHERS },
    expect: [
      shares('equal', { a: 0.5, b: 0.5, d: 0.5, e: 0.5, f: 0.5, g: 0.5 }),
      // 0.6 of 0.8 s a second.
      shares('requests', { a: 0.75, b: 0.25, d: 0.5, e: 0.5, f: 1, g: 0 }),
      // 100 of 400; e and f, g declare nothing.
      shares('memory', { a: 0.25, b: 0.75, d: 0.5, e: 0.5, f: 0.5, g: 0.5 }),
      {
        expr: 'abs(sum by (namespace, pod, basis) (modelwatch:model_pod_share_ratio) - 1) > 1e-9',
        at: AT,
        samples: {},
      },
      {
        expr: 'count(sum by (namespace, pod, basis) (modelwatch:model_pod_share_ratio))',
        at: AT,
        samples: { '{}': 15 },
      },
      recorded('modelwatch:model_cpu_usage_cores:5m * 10', {
        ...divided({ a: 5.625, b: 1.875, d: 1, e: 1, f: 4, g: 0 }),
        ...own({ c: 30 }),
      }),
      recorded('modelwatch:model_memory_working_set_bytes', {
        ...divided({ a: 60, b: 180, d: 50, e: 50 }),
        ...own({ c: 750 }),
      }),
      recorded('modelwatch:model_network_bytes_rate:5m', {
        ...inDirection('receive', { ...divided({ a: 90, b: 30 }), ...own({ c: 7 }) }),
        ...inDirection('transmit', own({ c: 9 })),
      }),
      recorded('modelwatch:model_disk_bytes_rate:5m', {
        ...inDirection('read', own({ c: 15 })),
        ...inDirection('write', divided({ a: 6, b: 2 })),
      }),
      recorded('modelwatch:model_gpus_busy', own({ c: 1.8 })),
      recorded('modelwatch:model_gpu_memory_used_bytes', {
        ...divided({ a: 3 * MIB, b: 9 * MIB }),
        ...own({ c: 10 * MIB }),
      }),
    ],
  },
  {
    name: 'resources: what cannot be divided is that of the pods',
    input: { ...FLEET, ...CADVISOR, ...OTHERS },
    expect: [
      // 1.8 of 4.
      recorded('modelwatch:model_gpu_utilisation_ratio', models({ c: 0.45 })),
      recorded('modelwatch:model_gpu_memory_ratio', models({ a: 0.5, b: 0.5, c: 0.25 })),
      recorded('modelwatch:model_cpu_throttled_ratio:5m', models({ c: 0.3 })),
      recorded('modelwatch:model_memory_limit_ratio', models({ a: 0.8, b: 0.8, c: 0.5 })),
      recorded('modelwatch:model_restarts:1h', models({ c: 2 })),
      recorded('modelwatch:model_oom_kills:1h', models({ a: 1, b: 1, c: 0 })),
      recorded('modelwatch:model_pods_measured_ratio', models({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1 })),
    ],
  },
  {
    name: 'resources: what an exporter that lost its watch still shows counts no kills for a model that has moved',
    input: {
      ...FLEET,
      ...tell({ namespace: 'shop', model: 'c', states: [['serving', RESOURCE_SAMPLES]] }),
      ...tell({
        namespace: 'shop',
        model: 'c',
        target: B,
        states: [['serving', RESOURCE_SAMPLES]],
        synced: [[0, RESOURCE_SAMPLES]],
      }),
      // Where c was before: with the kill of `shared` it has nothing to do.
      [`modelwatch_model_pod_info{${pod('shared-0')}, model="c", server="shared", component="server", node="n1", ${B}}`]:
        steady(1),
    },
    expect: [recorded('modelwatch:model_oom_kills:1h', models({ a: 1, b: 1, c: 0 }))],
  },
  {
    name: 'resources: where an exporter is missing there is nothing, and it is said when some pods are',
    input: {
      ...FLEET,
      ...all('container_cpu_usage_seconds_total', {
        [`${container('own-0', 'kserve-container')}, cpu="total"`]: growing(1),
      }),
    },
    expect: [
      {
        expr: 'count by (__name__) ({__name__=~"modelwatch:(pod|model)_(cpu|memory|network|disk|gpu).+"})',
        at: AT,
        samples: {
          '{__name__="modelwatch:pod_cpu_usage_cores:5m"}': 1,
          '{__name__="modelwatch:model_cpu_usage_cores:5m"}': 1,
        },
      },
      recorded('modelwatch:model_pods_measured_ratio', models({ c: 0.5 })),
    ],
  },
  {
    name: 'resources: pods of one name in two clusters stay apart',
    input: {
      ...Object.fromEntries(
        [
          ['east', 1, 2],
          ['west', 3, 1],
        ].flatMap(([cluster, cores, others]) => {
          const labels = `cluster="${cluster}", ${pod('own-0')}`;
          return [
            [`modelwatch_pod_info{${labels}, server="own", node="n1", uid="1", ${A}}`, steady(1)],
            [
              `modelwatch_model_pod_info{${labels}, model="c", server="own", node="n1", component="server", ${A}}`,
              steady(1),
            ],
            ...Array.from({ length: Number(others) - 1 }, (_, index) => [
              `modelwatch_model_pod_info{${labels}, model="c${index}", server="own", node="n1", component="server", ${A}}`,
              steady(1),
            ]),
            [
              `container_cpu_usage_seconds_total{cluster="${cluster}", ${container('own-0', 'server')}}`,
              growing(Number(cores)),
            ],
          ];
        })
      ),
    },
    expect: [
      recorded('modelwatch:model_cpu_usage_cores:5m', {
        '{cluster="east", namespace="shop", model="c", apportioned="true"}': 0.5,
        '{cluster="east", namespace="shop", model="c0", apportioned="true"}': 0.5,
        '{cluster="west", namespace="shop", model="c", apportioned="false"}': 3,
      }),
    ],
  },
];
