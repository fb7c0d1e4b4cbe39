/**
 * The Envoy of a Seldon runtime: port 9003, `/stats/prometheus`. A cluster for each version of a model and each way to
 * it, one for each pipeline; times in whole milliseconds; HELP is left out.
 */
import { addUp, OUTCOMES, type Distribution, type Outcome, type TrafficMeter } from '../fleet/meter';
import { histogramText, labelText, PLAIN, type Labels } from './exposition';
import { textPort, type Process } from './process';

const ENVOY_STATS_PORT = 9003;
const MILLISECONDS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
];
const SECONDS = MILLISECONDS.map((ms) => ms / 1_000);

/** Where Envoy sends requests; counts are over all its members. */
export interface EnvoyCluster {
  readonly name: string;
  readonly meters: readonly TrafficMeter[];
  /** Statuses with which requests end: a gateway answers 400 for an error of its steps. */
  readonly codes: Readonly<Record<Outcome, string>>;
  readonly members: number;
  readonly healthy: number;
}

export interface EnvoyView {
  readonly clusters: readonly EnvoyCluster[];
  /** Requests for models without a replica: Envoy answers them itself. */
  readonly unserved: readonly TrafficMeter[];
  readonly startedMs: number;
}

export function envoyProcess(view: () => EnvoyView): Process {
  return textPort(ENVOY_STATS_PORT, '/stats/prometheus', (nowMs) => envoyText(view(), nowMs));
}

const FORBIDDEN = '403';

interface Counted {
  readonly cluster: EnvoyCluster;
  readonly codes: ReadonlyMap<string, number>;
  /** By class of status. */
  readonly classes: ReadonlyMap<string, number>;
  /** Of these, what it answered itself, without asking anybody. */
  readonly refused: number;
  readonly times: Distribution;
  readonly active: number;
}

function countOf(cluster: EnvoyCluster, nowMs: number): Counted {
  const codes = new Map<string, number>();
  const classes = new Map<string, number>();
  const refused = cluster.meters.reduce((sum, meter) => sum + meter.refused(nowMs), 0);
  const add = (code: string, value: number) => {
    if (value === 0) return;
    codes.set(code, (codes.get(code) ?? 0) + value);
    classes.set(code.charAt(0), (classes.get(code.charAt(0)) ?? 0) + value);
  };
  const count = (outcome: Outcome) =>
    cluster.meters.reduce((sum, meter) => sum + meter.count(outcome, nowMs, 'ever'), 0);
  for (const outcome of OUTCOMES) add(cluster.codes[outcome], count(outcome));
  add(FORBIDDEN, refused);
  const times = addUp(
    cluster.meters.flatMap((meter) => OUTCOMES.map((outcome) => meter.durations(outcome, nowMs, SECONDS, 'ever'))),
    SECONDS
  );
  const active = cluster.meters.reduce((sum, meter) => {
    const { working, waiting } = meter.inFlight(nowMs);
    return sum + working + waiting;
  }, 0);
  return {
    ...{ cluster, codes, classes, refused },
    times: { ...times, sum: Math.round(times.sum * 1_000) },
    active: Math.floor(active),
  };
}

function family(name: string, type: string, samples: readonly (readonly [Labels, number])[]): string {
  if (samples.length === 0) return '';
  return `# TYPE ${name} ${type}\n${samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`).join('')}\n`;
}

function envoyText(view: EnvoyView, nowMs: number): string {
  const counted = view.clusters.map((cluster) => countOf(cluster, nowMs));
  return serverText(view, nowMs) + clusterText(counted) + downstreamText(counted, view, nowMs);
}

function serverText({ startedMs, clusters }: EnvoyView, nowMs: number): string {
  return (
    family('envoy_server_live', 'gauge', [[{}, 1]]) +
    family('envoy_server_concurrency', 'gauge', [[{}, 4]]) +
    family('envoy_server_uptime', 'gauge', [[{}, Math.floor(Math.max(0, nowMs - startedMs) / 1_000)]]) +
    family('envoy_server_memory_heap_size', 'gauge', [[{}, 62_914_560]]) +
    family('envoy_cluster_manager_active_clusters', 'gauge', [[{}, clusters.length]]) +
    family('envoy_cluster_manager_cluster_added', 'counter', [[{}, clusters.length]]) +
    family('envoy_cluster_manager_cluster_modified', 'counter', [[{}, 0]]) +
    family('envoy_cluster_manager_cluster_removed', 'counter', [[{}, 0]]) +
    family('envoy_listener_manager_lds_update_success', 'counter', [[{}, 1]]) +
    family('envoy_listener_manager_lds_update_failure', 'counter', [[{}, 0]]) +
    family('envoy_listener_manager_lds_update_rejected', 'counter', [[{}, 0]])
  );
}

function clusterText(counted: readonly Counted[]): string {
  const labels = ({ cluster }: Counted): Labels => ({ envoy_cluster_name: cluster.name });
  const each = (name: string, type: string, value: (one: Counted) => number) =>
    family(
      name,
      type,
      counted.map((one) => [labels(one), value(one)])
    );
  // The only sample of a status, and of a class, appears with its first answer.
  const by = (label: string, of: (one: Counted) => ReadonlyMap<string, number>) =>
    counted.flatMap((one) =>
      [...of(one)].map(([name, value]): [Labels, number] => [{ [label]: name, ...labels(one) }, value])
    );
  const codes = by('envoy_response_code', (one) => one.codes);
  const classes = by('envoy_response_code_class', (one) => one.classes);
  const name = 'envoy_cluster_upstream_rq_time';
  const times = counted.map((one) => histogramText(name, labels(one), MILLISECONDS, one.times, PLAIN)).join('');
  return (
    each('envoy_cluster_membership_total', 'gauge', ({ cluster }) => cluster.members) +
    each('envoy_cluster_membership_healthy', 'gauge', ({ cluster }) => cluster.healthy) +
    each('envoy_cluster_membership_degraded', 'gauge', () => 0) +
    each('envoy_cluster_upstream_rq_total', 'counter', ({ times: { count } }) => count) +
    each('envoy_cluster_upstream_rq_completed', 'counter', ({ times: { count } }) => count) +
    family('envoy_cluster_upstream_rq', 'counter', codes) +
    family('envoy_cluster_upstream_rq_xx', 'counter', classes) +
    each('envoy_cluster_upstream_rq_active', 'gauge', ({ active }) => active) +
    each('envoy_cluster_upstream_cx_active', 'gauge', ({ cluster, active }) =>
      Math.min(cluster.members * 4, active + 1)
    ) +
    each('envoy_cluster_upstream_cx_connect_timeout', 'counter', () => 0) +
    each('envoy_cluster_upstream_cx_destroy', 'counter', () => 0) +
    each('envoy_cluster_upstream_rq_retry', 'counter', () => 0) +
    each('envoy_cluster_upstream_rq_retry_success', 'counter', () => 0) +
    (counted.length === 0 ? '' : `# TYPE ${name} histogram\n${times}\n`)
  );
}

/** What came in from outside: all that went to a cluster, and what found none. */
function downstreamText(counted: readonly Counted[], { unserved }: EnvoyView, nowMs: number): string {
  const own: Labels = { envoy_http_conn_manager_prefix: 'seldon_http' };
  const nobody = unserved.flatMap((meter) => OUTCOMES.map((outcome) => meter.count(outcome, nowMs, 'ever')));
  const lost = nobody.reduce((sum, count) => sum + count, 0);
  const answeredHere = counted.reduce((sum, { refused }) => sum + refused, lost);
  const classes = new Map([
    ['1', 0],
    ['2', 0],
    ['3', 0],
    ['4', 0],
    ['5', lost],
  ]);
  for (const one of counted) {
    for (const [name, value] of one.classes) classes.set(name, (classes.get(name) ?? 0) + value);
  }
  const times = addUp(
    counted.map((one) => one.times),
    MILLISECONDS
  );
  // Envoy answers within half a millisecond when there is nobody to ask.
  const all = {
    count: times.count + answeredHere,
    sum: times.sum,
    within: times.within.map((value) => value + answeredHere),
  };
  const name = 'envoy_http_downstream_rq_time';
  return (
    family('envoy_http_downstream_rq_total', 'counter', [[own, all.count]]) +
    family(
      'envoy_http_downstream_rq_xx',
      'counter',
      [...classes].map(([code, value]) => [{ envoy_response_code_class: code, ...own }, value])
    ) +
    family('envoy_http_downstream_rq_active', 'gauge', [[own, counted.reduce((sum, one) => sum + one.active, 0)]]) +
    family('envoy_http_downstream_rq_tx_reset', 'counter', [[own, 0]]) +
    family('envoy_http_no_route', 'counter', [[own, 0]]) +
    `# TYPE ${name} histogram\n${histogramText(name, own, MILLISECONDS, all, PLAIN)}\n`
  );
}
