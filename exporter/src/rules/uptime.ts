/**
 * Uptime: `avg_over_time(modelwatch:model_up[30d])` is the share of the time in which the model could serve, of the time
 * in which anybody knew. What is idle on purpose, unknown or stale is in neither; `count_over_time` tells how much was seen.
 */
import { RECORDED, type ServingState } from '@modelwatch/contract';
import { ID } from './promql';
import type { RecordingRule } from './types';

function inState(...states: readonly ServingState[]): string {
  const matcher = states.length === 1 ? `state="${states[0]}"` : `state=~"${states.join('|')}"`;
  return `group by (${ID}) (${RECORDED.modelServing.name}{${matcher}} == 1)`;
}

/** While a new version rolls out the old one serves, as its replicas tell; a model that loads for the first time is not down. */
export function uptimeRules(): RecordingRule[] {
  const fresh = `${RECORDED.modelChannel.name}{channel="freshness", status="ok"}`;
  const rollingOut = `(${inState('progressing')} and on (${ID}) (${RECORDED.modelReplicasAvailable.name} > 0))`;
  return [
    {
      record: RECORDED.modelUp.name,
      expr: `((${inState('serving', 'degraded')} or ${rollingOut}) and on (${ID}) ${fresh})
or
0 * ${inState('failed')}`,
    },
  ];
}
