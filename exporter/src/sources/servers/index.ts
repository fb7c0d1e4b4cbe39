/** The prober: asks every endpoint of a model server, each at its own moment of the interval. */
import type { EndpointRef, Observation, Tell } from '../../domain/observation';
import type { Telemetry } from '../../domain/telemetry';
import type { ProbeTarget, ScrapedServer, TargetChange } from '../../domain/probe-target';
import { SYSTEM_CLOCK, type Clock } from '../clock';
import type { ConnectionOptions } from './connection';
import type { Module } from '../../mapping/module';
import { startDependencies, type DependencyProbe } from './dependencies';
import { serverModules } from './generic';
import type { InferencePath } from './endpoint';
import { Lanes } from './lanes';
import { Newcomers } from './newcomers';
import { Slot, SOURCE, type SlotDeps } from './slot';
import { startSynthetic, type Replica, type SyntheticProbe } from './synthetic';
import { createTransport, type ProxyRequest } from './transport';

export interface ServersOptions {
  readonly probeIntervalSeconds: number;
  /** Deadline of all requests of one probe together, and of the poll of the metrics after it. */
  readonly probeTimeoutSeconds: number;
  readonly maxBodyBytes: number;
  /** Endpoints that are probed at the same time, besides those that hang; as many may be polled for metrics. */
  readonly concurrency: number;
  readonly access: 'direct' | 'api-proxy' | 'none';
  /** Needed for `api-proxy`: the `request` of the Kubernetes source. */
  readonly request?: ProxyRequest | undefined;
  /** Declared servers: how they are reached, where an address is not enough. */
  readonly standalone?: readonly (ConnectionOptions & { readonly name: string })[];
  /** Default: `poll`. */
  readonly inference?: InferencePath;
  /** Descriptions of servers that are not known. */
  readonly modules?: readonly Module[];
  readonly synthetic?: readonly SyntheticProbe[];
  readonly dependencies?: readonly DependencyProbe[];
}

export interface ServersSource {
  /** New endpoints are asked soon; those that are gone are told as removed. */
  change(targets: TargetChange): void;
  /** Servers whose metrics Prometheus reads in place of us; absent until each server was asked at least once. */
  scraped(): readonly ScrapedServer[] | undefined;
  /** Ends every request; nothing is told after it. */
  stop(): Promise<void>;
}

/** Changes of the message are told at most this often. */
const TELL_EVERY_SECONDS = 5;
/** Endpoints that are named in the message. */
const NAMED = 3;

export function createServersSource(
  options: ServersOptions,
  tell: Tell,
  telemetry: Telemetry,
  clock: Clock = SYSTEM_CLOCK
): ServersSource {
  const transport = createTransport({
    maxBodyBytes: options.maxBodyBytes,
    connections: new Map(options.standalone?.filter(wantsMore).map((server) => [server.name, server])),
    ...(options.access === 'api-proxy' && options.request ? { proxy: options.request } : {}),
  });
  const slots = new Map<string, { target: ProbeTarget; slot: Slot }>();
  const leaving = new Set<Promise<void>>();
  const status = new StatusTeller(tell, clock, () => [...slots.values()]);
  const deps: SlotDeps = {
    transport,
    tell,
    telemetry,
    clock,
    modules: serverModules(options.modules ?? []),
    inference: options.inference ?? 'poll',
    intervalSeconds: options.probeIntervalSeconds,
    timeoutSeconds: options.probeTimeoutSeconds,
    probes: new Lanes(options.concurrency, clock),
    polls: new Lanes(options.concurrency, clock),
    done: () => status.changed(),
  };

  const newcomers = new Newcomers(options.probeIntervalSeconds, clock, telemetry);
  let firstRoundDone = false;

  function remove(key: string, target: ProbeTarget, slot: Slot): void {
    slots.delete(key);
    newcomers.remove(slot);
    const gone = slot.stop().finally(() => leaving.delete(gone));
    leaving.add(gone);
    tell({ kind: 'endpoint-removed', endpoint: target.endpoint });
  }

  const synthetic = startSynthetic(options.synthetic ?? [], {
    transport,
    tell,
    telemetry,
    clock,
    replicasOf: (namespace, model) =>
      [...slots.values()].flatMap(({ target, slot }) => replicaOf(namespace, model, target, slot)),
  });

  const dependencies = startDependencies(options.dependencies ?? [], {
    tell,
    telemetry,
    clock,
    probes: deps.probes,
    maxBodyBytes: options.maxBodyBytes,
  });

  status.changed();
  return {
    change({ set, gone }) {
      for (const endpoint of gone) {
        const key = keyOf(endpoint);
        const known = slots.get(key);
        if (known) remove(key, known.target, known.slot);
      }
      const added: Slot[] = [];
      for (const target of set) {
        const key = keyOf(target.endpoint);
        const known = slots.get(key);
        known?.slot.retarget(target);
        const slot = known?.slot ?? new Slot(target, placeOf(key), deps);
        if (!known) added.push(slot);
        slots.set(key, { target, slot });
      }
      newcomers.add(added);
      status.changed();
    },
    scraped() {
      if (options.inference !== 'direct') return [];
      const each = [...slots.values()].map(({ slot }) => slot.scraped());
      firstRoundDone ||= each.every((servers) => servers !== undefined);
      return firstRoundDone ? each.flatMap((servers) => servers ?? []) : undefined;
    },
    async stop() {
      status.stop();
      newcomers.stop();
      await Promise.all([
        synthetic.stop(),
        dependencies.stop(),
        ...leaving,
        ...[...slots.values()].map(({ slot }) => slot.stop()),
      ]);
      await transport.close();
    },
  };
}

function wantsMore({ tlsConfig, basicAuth, authorization, httpHeaders }: ConnectionOptions): boolean {
  return [tlsConfig, basicAuth, authorization, httpHeaders].some((option) => option !== undefined);
}

/** The endpoint as a replica of the model, when it answers and has it. */
function replicaOf(namespace: string, model: string, target: ProbeTarget, { last }: Slot): Replica[] {
  if (target.endpoint.namespace !== namespace || target.part !== undefined || !last?.up) return [];
  const found = last.models.find(({ name, ready }) => name === model && ready !== false);
  if (!found && (last.models.length > 0 || !target.models.includes(model))) return [];
  const versioned = target.versionSuffix && found?.version !== undefined;
  return [{ target, modelName: versioned ? `${model}_${found.version}` : model }];
}

function keyOf({ namespace, server, replica }: EndpointRef): string {
  return `${namespace}/${server}/${replica}`;
}

/** Where in the interval the endpoint has its moment, 0 to 1: spread evenly, and the same after a restart (FNV-1a). */
function placeOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  }
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

type SourceStatus = Extract<Observation, { kind: 'source-status' }>;

/** All endpoints as one source. */
class StatusTeller {
  private toldSeconds = -Infinity;
  private last: SourceStatus | undefined;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly tell: Tell,
    private readonly clock: Clock,
    private readonly endpoints: () => readonly { target: ProbeTarget; slot: Slot }[]
  ) {}

  /** Tells a change of state at once, everything else now and then. */
  changed(): void {
    const wait = this.toldSeconds + TELL_EVERY_SECONDS - this.clock.nowSeconds();
    if (wait > 0 && this.last?.state !== 'syncing') {
      this.cancel ??= this.clock.after(wait, () => this.flush());
    } else this.flush();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private flush(): void {
    this.stop();
    const endpoints = this.endpoints();
    const pending = this.last?.state !== 'synced' && endpoints.some(isNew);
    if (pending && this.last?.state === 'syncing' && this.last.objects === endpoints.length) return;
    const next = statusOf(endpoints, pending);
    this.toldSeconds = this.clock.nowSeconds();
    this.last = next;
    this.tell(next);
  }
}

interface Endpoint {
  readonly target: ProbeTarget;
  readonly slot: Slot;
}

/** Neither asked yet nor known to be out of reach. */
function isNew({ slot }: Endpoint): boolean {
  return slot.last === undefined && slot.unasked === undefined && !slot.strange;
}

/** @param pending some have not been asked for the first time */
function statusOf(endpoints: readonly Endpoint[], pending: boolean): SourceStatus {
  const unasked = endpoints.filter(({ slot }) => slot.unasked !== undefined);
  const failing = endpoints.filter(({ slot }) => slot.unasked === undefined && slot.last?.error !== undefined);
  const answered = endpoints.flatMap(({ slot }) => slot.lastAnsweredSeconds ?? []);
  const allFail = endpoints.length > 0 && failing.length + unasked.length === endpoints.length;
  const message = [sayUnasked(unasked, endpoints.length), say(failing, endpoints.length)].filter(Boolean).join('; ');
  return {
    kind: 'source-status',
    source: SOURCE,
    title: 'Model servers',
    resources: [],
    state: pending ? 'syncing' : allFail ? 'failing' : 'synced',
    required: false,
    objects: endpoints.length,
    ...(answered.length === 0 ? {} : { lastContactSeconds: answered.reduce((a, b) => Math.max(a, b)) }),
    ...(message === '' ? {} : { message }),
  };
}

/** The way to them is one: one reason stands for all. */
function sayUnasked(unasked: readonly { slot: Slot }[], all: number): string {
  const [one] = unasked;
  return one ? `${unasked.length} of ${all} cannot be asked: ${one.slot.unasked}` : '';
}

function say(failing: readonly { target: ProbeTarget; slot: Slot }[], all: number): string {
  if (failing.length === 0) return '';
  const named = failing.slice(0, NAMED).map(({ target, slot }) => {
    const cause = slot.last?.error?.cause ?? 'other';
    return `${target.endpoint.namespace}/${target.endpoint.replica} (${cause.replaceAll('_', ' ')})`;
  });
  const more = failing.length > NAMED ? ` and ${failing.length - NAMED} more` : '';
  return `${failing.length} of ${all} ${failing.length === 1 ? 'does' : 'do'} not answer: ${named.join(', ')}${more}`;
}
