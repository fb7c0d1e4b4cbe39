/** What a series is about, by its name or, where an expression dropped the name, by its labels. */
import {
  CHANNELS,
  HEALTH_STATES,
  METRICS,
  RECORDED,
  SERVING_REASONS,
  SERVING_STATES,
  type FrameKind,
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
  [RECORDED.modelHealth.name, 'health'],
  [RECORDED.modelServing.name, 'serving'],
  [METRICS.modelServing.name, 'serving'],
  [RECORDED.modelServingReason.name, 'reason'],
  [METRICS.modelServingReason.name, 'reason'],
  [RECORDED.modelChannel.name, 'channel'],
  [RECORDED.modelInfo.name, 'info'],
  [METRICS.modelInfo.name, 'info'],
  [RECORDED.modelReplicasDesired.name, 'replicasDesired'],
  [METRICS.modelReplicasDesired.name, 'replicasDesired'],
  [RECORDED.modelReplicasAvailable.name, 'replicasAvailable'],
  [METRICS.modelReplicasAvailable.name, 'replicasAvailable'],
  [RECORDED.modelLastObserved.name, 'lastObserved'],
  [METRICS.modelLastObserved.name, 'lastObserved'],
  [RECORDED.modelLastTransition.name, 'lastTransition'],
  [METRICS.modelLastTransition.name, 'lastTransition'],
  [RECORDED.inferenceRequestsRate.name, 'requestsRate'],
  [RECORDED.inferenceLastRequest.name, 'lastRequest'],
  [RECORDED.inferenceRequestsPerDay.name, 'requestsPerDay'],
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
