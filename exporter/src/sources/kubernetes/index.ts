/** The Kubernetes source: which kinds there are, and everything that happens to their objects, as observations. */
import type { Tell } from '../../domain/observation';
import { UNSHARDED, type Sharding } from '../../domain/shards';
import type { Telemetry } from '../../domain/telemetry';
import { Slices, sleep, SYSTEM_CLOCK, type Clock } from '../clock';
import { Lane } from '../lane';
import { createApi, type KubernetesRequest } from './api';
import { Backoff } from './backoff';
import { createBudget } from './budget';
import { createCredentials } from './credentials';
import { discover } from './discovery';
import { ApiError, toApiError } from './errors';
import { KINDS, resourceName, type Kind } from './kinds';
import { KindSource } from './kind-source';
import type { KubernetesOptions } from './options';

export type { KubernetesRequest, KubernetesRequestOptions, KubernetesResponse } from './api';
export { KINDS, type Kind } from './kinds';
export type { KubernetesOptions } from './options';

export interface KubernetesSource {
  /** Begins to discover, list and watch. Nothing that goes wrong throws: it is told as the status of a source. */
  start(): void;
  /** Ends every request; resolves when the last is gone. */
  stop(): Promise<void>;
  /** The same connection and credentials for others, e.g. for the pod proxy. Works from the start. */
  readonly request: KubernetesRequest;
}

/** Kinds appear when they are installed, within this time; gone ones are noticed at once by their watch. */
const DISCOVERY_SECONDS = 30;
/** Full lists that are read at the same time: memory and the event loop are theirs only for a while. */
const LISTS_AT_A_TIME = 4;
const DISCOVERY = 'kubernetes/discovery';
const USER_AGENT = 'modelwatch';

export interface KubernetesSourceDeps {
  /** What is watched; default: `KINDS`. Source names (`plural.group`) must differ. */
  readonly kinds?: readonly Kind[];
  /** Whose namespaces are watched; default: all. */
  readonly sharding?: Sharding;
  /** Replaced by tests. */
  readonly clock?: Clock;
}

export function createKubernetesSource(
  options: KubernetesOptions,
  tell: Tell,
  telemetry: Telemetry,
  { kinds: watched = KINDS, sharding = UNSHARDED, clock = SYSTEM_CLOCK }: KubernetesSourceDeps = {}
): KubernetesSource {
  const waited = (seconds: number) => telemetry.waited('kubernetes', seconds);
  const budget = createBudget(options.requestsPerSecond, clock, waited);
  const api = createApi(createCredentials(options), USER_AGENT, budget);
  const stopping = new AbortController();
  let wake: AbortController | undefined;
  let kinds: KindSource[] = [];
  let discovering: Promise<void> | undefined;

  async function discoverOnce(): Promise<void> {
    const installable = kinds.filter(({ kind }) => !kind.builtIn);
    const names = installable.map(({ kind }) => kind);
    const served = await discover(api, names, stopping.signal);
    for (const source of installable) {
      const version = served.get(resourceName(source.kind));
      if (version === undefined) await source.uninstall();
      else if (version instanceof ApiError) undecided(source, version);
      else source.install(version);
    }
  }

  function undecided(source: KindSource, failure: ApiError): void {
    telemetry.error(DISCOVERY, failure.reason);
    source.undecided(failure.message);
  }

  async function discoverForever(): Promise<void> {
    const backoff = new Backoff(clock);
    while (!stopping.signal.aborted) {
      let wait = DISCOVERY_SECONDS;
      wake = new AbortController();
      try {
        await discoverOnce();
        backoff.reset();
      } catch (error) {
        if (stopping.signal.aborted) return;
        const failure = toApiError(error, 'GET /apis');
        telemetry.error(DISCOVERY, failure.reason);
        for (const source of kinds) source.undecided(failure.message);
        wait = backoff.next(failure.retryAfterSeconds);
      }
      await sleep(clock, wait, wake.signal);
    }
  }

  return {
    request: api.request,
    start() {
      if (discovering) return;
      const shared = { lists: new Lane(LISTS_AT_A_TIME), slices: new Slices() };
      const deps = { api, options, tell, telemetry, clock, sharding, ...shared, rediscover: () => wake?.abort() };
      kinds = watched.map((kind) => new KindSource(kind, deps));
      for (const source of kinds) if (source.kind.builtIn) source.install(source.kind.versions[0]);
      discovering = discoverForever();
    },
    async stop() {
      stopping.abort();
      wake?.abort();
      await discovering;
      await Promise.all(kinds.map((source) => source.stop()));
      await api.close();
    },
  };
}
