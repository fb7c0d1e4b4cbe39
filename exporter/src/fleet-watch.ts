/**
 * One set of sources with the fleet and the text that come of it. A configuration has one; a reload builds the next
 * beside it, and the old one answers until the new one knows as much. Fleet and text are kept in step in slices: a list
 * of 100,000 objects must not keep a scrape, a probe or a health check waiting.
 */
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import { dependencyTimes } from './config/dependencies';
import type { Config } from './config/schema';
import { createFleet } from './domain/fleet';
import { createSloRows, type SloRows } from './slo-rows';
import type { Declarations, TakesConfigMaps } from './slos';
import type { DeclaredServer, Observation, Tell } from './domain/observation';
import type { OwnershipOptions } from './domain/ownership';
import { ownRuntimes, type Sharding } from './domain/shards';
import type { Telemetry } from './domain/telemetry';
import type { Fleet, FleetChange, Snapshot } from './domain/fleet-interface';
import type { ScrapedServer } from './domain/probe-target';
import { createExpositionStore } from './exposition/segments';
import type { ExpositionStore } from './exposition/store';
import { GROUPS, renderChange } from './families';
import { SYSTEM_CLOCK } from './sources/clock';
import { createDiscovery } from './sources/discovery';
import { createKubernetesSource } from './sources/kubernetes';
import { createCustomKinds, type CustomKinds } from './sources/kubernetes/custom';
import { CONFIG_MAPS, kindsWith } from './sources/kubernetes/kinds';
import { createSchedulers } from './sources/scheduler';
import { createServersSource, type ServersSource } from './sources/servers';
import { podModule } from './sources/servers/generic';

export type WatchConfig = Pick<Config, 'kubernetes' | 'servers' | 'seldon' | 'models'>;

export interface FleetWatch {
  /** What was not observed by its own sources. */
  tell(observations: readonly Observation[]): void;
  readonly exposition: ExpositionStore;
  /** One slice now, the rest soon; the fleet as it then is. */
  refresh(): Snapshot;
  /** Resolves when everything that was observed so far is shown, or after a quarter of a second. */
  settle(): Promise<Snapshot>;
  /** It takes over: what changes from now on is a change of the fleet, not the first reading of it. */
  settled(): void;
  /** Servers whose metrics Prometheus reads; absent while they are not all known. */
  scraped(): readonly ScrapedServer[] | undefined;
  /** Models and pipelines with what is promised of them. */
  readonly slos: SloRows['book'];
  stop(): Promise<void>;
}

export interface FleetWatchDeps {
  readonly telemetry: Telemetry;
  /** Whose namespaces it watches. */
  readonly sharding: Sharding;
  /** What the watch before this one knows; its history is carried on. */
  readonly earlier?: () => Snapshot;
  /** Models whose events are counted. */
  readonly senders: () => readonly Observation[];
  /** Take the ConfigMaps of this watch: references, settings and objectives, nothing of the fleet. */
  readonly configMaps: readonly TakesConfigMaps[];
  /** What is promised now. */
  readonly slos: () => Declarations;
  /** All changes so far are in the store, the oldest so long after it was received. */
  readonly onShown: (lagSeconds: number) => void;
  /** A fault in a slice that nobody waits for. */
  readonly onError: (error: unknown) => void;
}

/** For deriving; writing the text of what was derived takes as long again. */
const SLICE_MS = 4;
/** A scrape waits at most so long for what is under way: then it shows what was true a moment ago. */
const SETTLE_MS = 250;

// The clock of the sources: when the time of day jumps, they tell their times anew before the fleet asks how old they are.
const { nowSeconds } = SYSTEM_CLOCK;

export function startFleetWatch(config: WatchConfig, deps: FleetWatchDeps): FleetWatch {
  const { telemetry, sharding, earlier, configMaps, senders, onShown, onError } = deps;
  const custom = createCustomKinds(config.kubernetes.customResources);
  const fleet = createFleet({
    probeIntervalSeconds: config.servers.probeIntervalSeconds,
    staleAfterSeconds: config.kubernetes.staleAfterSeconds,
    telemetry,
    podLabelKeys: custom.podLabelKeys,
    ...(sharding.totalShards > 1 ? { shows: sharding.owns } : {}),
    ownership: ownershipOf(config),
    modules: config.servers.modules.map(podModule),
    ...(earlier ? { earlier } : {}),
  });
  const exposition = createExpositionStore(GROUPS);
  const slos = createSloRows(deps.slos, exposition);
  let waitingSinceMs: number | undefined;
  const tell: Tell = (observation) => {
    if (toConfigMaps(observation, configMaps)) return;
    waitingSinceMs ??= performance.now();
    fleet.observe(observation);
  };
  // Events arrive at any shard; the state of a model is for that of its namespace to show.
  const tellAll = (observations: readonly Observation[]): void => {
    for (const each of observations) if (!('namespace' in each) || sharding.owns(each.namespace)) tell(each);
  };
  tellAll(senders());
  const sources = startSources(config, custom, fleet, tell, telemetry, sharding);
  const slice = (): void => {
    const until = performance.now() + SLICE_MS;
    const mayGoOn = () => performance.now() < until;
    const change = fleet.flush(nowSeconds(), mayGoOn);
    writeChange(ownRuntimes(change, sharding), fleet, exposition);
    slos.follow(change, fleet.snapshot());
    slos.goOn(fleet.snapshot(), mayGoOn);
    sources.refreshed();
    if (waitingSinceMs === undefined || fleet.pending || !fleet.snapshot().everSynced) return;
    onShown((performance.now() - waitingSinceMs) / 1_000);
    waitingSinceMs = undefined;
  };
  const slices = inTurns(slice, () => fleet.pending || fleet.renewing || slos.pending, onError);
  const refresh = (): Snapshot => {
    slice();
    slices.goOn();
    return withUnmatched(fleet.snapshot(), custom);
  };
  return {
    tell: tellAll,
    exposition,
    refresh,
    settle: async () => {
      const until = performance.now() + SETTLE_MS;
      refresh();
      while ((fleet.pending || slos.pending) && performance.now() < until) await new Promise(setImmediate);
      return withUnmatched(fleet.snapshot(), custom);
    },
    settled: () => {
      for (const each of configMaps) each.takeOver();
      fleet.settled();
    },
    scraped: sources.scraped,
    slos: slos.book,
    stop: async () => {
      slices.stop();
      await sources.stop();
    },
  };
}

/** @returns whether it was about one */
function toConfigMaps(observation: Observation, configMaps: readonly TakesConfigMaps[]): boolean {
  if (observation.kind === 'resource-applied' && observation.resource.kind === 'ConfigMap') {
    for (const each of configMaps) each.applied(observation.resource);
    return true;
  }
  if (observation.kind !== 'resource-deleted' || observation.resource !== 'ConfigMap') return false;
  for (const each of configMaps) each.deleted(observation.namespace, observation.name);
  return true;
}

/** What changed, and nothing of groups whose source is silent. */
export function writeChange(change: FleetChange, fleet: Pick<Fleet, 'hears'>, exposition: ExpositionStore): void {
  for (const { group, key, namespace, texts } of renderChange(change)) {
    if (texts) exposition.set(group, key, texts, namespace);
    else exposition.delete(group, key);
  }
  for (const { name, restsOn } of GROUPS) exposition.show(name, fleet.hears(restsOn));
}

/** Does the rest of the work slice by slice, each in a turn of its own of the event loop. */
function inTurns(slice: () => void, isPending: () => boolean, onError: (error: unknown) => void) {
  let next: NodeJS.Immediate | undefined;
  let stopped = false;
  const goOn = (): void => {
    if (stopped || next || !isPending()) return;
    next = setImmediate(() => {
      next = undefined;
      try {
        slice();
        goOn();
      } catch (error) {
        onError(error);
      }
    });
  };
  return {
    goOn,
    stop: () => {
      stopped = true;
      clearImmediate(next);
    },
  };
}

/** The paths of mappings that led nowhere so far, beside the source that they concern. */
function withUnmatched(snapshot: Snapshot, custom: CustomKinds): Snapshot {
  if (custom.kinds.length === 0) return snapshot;
  const open = new Map(custom.unmatched().map(({ source, paths }) => [source, paths]));
  const sources = snapshot.sources.map((view) => {
    const unmatchedPaths = open.get(view.source);
    return unmatchedPaths ? { ...view, unmatchedPaths } : view;
  });
  return { ...snapshot, sources };
}

/** Labels by which the pods of custom resources, of components and of servers that modules describe are known. */
function podLabels({ kubernetes: { components }, servers: { modules } }: WatchConfig, custom: CustomKinds): string[] {
  const ofModules = modules.flatMap(({ match }) => Object.keys(match?.labels ?? {}));
  return [...custom.podLabelKeys.flat(), ...components.flatMap(({ labels }) => Object.keys(labels)), ...ofModules];
}

function ownershipOf({ kubernetes: { ownerKeys, importanceKeys }, models }: WatchConfig): OwnershipOptions {
  return { ownerKeys, importanceKeys, rules: models };
}

function startSources(
  config: WatchConfig,
  custom: CustomKinds,
  fleet: Fleet,
  tell: Tell,
  telemetry: Telemetry,
  sharding: Sharding
) {
  const kubernetes = config.kubernetes.enabled
    ? createKubernetesSource({ ...config.kubernetes, podLabels: podLabels(config, custom) }, tell, telemetry, {
        sharding,
        kinds: [
          ...kindsWith(custom, config.kubernetes.components),
          ...(config.kubernetes.configMaps ? [CONFIG_MAPS] : []),
        ],
      })
    : undefined;
  const dependencies = dependenciesFor(config, sharding);
  for (const dependency of dependencies) tell({ kind: 'dependency-declared', dependency });
  const servers: ServersSource = createServersSource(
    {
      ...config.servers,
      dependencies,
      synthetic: config.servers.synthetic.filter(({ namespace }) => sharding.owns(namespace)),
      ...(kubernetes ? { request: kubernetes.request } : {}),
    },
    tell,
    telemetry
  );
  const standalone = sharding.owns(STANDALONE_NAMESPACE);
  if (standalone) declareStandalone(config, tell);
  const taken = config.servers.standalone.map(({ name }) => name);
  const discovery = standalone ? createDiscovery({ ...config.servers, taken }, tell, telemetry) : undefined;
  for (const component of config.kubernetes.components) tell({ kind: 'component-declared', component });
  const schedulers = createSchedulers(
    config.seldon.schedulers.filter(({ namespace }) => sharding.owns(namespace)),
    { tell, telemetry }
  );
  kubernetes?.start();
  return {
    refreshed: () => {
      const { set, gone } = fleet.takeTargets();
      const asked = config.servers.access === 'none' ? set.filter(({ pod }) => !pod) : set;
      if (asked.length + gone.length > 0) servers.change({ set: asked, gone });
    },
    scraped: () => servers.scraped(),
    stop: async () => {
      await Promise.all([kubernetes?.stop(), discovery?.stop(), schedulers.stop(), servers.stop()]);
    },
  };
}

/** A shard asks those that it shows, and those that models of its own may need. */
function dependenciesFor({ servers }: WatchConfig, { owns }: Sharding) {
  return servers.dependencies
    .filter(
      ({ namespace, of }) => owns(namespace) || of.some((one) => one.namespace.includes('*') || owns(one.namespace))
    )
    .map((one) => ({ ...one, ...dependencyTimes(one, servers) }));
}

/** Observations of models outside Kubernetes: the configuration is their only source; of some it leaves the models to the server. */
function declareStandalone(config: WatchConfig, tell: Tell): void {
  for (const { name, url, kind, module, metricsUrl, models } of config.servers.standalone) {
    const server: DeclaredServer = {
      server: name,
      url,
      ...(kind === undefined ? {} : { serverKind: kind }),
      ...(module === undefined ? {} : { module }),
      ...(metricsUrl === undefined ? {} : { metricsUrl }),
    };
    if (models.length === 0) tell({ kind: 'server-declared', server });
    for (const { name: model, owner, importance, version } of models) {
      tell({
        kind: 'model-declared',
        model: {
          ...server,
          name: model,
          ...(owner === undefined ? {} : { owner }),
          ...(importance === undefined ? {} : { importance }),
          ...(version === undefined ? {} : { version }),
        },
      });
    }
  }
}
