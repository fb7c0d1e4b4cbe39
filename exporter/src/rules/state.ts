/** Rules that make one truth of what one, two or no exporters say about a model. */
import { METRICS, RECORDED, SERVING_STATES } from '@modelwatch/contract';
import { ID, SHOWN, ghosts, justTold, labelled, namespaceShard, remembered, trusted, worst } from './promql';
import type { RecordingRule, ResolvedOptions } from './types';

const SERVING = RECORDED.modelServing.name;
const LAST_OBSERVED = RECORDED.modelLastObserved.name;

/** The time of the last confirmation stays when the exporters go: it is what makes a ghost grow stale. */
function lastObserved(): string {
  return `max by (${ID}) (${METRICS.modelLastObserved.name})
or
${ghosts(RECORDED.modelLastObserved)}`;
}

/**
 * Ghosts keep their state while a synced exporter of their shard was scraped within the last two intervals, so that one
 * lost scrape greys nothing; then they are stale.
 */
function serving(options: ResolvedOptions): string {
  const told = justTold(`${Math.ceil(2.5 * options.intervalSeconds)}s`);
  const stale = `(group by (${ID}) ${ghosts(RECORDED.modelServing)} unless on (cluster, namespace) ${told})`;
  return `(
  ${worst(`(${trusted(METRICS.modelServing, ['state'])} == 1)`, 'state', SERVING_STATES)} > bool 0
)
or
0 * max by (${ID}, state) (${METRICS.modelServing.name})
or
(${ghosts(RECORDED.modelServing)} and on (cluster, namespace) ${told})
or
${labelled(stale, 'state', 'stale')}
or
0 * ${ghosts(RECORDED.modelServing)}`;
}

/** Models that are stale because no exporter shows them any more. */
const SILENCED = `(group by (${ID}) (${SERVING}{state="stale"} == 1) unless on (${ID}) ${SHOWN})`;

/** That nobody watches a server is said of a model only while nobody does: two exporters need not see the same. */
function servingReason(): string {
  const watched = labelled(`group by (${ID}) (${SERVING} == 1)`, 'reason', 'not_watched');
  return `(${trusted(METRICS.modelServingReason, ['reason'])} unless on (${ID}, reason) ${watched})
or
${labelled(SILENCED, 'reason', 'exporter_silent')}
or
((${RECORDED.modelServingReason.name}{reason!="exporter_silent"} unless on (${ID}) ${SHOWN})
  and on (${ID}) (${SERVING}{state!="stale"} == 1))`;
}

/**
 * One series per model even while two exporters disagree on labels (a rollout, a restart with another owner). The choice
 * sticks: a series that was chosen before weighs 2, any other 1. Where one watches the model and another has only events
 * of it, the first is right.
 */
function info(): string {
  const labels = RECORDED.modelInfo.labels.filter((label) => !['cluster', 'namespace', 'model'].includes(label));
  const all = [ID, ...labels].join(', ');
  const choice = (matchers: string) => {
    const shown = trusted(METRICS.modelInfo, labels, matchers);
    return `group by (${all}) (topk by (${ID}) (1,
  (${shown} + on (${all}) group by (${all}) (${RECORDED.modelInfo.name}))
  or on (${all})
  ${shown}
))`;
  };
  const chosen = `${choice('{platform!="events"}')}
or on (${ID})
${choice('{platform="events"}')}`;
  return remembered(RECORDED.modelInfo, chosen);
}

/** A model whose exporters are gone is stale since it was last confirmed. */
function lastTransition(): string {
  const turnedStale = `(${LAST_OBSERVED} and on (${ID}) ${SILENCED})`;
  return remembered(RECORDED.modelLastTransition, `${trusted(METRICS.modelLastTransition)}\nor\n${turnedStale}`);
}

/** Order matters: the ghosts rest on `namespaceShard`, and what follows `modelServing` reads it. */
export function stateRules(options: ResolvedOptions): RecordingRule[] {
  return [
    { record: RECORDED.namespaceShard.name, expr: namespaceShard() },
    { record: LAST_OBSERVED, expr: lastObserved() },
    { record: SERVING, expr: serving(options) },
    { record: RECORDED.modelServingReason.name, expr: servingReason() },
    { record: RECORDED.modelInfo.name, expr: info() },
    {
      record: RECORDED.modelReplicasDesired.name,
      expr: remembered(RECORDED.modelReplicasDesired, trusted(METRICS.modelReplicasDesired)),
    },
    {
      record: RECORDED.modelReplicasAvailable.name,
      expr: remembered(RECORDED.modelReplicasAvailable, trusted(METRICS.modelReplicasAvailable)),
    },
    { record: RECORDED.modelLastTransition.name, expr: lastTransition() },
  ];
}
