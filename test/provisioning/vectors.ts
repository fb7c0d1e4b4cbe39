/**
 * What the shipped rules must make of what exporters say, in time. One sample every 30 s, so value N is at N * 30 s.
 * Data is stale after 210 s.
 */
import { HEALTH_STATES, SERVING_STATES, type HealthState, type ServingState } from '@modelwatch/contract';
import type { AlertExpectation, Expectation, RuleVector } from '../support/promtool';

export const INTERVAL_SECONDS = 30;
/** Long enough for every alert to fire. */
const STEPS = 50;

/** One series of promtool: each part is a value and how many samples it lasts; `_` is no sample, `stale` the mark. */
type Part = readonly [value: number | '_' | 'stale', samples: number];

function values(parts: readonly Part[]): string {
  const all = parts.flatMap(([value, samples]) => Array.from({ length: samples }, () => String(value)));
  return all.join(' ');
}

export interface Story {
  /** Labels that scraping attaches. */
  readonly target?: string;
  readonly namespace?: string;
  readonly model?: string;
  /** State and how many samples it lasts; `gone`: the exporter does not show the model. */
  readonly states: readonly (readonly [ServingState | 'gone', number])[];
  readonly synced?: readonly Part[];
  /** Age of the confirmation in each sample; absent: no confirmation. */
  readonly observedAge?: number | undefined;
  readonly reason?: string;
}

const TARGET = 'job="modelwatch", instance="a:8780"';

/** Samples of a series that ends with a staleness mark whenever the model or exporter goes, as a real scrape writes it. */
function follow(story: Story, value: (state: ServingState, step: number) => number | undefined): string {
  const samples: string[] = [];
  let step = 0;
  let shown = false;
  for (const [state, count] of story.states) {
    for (let index = 0; index < count; index += 1, step += 1) {
      const sample = state === 'gone' ? undefined : value(state, step);
      samples.push(sample === undefined ? (shown ? 'stale' : '_') : String(sample));
      shown = sample !== undefined;
    }
  }
  return samples.join(' ');
}

/** The series that an exporter shows of one model. */
export function tell(story: Story): Record<string, string> {
  const target = story.target ?? TARGET;
  const id = `namespace="${story.namespace ?? 'ns'}", model="${story.model ?? 'm'}"`;
  const series: Record<string, string> = {};
  for (const state of SERVING_STATES) {
    series[`modelwatch_model_serving{${id}, state="${state}", ${target}}`] = follow(story, (now) =>
      now === state ? 1 : 0
    );
  }
  if (!('observedAge' in story) || story.observedAge !== undefined) {
    const age = story.observedAge ?? 5;
    series[`modelwatch_model_last_observed_timestamp_seconds{${id}, ${target}}`] = follow(
      story,
      (_state, step) => step * INTERVAL_SECONDS - age
    );
  }
  if (story.reason) {
    series[`modelwatch_model_serving_reason{${id}, reason="${story.reason}", ${target}}`] = follow(story, (state) =>
      state === 'serving' ? undefined : 1
    );
  }
  const untilGone: Part[] = story.states.map(([state, count]) => [state === 'gone' ? 'stale' : 1, count]);
  series[`modelwatch_exporter_synced{${target}}`] = values(story.synced ?? untilGone);
  return series;
}

/** At `at` exactly this health holds, of exactly seven. */
export function healthIs(at: string, health: HealthState, matchers = 'model="m"', cluster = ''): Expectation[] {
  const id = `${cluster ? `cluster="${cluster}", ` : ''}model="m", namespace="ns"`;
  return [
    {
      expr: `modelwatch:model_health{${matchers}} == 1`,
      at,
      samples: { [`modelwatch:model_health{${id}, health="${health}"}`]: 1 },
    },
    {
      expr: `count by (cluster, namespace, model) (modelwatch:model_health{${matchers}})`,
      at,
      samples: { [`{${id}}`]: HEALTH_STATES.length },
    },
  ];
}

export function noHealth(at: string): Expectation {
  return { expr: 'modelwatch:model_health', at, samples: {} };
}

const silent = (alert: string, at: string): AlertExpectation => ({ alert, at, firing: [] });
const RUNBOOK = 'https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks';

function fires(
  alert: string,
  at: string,
  labels: Record<string, string>,
  summary: string,
  description: string
): AlertExpectation {
  return {
    alert,
    at,
    firing: [{ labels, annotations: { summary, description, runbook_url: `${RUNBOOK}/${alert}.md` } }],
  };
}

const A = TARGET;
const B = 'job="modelwatch", instance="b:8780"';
const OPERATOR =
  'job="modelwatch", instance="10.0.0.7:8780", pod="modelwatch-0", service="modelwatch", endpoint="http", container="exporter"';

/** One state of one exporter and the health that it must become. */
const EACH_STATE: readonly RuleVector[] = SERVING_STATES.map((state) => ({
  name: `one exporter says ${state}`,
  input: tell({ states: [[state, 10]] }),
  expect: healthIs('2m', state === 'serving' ? 'healthy' : state),
}));

export const HEALTH_VECTORS: readonly RuleVector[] = [
  ...EACH_STATE,
  {
    name: 'a serving model that nobody confirmed is not healthy',
    input: tell({ states: [['serving', 10]], observedAge: undefined }),
    expect: healthIs('2m', 'unknown'),
  },
  {
    name: 'a serving model of old data is stale, at the limit it is not',
    input: {
      ...tell({ states: [['serving', 10]], observedAge: 211 }),
      ...tell({ states: [['serving', 10]], observedAge: 210, model: 'n' }),
    },
    expect: [
      ...healthIs('2m', 'stale'),
      {
        expr: 'modelwatch:model_health{model="n"} == 1',
        at: '2m',
        samples: { 'modelwatch:model_health{namespace="ns", model="n", health="healthy"}': 1 },
      },
    ],
  },
  {
    name: 'a failed model stays failed when its confirmation is old',
    input: tell({ states: [['failed', 10]], observedAge: 500 }),
    expect: healthIs('2m', 'failed'),
  },
  {
    name: 'a pair that agrees is one model',
    input: { ...tell({ states: [['serving', 10]] }), ...tell({ states: [['serving', 10]], target: B }) },
    expect: healthIs('2m', 'healthy'),
  },
  {
    name: 'of a pair that disagrees the worse opinion counts, once',
    input: { ...tell({ states: [['serving', 10]] }), ...tell({ states: [['failed', 10]], target: B }) },
    expect: healthIs('2m', 'failed'),
  },
  {
    name: 'the state of an exporter that is not synced is left out, its reasons too',
    input: {
      ...tell({ states: [['serving', 10]] }),
      ...tell({ states: [['failed', 10]], target: B, synced: [[0, 10]], reason: 'crash_loop' }),
    },
    expect: [...healthIs('2m', 'healthy'), { expr: 'modelwatch:model_serving_reason', at: '2m', samples: {} }],
  },
  {
    name: 'a model that only an unsynced exporter shows is read from there',
    input: {
      ...tell({ states: [['stale', 10]], synced: [[0, 10]] }),
      ...tell({ states: [['serving', 10]], target: B, model: 'other' }),
    },
    expect: healthIs('2m', 'stale'),
  },
  {
    name: 'when the only exporter goes, its models hold for two scrapes, then are stale for good',
    input: tell({
      states: [
        ['serving', 10],
        ['gone', 40],
      ] as const,
      reason: 'other',
    }),
    expect: [
      ...healthIs('5m', 'healthy'),
      ...healthIs('5m30s', 'healthy'),
      ...healthIs('6m', 'stale'),
      ...healthIs('24m', 'stale'),
      {
        expr: 'modelwatch:model_serving == 1',
        at: '9m',
        samples: { 'modelwatch:model_serving{namespace="ns", model="m", state="stale"}': 1 },
      },
      {
        expr: 'modelwatch:model_serving_reason',
        at: '9m',
        samples: { 'modelwatch:model_serving_reason{namespace="ns", model="m", reason="exporter_silent"}': 1 },
      },
      {
        expr: 'modelwatch:model_last_observed_timestamp_seconds',
        at: '24m',
        samples: { 'modelwatch:model_last_observed_timestamp_seconds{namespace="ns", model="m"}': 265 },
      },
    ],
  },
  {
    name: 'a model that is deleted while an exporter watches is gone at once and stays gone when the exporter goes',
    input: tell({
      states: [
        ['serving', 10],
        ['gone', 40],
      ] as const,
      synced: [
        [1, 12],
        ['stale', 1],
        ['_', 27],
      ],
    }),
    expect: [...healthIs('4m30s', 'healthy'), noHealth('5m'), noHealth('6m30s'), noHealth('15m')],
  },
  {
    name: 'a quick restart of the only exporter is no gap and no change',
    input: tell({
      states: [
        ['serving', 10],
        ['gone', 2],
        ['serving', 20],
      ],
      synced: [
        [1, 10],
        ['stale', 1],
        [0, 1],
        [1, 20],
      ],
    }),
    expect: ['4m30s', '5m', '5m30s', '6m', '6m30s', '10m'].flatMap((at) => healthIs(at, 'healthy')),
  },
  {
    name: 'an exporter that comes back without its sources leaves its models stale',
    input: tell({
      states: [
        ['serving', 10],
        ['gone', 10],
        ['serving', 10],
      ],
      synced: [
        [1, 10],
        [0, 10],
        [1, 10],
      ],
    }),
    expect: [...healthIs('6m', 'stale'), ...healthIs('9m30s', 'stale'), ...healthIs('10m', 'healthy')],
  },
  {
    name: 'the exporter of another cluster does not answer for a ghost',
    input: {
      ...tell({
        states: [
          ['serving', 10],
          ['gone', 30],
        ] as const,
        target: `cluster="one", ${A}`,
      }),
      ...tell({ states: [['serving', 40]], target: `cluster="two", ${B}` }),
    },
    expect: [
      ...healthIs('15m', 'stale', 'cluster="one"', 'one'),
      ...healthIs('15m', 'healthy', 'cluster="two"', 'two'),
    ],
  },
  {
    name: 'labels of the Prometheus Operator change nothing',
    input: tell({ states: [['failed', 10]], target: OPERATOR, reason: 'crash_loop' }),
    expect: [
      ...healthIs('2m', 'failed'),
      {
        expr: 'modelwatch:model_serving_reason',
        at: '2m',
        samples: { 'modelwatch:model_serving_reason{namespace="ns", model="m", reason="crash_loop"}': 1 },
      },
    ],
  },
  {
    name: 'two exporters that disagree on the labels of a model make one series, and the choice sticks',
    input: {
      ...tell({ states: [['serving', 20]] }),
      ...tell({ states: [['serving', 20]], target: B }),
      [`modelwatch_model_info{namespace="ns", model="m", platform="seldon", version="1", ${A}}`]: values([
        [1, 2],
        ['stale', 4],
        [1, 14],
      ]),
      [`modelwatch_model_info{namespace="ns", model="m", platform="seldon", version="2", ${B}}`]: values([
        ['_', 2],
        [1, 18],
      ]),
    },
    expect: ['2m', '4m', '9m'].map((at) => ({
      expr: 'modelwatch:model_info',
      at,
      samples: { 'modelwatch:model_info{namespace="ns", model="m", platform="seldon", version="2"}': 1 },
    })),
  },
];

const REPLICA = 'namespace="ns", model="m", replica="p-0", version="1"';

export const INFERENCE_VECTORS: readonly RuleVector[] = [
  {
    name: 'a replica that two exporters polled counts once; two replicas add up',
    input: {
      ...tell({ states: [['serving', STEPS]] }),
      [`modelwatch_inference_requests_total{${REPLICA}, outcome="success", ${A}}`]: '0+300x50',
      [`modelwatch_inference_requests_total{${REPLICA}, outcome="success", ${B}}`]: '5+300x50',
      [`modelwatch_inference_requests_total{namespace="ns", model="m", replica="p-1", version="1", outcome="success", ${A}}`]:
        '0+60x50',
      [`modelwatch_inference_requests_total{${REPLICA}, outcome="server_error", ${A}}`]: '0+40x50',
    },
    expect: [
      {
        expr: 'round(modelwatch:inference_requests_rate:5m * 3, 0.001)',
        at: '10m',
        samples: {
          '{namespace="ns", model="m", outcome="success"}': 36,
          '{namespace="ns", model="m", outcome="server_error"}': 4,
        },
      },
      {
        expr: 'round(modelwatch:inference_errors_ratio:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", model="m"}': 0.1 },
      },
      {
        expr: 'modelwatch:inference_last_request_timestamp_seconds',
        at: '10m',
        samples: { 'modelwatch:inference_last_request_timestamp_seconds{namespace="ns", model="m"}': 600 },
      },
    ],
  },
  {
    name: 'no failure is a ratio of 0, no request is no ratio; the last request is remembered',
    input: {
      ...tell({ states: [['serving', STEPS]] }),
      [`modelwatch_inference_requests_total{${REPLICA}, outcome="success", ${A}}`]: '0+300x10 3000x40',
    },
    expect: [
      {
        expr: 'modelwatch:inference_errors_ratio:5m',
        at: '5m',
        samples: { 'modelwatch:inference_errors_ratio:5m{namespace="ns", model="m"}': 0 },
      },
      { expr: 'modelwatch:inference_errors_ratio:5m', at: '20m', samples: {} },
      {
        expr: 'modelwatch:inference_last_request_timestamp_seconds > 240 <= 420',
        at: '20m',
        samples: { 'modelwatch:inference_last_request_timestamp_seconds{namespace="ns", model="m"}': 390 },
      },
      {
        // 3000 requests, less the first step that a rate cannot see.
        expr: 'round(modelwatch:inference_requests:1d, 100)',
        at: '22m',
        samples: { '{namespace="ns", model="m"}': 3000 },
      },
    ],
  },
  {
    name: 'durations: mean always, 95th percentile only where there are buckets',
    input: {
      ...tell({ states: [['serving', STEPS]] }),
      [`modelwatch_inference_duration_seconds_sum{${REPLICA}, ${A}}`]: '0+15x50',
      [`modelwatch_inference_duration_seconds_count{${REPLICA}, ${A}}`]: '0+300x50',
      [`modelwatch_inference_duration_seconds_bucket{${REPLICA}, le="+Inf", ${A}}`]: '0+300x50',
      [`modelwatch_inference_duration_seconds_bucket{namespace="ns", model="buckets", replica="p", version="", le="0.1", ${A}}`]:
        '0+300x50',
      [`modelwatch_inference_duration_seconds_bucket{namespace="ns", model="buckets", replica="p", version="", le="+Inf", ${A}}`]:
        '0+300x50',
    },
    expect: [
      {
        expr: 'round(modelwatch:inference_duration_mean_seconds:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", model="m"}': 0.05 },
      },
      {
        expr: 'round(modelwatch:inference_duration_p95_seconds:5m, 0.001)',
        at: '10m',
        samples: { '{namespace="ns", model="buckets"}': 0.095 },
      },
    ],
  },
];

const OWNED = `modelwatch_model_info{namespace="ns", model="m", platform="seldon", owner="risk", ${A}}`;
const MODEL_LABELS = { namespace: 'ns', model: 'm' };

export const ALERT_VECTORS: readonly RuleVector[] = [
  {
    name: 'a model that cannot serve pages after one interval with its owner and reason, and recovers',
    input: {
      ...tell({
        states: [
          ['serving', 4],
          ['failed', 10],
          ['serving', 10],
        ],
        reason: 'out_of_memory',
      }),
      [OWNED]: values([[1, 24]]),
    },
    alerts: [
      silent('ModelwatchModelCannotServe', '2m'),
      fires(
        'ModelwatchModelCannotServe',
        '2m30s',
        { ...MODEL_LABELS, severity: 'critical', owner: 'risk' },
        'ns/m cannot serve',
        'Requests to this model fail or have nowhere to go. Reasons: out of memory;'
      ),
      silent('ModelwatchModelCannotServe', '7m'),
      silent('ModelwatchModelStale', '7m'),
    ],
  },
  {
    name: 'a model without information still alerts; the stale alert outlives its exporter',
    input: tell({
      states: [
        ['serving', 10],
        ['gone', 40],
      ] as const,
    }),
    alerts: [
      silent('ModelwatchModelStale', '10m30s'),
      fires(
        'ModelwatchModelStale',
        '14m',
        { ...MODEL_LABELS, severity: 'warning' },
        'No news of ns/m',
        'Nothing has confirmed the state of this model for too long: it may be down without anybody noticing. Reasons: exporter silent;'
      ),
      fires(
        'ModelwatchExporterAbsent',
        '14m',
        { severity: 'critical' },
        'No Modelwatch exporter answers',
        'Prometheus scrapes no exporter: the state of every model of the cluster is unknown.'
      ),
      silent('ModelwatchModelCannotServe', '14m'),
    ],
  },
  {
    name: 'a missing replica warns while the model serves, and stops when it is back',
    input: {
      ...tell({ states: [['degraded', 50]] }),
      [`modelwatch_model_replicas_desired{namespace="ns", model="m", ${A}}`]: values([[3, 50]]),
      [`modelwatch_model_replicas_available{namespace="ns", model="m", ${A}}`]: values([
        [2, 30],
        [3, 20],
      ]),
      ...tell({ states: [['failed', 50]], model: 'down' }),
      [`modelwatch_model_replicas_desired{namespace="ns", model="down", ${A}}`]: values([[3, 50]]),
      [`modelwatch_model_replicas_available{namespace="ns", model="down", ${A}}`]: values([[0, 50]]),
    },
    alerts: [
      silent('ModelwatchModelReplicaDown', '9m30s'),
      fires(
        'ModelwatchModelReplicaDown',
        '10m',
        { ...MODEL_LABELS, severity: 'warning' },
        'ns/m is short of replicas',
        'The model serves, but with fewer replicas than it should have.'
      ),
      silent('ModelwatchModelReplicaDown', '16m'),
    ],
  },
  {
    name: 'an exporter that is not synced warns after five minutes, and only it',
    input: {
      ...tell({
        states: [['serving', 30]],
        synced: [
          [0, 20],
          [1, 10],
        ],
      }),
      ...tell({ states: [['serving', 30]], target: B }),
    },
    alerts: [
      silent('ModelwatchExporterNotSynced', '4m30s'),
      fires(
        'ModelwatchExporterNotSynced',
        '5m',
        { job: 'modelwatch', instance: 'a:8780', severity: 'warning' },
        'Modelwatch exporter a:8780 is not synced',
        'A source of the exporter is syncing, failing or silent; its models go stale unless another exporter sees them. /readyz of the exporter names the source.'
      ),
      silent('ModelwatchExporterNotSynced', '11m'),
      silent('ModelwatchExporterAbsent', '11m'),
    ],
  },
  {
    name: 'an installation that never had an exporter says so',
    input: { 'up{job="prometheus", instance="p:9090"}': values([[1, 30]]) },
    alerts: [
      fires(
        'ModelwatchExporterAbsent',
        '6m',
        { severity: 'critical' },
        'No Modelwatch exporter answers',
        'Prometheus scrapes no exporter: the state of every model of the cluster is unknown.'
      ),
    ],
  },
];
