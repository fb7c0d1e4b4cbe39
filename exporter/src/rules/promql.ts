/** Pieces that the rules are made of. Every `by` and `on` here carries cluster (absent = empty). */
import { METRICS, MODEL_LABELS, RECORDED, type MetricFamily, type RecordedSeries } from '@modelwatch/contract';

/** What identifies a model. */
export const ID = MODEL_LABELS;
/** What identifies one replica of a server. */
export const ON_REPLICA = 'cluster, namespace, replica';

const SYNCED = METRICS.exporterSynced.name;
const TOTAL_SHARDS = METRICS.exporterTotalShards.name;
const NAMESPACE_SHARD = RECORDED.namespaceShard.name;
/**
 * What identifies a shard; both are absent, so empty, without sharding. With the number of shards in it, a shard of a new
 * division does not speak for a namespace that the shard of the same number had in the old one.
 */
const SHARD = 'cluster, shard, total_shards';

/** Selects the series of exporters whose sources are synced and fresh. */
export function fromSynced(selector: string): string {
  return `(${selector} and on (cluster, job, instance) (${SYNCED} == 1))`;
}

/** Every model has a series for each state; one state is enough to know that it is there, and a seventh of the cost. */
const ONE_PER_MODEL = '{state="serving"}';
/** Models that any exporter shows now. */
export const SHOWN = `${METRICS.modelServing.name}${ONE_PER_MODEL}`;
/** Models with a recorded state, ghosts included. */
export const KNOWN = `${RECORDED.modelServing.name}${ONE_PER_MODEL}`;
/** Models that are known by their events alone: nobody watches a server of them. To be used after RECORDED.modelInfo. */
export const BY_EVENTS_ALONE = `${RECORDED.modelInfo.name}{platform="events"}`;
const UNLESS_SHOWN = `unless on (${ID}) ${SHOWN}`;

/** Namespaces whose shard gives a series in `exporters` the value 1. */
function namespacesOf(exporters: string): string {
  return `(${NAMESPACE_SHARD} and on (${SHARD}) (max by (${SHARD}) (${exporters}) == 1))`;
}

/** Namespaces with a synced exporter: a model of theirs that nobody shows is really gone. */
const TOLD = namespacesOf(SYNCED);
/** Clusters where every shard is synced, and all agree how many there are: nothing can be hidden there. */
export const WHOLE = `((
  count by (cluster) (group by (${SHARD}) (${SYNCED} == 1)) >= on (cluster) max by (cluster) (${TOTAL_SHARDS})
) unless on (cluster) (max by (cluster) (${TOTAL_SHARDS}) > on (cluster) min by (cluster) (${TOTAL_SHARDS})))`;
/** Drops what a synced exporter would show if it still were: of namespaces that it watches, and of whole clusters. */
export const UNLESS_TOLD = `unless on (cluster, namespace) ${TOLD} unless on (cluster) ${WHOLE}`;

/** Namespaces that a synced exporter was seen to watch within `window`; one lost scrape says nothing of them. */
export function justTold(window: string): string {
  return namespacesOf(`max_over_time(${SYNCED}[${window}])`);
}

/** Which shard shows each namespace; of one that nobody shows, which did last, as long as ghosts of it are there. */
export function namespaceShard(): string {
  const shown = `group by (cluster, namespace, job, instance) (${SHOWN})`;
  // One place per exporter, whatever happens: a second one would break the rule for every namespace.
  const places = `topk by (cluster, job, instance) (1, ${SYNCED})`;
  return `group by (cluster, namespace, shard, total_shards) (
  ${shown} * on (cluster, job, instance) group_left (shard, total_shards) ${places}
)
or
((${NAMESPACE_SHARD} unless on (cluster, namespace) ${SHOWN}) and on (cluster, namespace) ${KNOWN})`;
}

/** Models that a synced exporter shows; one that serves has no reasons, so only the state can tell who sees a model. */
const SEEN_BY_SYNCED = fromSynced(SHOWN);

/**
 * One value per model (and label in `labels`) however many exporters show it: the highest of the synced ones; of the
 * others only where no synced one shows the model.
 */
export function trusted(family: MetricFamily, labels: readonly string[] = [], matchers = ''): string {
  const by = [ID, ...labels].join(', ');
  const series = `${family.name}${matchers}`;
  return `(
  max by (${by}) ${fromSynced(series)}
  or
  (max by (${by}) (${series}) unless on (${ID}) ${SEEN_BY_SYNCED})
)`;
}

/**
 * What was recorded last of the models that no exporter shows while no exporter of their shard can tell whether they
 * still exist. The recorded series reads itself by an instant selector, which ends at a staleness mark: a model that was
 * deleted while an exporter watched is not brought back when that exporter dies later.
 */
export function ghosts(series: RecordedSeries): string {
  return `((${series.name} ${UNLESS_SHOWN}) ${UNLESS_TOLD})`;
}

/** `expr`, and for ghosts what was recorded last. To be used after RECORDED.modelServing in its group. */
export function remembered(series: RecordedSeries, expr: string): string {
  return `${expr}
or
((${series.name} ${UNLESS_SHOWN}) and on (${ID}) ${KNOWN})`;
}

/** Gives `expr` one more label with a fixed value. */
export function labelled(expr: string, label: string, value: string): string {
  return `label_replace(${expr}, "${label}", "${value}", "", "")`;
}

/**
 * Of the series of each model the one whose `label` stands first in `order`, with its place from the end as value: with
 * two opinions on one model the worse one counts, and there is always exactly one.
 */
export function worst(expr: string, label: string, order: readonly string[]): string {
  const places = order.map((value, index) => labelled(`vector(${order.length - index})`, label, value));
  return `topk by (${ID}) (1,
  ${expr}
  * on (${label}) group_left ()
  (
    ${places.join('\n    or ')}
  )
)`;
}

/** A series of value 1 that is always there. */
export function constant(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels).reduce(
    (expr, [name, value]) => `label_replace(${expr}, "${name}", "${value}", "", "")`,
    'vector(1)'
  );
}
