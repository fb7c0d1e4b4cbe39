/** What a series is about, by its name or, where an expression dropped the name, by its labels. */
import {
  CHANNELS,
  type FrameKind,
  HEALTH_STATES,
  MODEL_METRICS,
  RECORDED_INFERENCE,
  RECORDED_STATE,
  SERVING_REASONS,
  SERVING_STATES,
} from '@modelwatch/contract';
import type { Series } from './series';

export type Subject =
  | 'health'
  | 'serving'
  | 'reason'
  | 'channel'
  | 'info'
  | 'replicasDesired'
  | 'replicasAvailable'
  | 'lastObserved'
  | 'lastTransition'
  | 'requestsRate'
  | 'lastRequest'
  | 'requestsPerDay';

const BY_NAME = new Map<string, Subject>([
  [RECORDED_STATE.modelHealth.name, 'health'],
  [RECORDED_STATE.modelServing.name, 'serving'],
  [MODEL_METRICS.modelServing.name, 'serving'],
  [RECORDED_STATE.modelServingReason.name, 'reason'],
  [MODEL_METRICS.modelServingReason.name, 'reason'],
  [RECORDED_STATE.modelChannel.name, 'channel'],
  [RECORDED_STATE.modelInfo.name, 'info'],
  [MODEL_METRICS.modelInfo.name, 'info'],
  [RECORDED_STATE.modelReplicasDesired.name, 'replicasDesired'],
  [MODEL_METRICS.modelReplicasDesired.name, 'replicasDesired'],
  [RECORDED_STATE.modelReplicasAvailable.name, 'replicasAvailable'],
  [MODEL_METRICS.modelReplicasAvailable.name, 'replicasAvailable'],
  [RECORDED_STATE.modelLastObserved.name, 'lastObserved'],
  [MODEL_METRICS.modelLastObserved.name, 'lastObserved'],
  [RECORDED_STATE.modelLastTransition.name, 'lastTransition'],
  [MODEL_METRICS.modelLastTransition.name, 'lastTransition'],
  [RECORDED_INFERENCE.inferenceRequestsRate.name, 'requestsRate'],
  [RECORDED_INFERENCE.inferenceLastRequest.name, 'lastRequest'],
  [RECORDED_INFERENCE.inferenceRequestsPerDay.name, 'requestsPerDay'],
]);

const BY_KIND: Partial<Record<FrameKind, Subject>> = {
  'health-history': 'health',
  'requests-history': 'requestsRate',
};

function has(list: readonly string[], value: string | undefined): boolean {
  return value !== undefined && list.includes(value);
}

/** undefined: nothing this panel can show, or no model is named. */
export function subjectOf(series: Series): Subject | undefined {
  const { labels, kind, name } = series;
  if (!labels.model || !labels.namespace) return undefined;
  const told = (kind && BY_KIND[kind]) ?? (name ? BY_NAME.get(name) : undefined);
  if (told) return told;
  if (has(HEALTH_STATES, labels.health)) return 'health';
  if (has(SERVING_STATES, labels.state)) return 'serving';
  if (has(CHANNELS, labels.channel) && labels.status) return 'channel';
  if (has(SERVING_REASONS, labels.reason)) return 'reason';
  return labels.platform ? 'info' : undefined;
}
