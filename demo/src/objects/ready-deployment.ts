/** A Deployment whose rollout is done, as its controller writes it. */
import type { KubernetesObject } from '../types';
import { meta, time } from './meta';

/** Said of a Deployment of few replicas as soon as one of them is not ready; KServe repeats it. */
export const UNAVAILABLE = {
  reason: 'MinimumReplicasUnavailable',
  message: 'Deployment does not have minimum availability.',
} as const;

export interface ReadyDeployment {
  readonly seed: number;
  readonly namespace: string;
  readonly name: string;
  readonly createdMs: number;
  /** When it became available. */
  readonly sinceMs: number;
  readonly replicas: number;
  /** Absent: all of them. */
  readonly ready?: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly owner: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  readonly containers: readonly unknown[];
}

export function readyDeployment(options: ReadyDeployment): KubernetesObject {
  const { sinceMs, replicas, ready = replicas, labels, containers, ...identity } = options;
  const isAvailable = ready === replicas;
  const at = { lastTransitionTime: time(sinceMs), lastUpdateTime: time(sinceMs) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta({ ...identity, kind: 'Deployment', generation: 1, labels }),
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      // Left out when 0, as Kubernetes does.
      ...(ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready }),
      ...(isAvailable ? {} : { unavailableReplicas: replicas - ready }),
      conditions: [
        isAvailable
          ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', ...at }
          : { type: 'Available', status: 'False', reason: UNAVAILABLE.reason, message: UNAVAILABLE.message, ...at },
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', ...at },
      ],
    },
  };
}
