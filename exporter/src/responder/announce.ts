/**
 * An Event (core/v1) on what was acted upon, so that `kubectl describe` tells of it. It is written when all is over: that
 * it could not be changes nothing of what was done.
 */
import { createHash } from 'node:crypto';
import type { Cluster } from './cluster';
import { at, FIELD_MANAGER } from './patch';
import type { Intent, Outcome } from './types';

/** As the API server bounds it. */
const MOST_MESSAGE = 1_024;

/** Undefined for what changed nothing, and for what is no object of Kubernetes. */
export function eventOf(intent: Intent, object: unknown, outcome: Outcome, nowSeconds: number): object | undefined {
  const [uid, namespace, name] = ['uid', 'namespace', 'name'].map((key) => at(object, ['metadata', key]));
  const { result, reason, text } = outcome;
  if (typeof uid !== 'string' || typeof name !== 'string' || (result !== 'acted' && result !== 'failed')) {
    return undefined;
  }
  const { key, policy, alert } = intent;
  const time = `${new Date(nowSeconds * 1_000).toISOString().slice(0, 19)}Z`;
  const why = reason === 'none' ? '' : ` (${reason})`;
  const message = `${policy.name}, because of ${alert.labels['alertname'] ?? ''}: ${policy.action.type} ${result}${why}: ${text}`;
  // One success has one Event, whoever tells of it; each failure has its own.
  const identity = result === 'acted' ? key : `${key} ${nowSeconds}`;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `modelwatch-response-${hash(identity)}`, namespace },
    involvedObject: {
      ...{ apiVersion: at(object, ['apiVersion']), kind: at(object, ['kind']), namespace, name, uid },
      resourceVersion: at(object, ['metadata', 'resourceVersion']),
    },
    type: result === 'acted' ? 'Normal' : 'Warning',
    reason: result === 'acted' ? 'ResponseActed' : 'ResponseFailed',
    message: message.slice(0, MOST_MESSAGE),
    source: { component: FIELD_MANAGER },
    reportingComponent: FIELD_MANAGER,
    ...{ firstTimestamp: time, lastTimestamp: time, count: 1 },
  };
}

/** @returns why it could not be written. Never rejects */
export async function announce(cluster: Cluster, event: object): Promise<string | undefined> {
  const namespace = String(at(event, ['metadata', 'namespace']));
  const answer = await cluster.create(`/api/v1/namespaces/${namespace}/events`, event);
  // A conflict: it was told before.
  if (answer.kind === 'ok' || answer.kind === 'conflict') return undefined;
  return answer.kind === 'failed' ? answer.outcome.text : answer.text;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}
