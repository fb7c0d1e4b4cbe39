/** A Deployment whose rollout is done and whose replicas are all ready, as its controller writes it. */
import type { KubernetesObject } from '../types';
import { meta, time } from './meta';

export interface ReadyDeployment {
  readonly seed: number;
  readonly namespace: string;
  readonly name: string;
  readonly createdMs: number;
  /** When it became available. */
  readonly sinceMs: number;
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly owner: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  readonly containers: readonly unknown[];
}

export function readyDeployment(options: ReadyDeployment): KubernetesObject {
  const { sinceMs, replicas, labels, containers, ...identity } = options;
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
      readyReplicas: replicas,
      availableReplicas: replicas,
      conditions: [
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', ...at },
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', ...at },
      ],
    },
  };
}
