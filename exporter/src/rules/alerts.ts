/** The alerts that rest on serving and on the exporter itself. */
import { ALERTS, METRICS, RECORDED } from '@modelwatch/contract';
import { unscraped } from './inference';
import { fromSynced, ID } from './promql';
import type { AlertRule, ResolvedOptions } from './types';

const HEALTH = RECORDED.modelHealth.name;
const SYNCED = METRICS.exporterSynced.name;
const TOTAL_SHARDS = METRICS.exporterTotalShards.name;

/** Adds owner and importance, where there are any, for routing; an alert never waits for them. */
export function withOwner(condition: string): string {
  return `(${condition}) * on (${ID}) group_left (owner, importance) ${RECORDED.modelInfo.name}
or on (${ID})
(${condition})`;
}

/** The same with the server, which may be the cause. */
function withServer(condition: string): string {
  return `(${condition}) * on (${ID}) group_left (owner, importance, server) ${RECORDED.modelInfo.name}
or on (${ID})
(${condition})`;
}

/** Grafana wants an answer also where no model is watched for it. */
export const orNone = (holds: string) => `${holds}\nor on (${ID}) 0 * group by (${ID}) (${RECORDED.modelChannel.name})`;

/** Health is `failed` also by a page on an objective, which does not say that the model cannot serve. */
const CANNOT_SERVE = `sum without (state) (${RECORDED.modelServing.name}{state="failed"})`;
const inHealth = (health: string) => `sum without (health) (${HEALTH}{${health}})`;
/** Matchers for `printf` in a template of Prometheus: what is asked there for each alert must not read all models. */
export const OF_MODEL = 'cluster=%[1]q, namespace=%[2]q, model=%[3]q';
/** Its arguments. */
export const MODEL_NAMES = '$labels.cluster $labels.namespace $labels.model';
export const MODEL = '{{ $labels.namespace }}/{{ $labels.model }}';

/**
 * Of Prometheus' own templates: what `query` answers as one sentence, `each` after the other.
 *
 * @param query template that asks, `printf ... | query`
 * @param otherwise said when it answers nothing
 */
export function sentenceOf(query: string, lead: string, each: string, otherwise = ''): string {
  const none = otherwise && `{{ else }} ${otherwise}`;
  return `{{ with ${query} }}${lead && ` ${lead}`}{{ range $index, $_ := . }}{{ if $index }};{{ end }} ${each}{{ end }}.${none}{{ end }}`;
}

/** Template for the value of a label in the words that all other surfaces use. */
export function worded(label: string, names: Readonly<Record<string, string>>): string {
  const cases = Object.entries(names).map(([value, name]) => `if eq .Labels.${label} "${value}" }}${name}{{`);
  return `{{ ${cases.join(' else ')} end }}`;
}

/** Channels whose silence has an alert of its own, in words of its own. */
const WITH_OWN_ALERT = 'drift|batches|accuracy|fairness|slo|custom:.+';
const silentChannel = (matcher: string) =>
  `${RECORDED.modelChannel.name}{status="stale", channel${matcher}"${WITH_OWN_ALERT}"}`;
/** Of those that are stale by such a channel alone the state is confirmed all the time. */
const NO_NEWS = `${inHealth('health="stale"')}
unless on (${ID}) (${silentChannel('=~')} unless on (${ID}) ${silentChannel('!~')})`;

const REASONS = `${RECORDED.modelServingReason.name}{cluster=%q, namespace=%q, model=%q}`;
const MINUTES = 60;

export function modelAlerts(options: ResolvedOptions): AlertRule[] {
  return [
    {
      alert: ALERTS.cannotServe,
      condition: withServer(CANNOT_SERVE),
      forSeconds: options.forSeconds,
      severity: 'critical',
      summary: `${MODEL} cannot serve`,
      description: 'Requests to this model fail or have nowhere to go.',
      reasonQuery: REASONS,
      panel: 'health',
    },
    {
      alert: ALERTS.stale,
      condition: withOwner(NO_NEWS),
      forSeconds: 5 * MINUTES,
      severity: 'warning',
      summary: `No news of ${MODEL}`,
      description:
        'Nothing has confirmed the state of this model for too long: it may be down without anybody noticing.',
      reasonQuery: REASONS,
      panel: 'health',
    },
    {
      alert: ALERTS.replicaDown,
      condition: withOwner(
        `(${RECORDED.modelReplicasAvailable.name} < bool ${RECORDED.modelReplicasDesired.name})
  * on (${ID}) (${inHealth('health=~"failed|degraded|unknown|healthy"')} - on (${ID}) ${CANNOT_SERVE})`
      ),
      forSeconds: 10 * MINUTES,
      severity: 'warning',
      summary: `${MODEL} is short of replicas`,
      description: 'The model serves, but with fewer replicas than it should have.',
      reasonQuery: REASONS,
      panel: 'replicas',
    },
  ];
}

const COMPONENT = 'cluster, namespace, component';

/**
 * A platform's component or a declared dependency that no exporter finds up. One that nobody wants a replica of is down on
 * purpose; one of which nothing is heard has no series, and is not called down.
 */
export function componentAlert(): AlertRule {
  const up = `max by (${COMPONENT}) (${METRICS.platformComponentUp.name})`;
  const unwanted = `max by (${COMPONENT}) (${METRICS.platformComponentReplicasDesired.name}) == 0`;
  return {
    alert: ALERTS.componentDown,
    // Grafana wants an answer also where there is no component at all.
    condition: `(1 - (${up} unless on (${COMPONENT}) (${unwanted})))\nor 0 * group by (cluster) (${SYNCED})`,
    forSeconds: 2 * MINUTES,
    severity: 'warning',
    summary: '{{ $labels.namespace }}/{{ $labels.component }} is down',
    description:
      'A component of the serving platform, or a database, queue or the like that models need, is not up. The models that wait for it are degraded and name it.',
    panel: 'health',
  };
}

/** Models name their server, so that Alertmanager keeps their alerts back while this one fires. */
export function serverAlert({ forSeconds }: ResolvedOptions): AlertRule {
  const failed = fromSynced(`${METRICS.serverServing.name}{state="failed"}`);
  return {
    alert: ALERTS.serverDown,
    condition: `max by (cluster, namespace, server) ${failed}\nor 0 * group by (cluster) (${SYNCED})`,
    forSeconds,
    severity: 'critical',
    summary: 'Server {{ $labels.namespace }}/{{ $labels.server }} is down',
    description: 'No replica of this inference server can serve: none of its models can.',
    panel: 'health',
  };
}

export function exporterAlerts(options: ResolvedOptions): AlertRule[] {
  return [
    {
      alert: ALERTS.exporterNotSynced,
      condition: `1 - min by (cluster, job, instance) (${SYNCED})`,
      forSeconds: 5 * MINUTES,
      severity: 'warning',
      summary: 'Modelwatch exporter {{ $labels.instance }} is not synced',
      description:
        'A source of the exporter is syncing, failing or silent; its models go stale unless another exporter sees them. /readyz of the exporter names the source.',
      panel: 'exporters',
    },
    {
      alert: ALERTS.exporterAbsent,
      condition: `(group by (cluster) (present_over_time(${SYNCED}[1d])) unless on (cluster) ${SYNCED})
or absent_over_time(${SYNCED}[1d])
or 0 * group by (cluster) (${SYNCED})`,
      forSeconds: 5 * MINUTES,
      severity: 'critical',
      summary: 'No Modelwatch exporter answers',
      description: 'Prometheus scrapes no exporter: the state of every model of the cluster is unknown.',
      panel: 'exporters',
    },
    {
      alert: ALERTS.serverNotScraped,
      condition: `group by (cluster, namespace) ${unscraped(options)}
or 0 * group by (cluster, namespace) (${METRICS.endpointScrapeTarget.name})
or 0 * group by (cluster) (${SYNCED})`,
      forSeconds: 5 * MINUTES,
      severity: 'warning',
      summary: 'Prometheus does not scrape all model servers in {{ $labels.namespace }}',
      description:
        'The exporter leaves the metrics of its servers to Prometheus, which does not read those of some replicas: their requests, errors and durations are in no figure.',
      panel: 'exporters',
    },
    {
      alert: ALERTS.shardMissing,
      condition: `count by (cluster) (group by (cluster, shard) (${SYNCED})) < bool on (cluster) max by (cluster) (${TOTAL_SHARDS})`,
      forSeconds: 5 * MINUTES,
      severity: 'critical',
      summary: 'A shard of the Modelwatch exporter does not answer',
      description:
        'The namespaces of the missing shard are watched by nobody: their models are stale. modelwatch_exporter_synced has the shards that answer.',
      panel: 'exporters',
    },
    {
      alert: ALERTS.shardMismatch,
      condition: `max by (cluster) (${TOTAL_SHARDS}) != bool on (cluster) min by (cluster) (${TOTAL_SHARDS})`,
      forSeconds: 15 * MINUTES,
      severity: 'critical',
      summary: 'Modelwatch exporters do not agree how many shards there are',
      description:
        'Some namespaces may be watched twice, others by nobody. modelwatch_exporter_total_shards must be the same for all.',
      panel: 'exporters',
    },
  ];
}
