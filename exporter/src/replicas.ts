/** What a replica needs of the others: built from the configuration. */
import type { Config } from './config/schema';
import type { ReplicaPlace } from './config/replicas';
import { createForwarding, type Forwarding } from './forwarding';
import { takeLeftBehind } from './forwarding/left-behind';
import { HttpError } from './http/errors';
import type { SelfMetrics } from './http/self-metrics';
import { hasStore, openStore, StoreError } from './joins/store';
import type { Log } from './log/log';
import { SYSTEM_CLOCK } from './sources/clock';
import { readSecret } from './sources/kubernetes/disk';

export interface ReplicasDeps {
  readonly limits: Config['events'];
  readonly place: ReplicaPlace;
  readonly metrics: Pick<SelfMetrics, 'error' | 'dropped' | 'forwarding'>;
  readonly log: Pick<Log, 'warn' | 'info'>;
  /** Takes what turns out to be this replica's own. */
  readonly receive: (items: readonly unknown[]) => Promise<unknown>;
  /** Whether it is known which models are watched. */
  readonly mayTake: () => boolean;
  /** Another replica is there, and may know nothing. */
  readonly onPeer: () => void;
}

/** Undefined where this is the only one. */
export function startForwarding({
  limits,
  place,
  metrics,
  log,
  receive,
  mayTake,
  onPeer,
}: ReplicasDeps): Forwarding | undefined {
  const { directory } = limits.joins;
  const { url, maxOutboxBytes, ...access } = limits.peers;
  if (place.replicas === 1 || directory === undefined || url === undefined) return undefined;
  return createForwarding({
    ...place,
    address: { url, ...access },
    maxOutboxBytes,
    openStore: () => openStore(directory, 'outbox'),
    receive,
    mayTake,
    onPeer,
    metrics: metrics.forwarding,
    telemetry: metrics,
    onProblem: (peer, problem) => {
      if (problem === undefined) log.info({ peer }, 'Another replica takes what meets by id');
      else log.warn({ peer, problem }, 'What meets by id waits for another replica');
    },
    clock: SYSTEM_CLOCK,
  });
}

/** Where this is the only one, and was not always. */
export function startLeftBehind({ limits, place, metrics, log, receive, mayTake }: Omit<ReplicasDeps, 'onPeer'>) {
  const { directory } = limits.joins;
  if (place.replicas > 1 || directory === undefined) return undefined;
  return takeLeftBehind({
    hasStore: () => hasStore(directory, 'outbox'),
    openStore: () => openStore(directory, 'outbox'),
    receive,
    mayTake,
    onUnreadable: (detail) => metrics.dropped('events', 'malformed_json', detail),
    onTaken: (events) => log.info({ events }, 'What waited for other replicas is taken in here: there is only one'),
    onProblem: (error) => {
      metrics.error('outbox', error instanceof StoreError ? error.reason : 'other');
      log.warn({ problem: String(error) }, 'What waited for other replicas waits here');
    },
    clock: SYSTEM_CLOCK,
  });
}

/** That replicas show each other. @throws HttpError when the file cannot be read: nobody gets in then */
export async function tokenOf(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  return readSecret(file, 'token').catch((error: unknown) => {
    throw new HttpError(503, 'token', error instanceof Error ? error.message : 'events.peers.tokenFile');
  });
}
