/** Pieces that the rules are made of. Every `by` and `on` here carries cluster (absent = empty). */
import { METRICS, RECORDED, type MetricFamily, type RecordedSeries } from '@modelwatch/contract';

/** What identifies a model. */
export const ID = 'cluster, namespace, model';

const SYNCED = METRICS.exporterSynced.name;

/** Selects the series of exporters whose sources are synced and fresh. */
function fromSynced(selector: string): string {
  return `(${selector} and on (cluster, job, instance) (${SYNCED} == 1))`;
}

/** Every model has a series for each state; one state is enough to know that it is there, and a seventh of the cost. */
const ONE_PER_MODEL = '{state="serving"}';
/** Models that any exporter shows now. */
export const SHOWN = `${METRICS.modelServing.name}${ONE_PER_MODEL}`;
/** Models with a recorded state, ghosts included. */
export const KNOWN = `${RECORDED.modelServing.name}${ONE_PER_MODEL}`;
const UNLESS_SHOWN = `unless on (${ID}) ${SHOWN}`;
/** Drops what belongs to a cluster with a synced exporter: a model that it does not show is really gone. */
const UNLESS_TOLD = `unless on (cluster) (max by (cluster) (${SYNCED}) == 1)`;

/** Models that a synced exporter shows; one that serves has no reasons, so only the state can tell who sees a model. */
const SEEN_BY_SYNCED = fromSynced(SHOWN);

/**
 * One value per model (and label in `labels`) however many exporters show it: the highest of the synced ones; of the
 * others only where no synced one shows the model.
 */
export function trusted(family: MetricFamily, labels: readonly string[] = []): string {
  const by = [ID, ...labels].join(', ');
  return `(
  max by (${by}) ${fromSynced(family.name)}
  or
  (max by (${by}) (${family.name}) unless on (${ID}) ${SEEN_BY_SYNCED})
)`;
}

/**
 * What was recorded last of the models that no exporter shows while no exporter of their cluster can tell whether they
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
