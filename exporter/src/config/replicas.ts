/** Several exporters that share the events of one fleet: what meets by id goes to the one that owns the id. */
import { z } from 'zod';
import { httpClient } from './http-client';

export interface ReplicaPlace {
  /** From 0. */
  readonly replica: number;
  readonly replicas: number;
}

const file = z.string().min(1);

export const replicaKeys = {
  /** Exporters among which events are shared out. */
  replicas: z.number().int().min(1).max(100).default(1),
  /** Which of them this one is, from 0. Absent: the ordinal at the end of the host name. */
  replica: z.number().int().min(0).max(99).optional(),
  peers: z
    .strictObject({
      /** Where the others answer, with {replica} for their number. */
      url: z.string().min(1).optional(),
      /** The same for all replicas: who does not know it may not pass anything on. */
      tokenFile: file.optional(),
      tlsConfig: httpClient.tlsConfig,
      basicAuth: httpClient.basicAuth,
      /** What waits on disk for replicas that are away. */
      maxOutboxBytes: z.number().int().min(1_024).max(1_099_511_627_776).default(268_435_456),
    })
    .prefault({}),
};

export interface ReplicaSettings {
  readonly replicas: number;
  readonly replica?: number | undefined;
  readonly peers: { readonly url?: string | undefined; readonly tokenFile?: string | undefined };
  readonly joins: { readonly directory?: string | undefined };
  /** Who may post, if not everybody who can log in. */
  readonly users: readonly string[];
  readonly routeUsers: Readonly<Record<string, readonly string[]>>;
}

/** What the keys mean together. @returns the key that is wrong, and what was expected */
export function replicaProblem(events: ReplicaSettings): { path: string[]; message: string } | undefined {
  const { replicas, replica, peers, joins, users, routeUsers } = events;
  if (replica !== undefined && replica >= replicas) {
    return { path: ['replica'], message: 'a number below events.replicas, since replicas count from 0' };
  }
  if (peers.url !== undefined && !isTemplate(peers.url)) {
    const message = 'an http:// or https:// URL without user and password, with {replica} where the number belongs';
    return { path: ['peers', 'url'], message };
  }
  if (replicas === 1) return undefined;
  if (peers.url === undefined) {
    return { path: ['peers', 'url'], message: 'an address with {replica}, while events.replicas is above 1' };
  }
  if (joins.directory === undefined) {
    const message = 'a directory while events.replicas is above 1, each replica its own';
    return { path: ['joins', 'directory'], message };
  }
  const isOpenToAll = [users, ...Object.values(routeUsers)].every((list) => list.length === 0);
  if (isOpenToAll || peers.tokenFile !== undefined) return undefined;
  // Or whoever may not post could pass the same on.
  const message = 'a file with a token of the replicas, while events.users or events.routeUsers say who may post';
  return { path: ['peers', 'tokenFile'], message };
}

function isTemplate(text: string): boolean {
  const example = text.replaceAll('{replica}', '0');
  if (example === text || !URL.canParse(example)) return false;
  const { protocol, username, password } = new URL(example);
  return /^https?:$/.test(protocol) && username + password === '';
}

/**
 * Which replica this exporter is: as configured, else the ordinal that a StatefulSet puts at the end of the names of its
 * pods.
 *
 * @throws Error with what to set, when neither tells.
 */
export function replicaOf({ replica, replicas }: Pick<ReplicaSettings, 'replica' | 'replicas'>, hostname: string) {
  if (replica !== undefined || replicas === 1) return { replica: replica ?? 0, replicas };
  const told = /-(\d{1,9})$/.exec(hostname.split('.')[0] ?? '')?.[1];
  if (told !== undefined && Number(told) < replicas) return { replica: Number(told), replicas };
  const expected = told === undefined ? 'a host name that ends in one' : `events.replicas above ${told}`;
  throw new Error(
    `events.replica: expected a number from 0 to ${replicas - 1}, or ${expected}, got host name ${JSON.stringify(hostname)}; set --events.replica or MODELWATCH_EVENTS_REPLICA`
  );
}
