/** Each alert fires and ends. */
import type { AlertExpectation, RuleVector } from '../../support/promtool';
import { A, B, tell, values } from './story';

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

const OWNED = `modelwatch_model_info{namespace="ns", model="m", platform="seldon", owner="risk", importance="critical", ${A}}`;
const infoOf = (model: string, more: string) =>
  `modelwatch_model_info{namespace="ns", model="${model}", platform="seldon", ${more}, ${A}}`;
const up = (component: string, target = A) =>
  `modelwatch_component_up{namespace="ns", component="${component}", ${target}}`;
const MODEL_LABELS = { namespace: 'ns', model: 'm' };

function cannotServe(labels: Record<string, string>): AlertExpectation['firing'][number] {
  return {
    labels,
    annotations: {
      summary: `ns/${labels['model']} cannot serve`,
      description: 'Requests to this model fail or have nowhere to go.',
      runbook_url: `${RUNBOOK}/ModelwatchModelCannotServe.md`,
    },
  };
}

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
        { ...MODEL_LABELS, severity: 'critical', owner: 'risk', importance: 'critical' },
        'ns/m cannot serve',
        'Requests to this model fail or have nowhere to go. Reasons: out of memory.'
      ),
      silent('ModelwatchModelCannotServe', '7m'),
      silent('ModelwatchModelStale', '7m'),
    ],
  },
  {
    name: 'an owner without an importance and an importance without an owner each go with the alert, and neither is made up',
    input: {
      ...tell({ states: [['failed', 20]] }),
      ...tell({ states: [['failed', 20]], model: 'other' }),
      [infoOf('m', 'owner="risk"')]: values([[1, 20]]),
      [infoOf('other', 'importance="low"')]: values([[1, 20]]),
    },
    alerts: [
      {
        alert: 'ModelwatchModelCannotServe',
        at: '2m30s',
        firing: [
          cannotServe({ ...MODEL_LABELS, severity: 'critical', owner: 'risk' }),
          cannotServe({ ...MODEL_LABELS, model: 'other', severity: 'critical', importance: 'low' }),
        ],
      },
    ],
  },
  {
    name: 'no news is said of what nobody confirms, and not of data that another alert misses',
    input: {
      ...tell({ states: [['serving', 40]] }),
      ...tell({ states: [['serving', 40]], model: 'other' }),
      ...tell({ states: [['serving', 40]], model: 'both' }),
      ...Object.fromEntries(
        [
          ['m', 'drift'],
          ['other', 'errors'],
          ['both', 'custom:mean'],
          ['both', 'errors'],
        ].map(([model, channel]) => [
          `modelwatch:model_channel{namespace="ns", model="${model}", channel="${channel}", status="stale", ${A}}`,
          values([[1, 40]]),
        ])
      ),
    },
    expect: [
      {
        expr: 'modelwatch:model_health{health="stale"}',
        at: '10m',
        samples: Object.fromEntries(
          ['m', 'other', 'both'].map((model) => [
            `modelwatch:model_health{namespace="ns", model="${model}", health="stale"}`,
            1,
          ])
        ),
      },
    ],
    alerts: [
      {
        alert: 'ModelwatchModelStale',
        at: '10m',
        firing: ['other', 'both'].map((model) => ({
          labels: { ...MODEL_LABELS, model, severity: 'warning' },
          annotations: {
            summary: `No news of ns/${model}`,
            description:
              'Nothing has confirmed the state of this model for too long: it may be down without anybody noticing.',
            runbook_url: 'https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks/ModelwatchModelStale.md',
          },
        })),
      },
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
        'Nothing has confirmed the state of this model for too long: it may be down without anybody noticing. Reasons: exporter silent.'
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
    name: 'a component that nobody finds up warns after two minutes; one that nobody wants, or of which nothing is heard, does not',
    input: {
      // One of two exporters finds it up until the eighth minute.
      [up('orders-db')]: values([
        [1, 8],
        [0, 32],
        [1, 10],
      ]),
      [up('orders-db', B)]: values([
        [1, 16],
        [0, 24],
        [1, 10],
      ]),
      [up('seldon-dataflow-engine')]: values([[0, 50]]),
      [`modelwatch_component_replicas_desired{namespace="ns", component="seldon-dataflow-engine", ${A}}`]: values([
        [0, 50],
      ]),
      [up('features')]: values([
        [0, 2],
        ['stale', 40],
      ]),
    },
    alerts: [
      silent('ModelwatchComponentDown', '9m30s'),
      fires(
        'ModelwatchComponentDown',
        '10m30s',
        { namespace: 'ns', component: 'orders-db', severity: 'warning' },
        'ns/orders-db is down',
        'A component of the serving platform, or a database, queue or the like that models need, is not up. The models that wait for it are degraded and name it.'
      ),
      silent('ModelwatchComponentDown', '21m'),
    ],
  },
  {
    name: 'a server of which no replica can serve pages after one interval, and no longer when one is back',
    input: {
      ...tell({ states: [['serving', 30]] }),
      [`modelwatch_server_serving{namespace="ns", server="s", state="failed", ${A}}`]: values([
        [0, 10],
        [1, 10],
        [0, 10],
      ]),
    },
    alerts: [
      silent('ModelwatchServerDown', '5m'),
      fires(
        'ModelwatchServerDown',
        '5m30s',
        { namespace: 'ns', server: 's', severity: 'critical' },
        'Server ns/s is down',
        'No replica of this inference server can serve: none of its models can.'
      ),
      silent('ModelwatchServerDown', '11m'),
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
