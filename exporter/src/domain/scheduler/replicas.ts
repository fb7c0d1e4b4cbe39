/** Which pod the scheduler means by the index of a replica. Source: scheduler/cmd/agent/cli of SeldonIO/seldon-core. */
import type { ReplicaFigures } from '../observation';
import { defined } from '../described';
import type { SchedulerServer } from './words';

/** In a StatefulSet the ordinal; in a Deployment the FNV-1a hash, in 32 bits, of the last two parts of the name. */
export function replicaIndex(server: string, pod: string): number {
  const ordinal = pod.startsWith(`${server}-`) ? /^\d{1,9}$/.exec(pod.slice(server.length + 1))?.[0] : undefined;
  return ordinal === undefined ? fnv1a(pod.split('-').slice(-2).join('-')) : Number(ordinal);
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The names of the pods of a server, by index. */
export function podsByIndex(server: string, pods: readonly string[]): ReadonlyMap<number, string> {
  return new Map(pods.map((pod) => [replicaIndex(server, pod), pod]));
}

/** Figures of one replica, under the names that they have where its agent tells them. */
export function figuresOf(word: SchedulerServer | undefined, pod: string): ReplicaFigures | undefined {
  const index = word && replicaIndex(word.name, pod);
  const told = word?.replicas.find((replica) => replica.index === index);
  if (!told) return undefined;
  const { totalBytes, availableBytes, overcommitPercent, models } = told;
  return defined({
    modelsRegistered: models,
    memoryCapacityBytes: totalBytes,
    memoryAvailableBytes: availableBytes,
    memoryOvercommitCapacityBytes:
      totalBytes === undefined || overcommitPercent === undefined
        ? undefined
        : Math.floor(totalBytes * (1 + overcommitPercent / 100)),
  });
}
