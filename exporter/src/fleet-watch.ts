/**
 * One set of sources with the fleet and the text that come of it. A configuration has one; a reload builds the next
 * beside it, and the old one answers until the new one knows as much.
 */
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import type { Config } from './config/schema';
import { createFleet } from './domain/fleet';
import type { Tell } from './domain/observation';
import type { Sharding } from './domain/shards';
import type { Telemetry } from './domain/telemetry';
import type { Fleet, Snapshot } from './domain/views';
import { createExpositionStore } from './exposition/segments';
import type { ExpositionStore } from './exposition/store';
import { GROUPS, renderChange } from './families';
import { createKubernetesSource } from './sources/kubernetes';
import { createServersSource, type ServersSource } from './sources/servers';

export type WatchConfig = Pick<Config, 'kubernetes' | 'servers'>;

export interface FleetWatch {
  readonly exposition: ExpositionStore;
  /** Brings views and text up to date. */
  refresh(): Snapshot;
  /** It takes over: what changes from now on is a change of the fleet, not the first reading of it. */
  settled(): void;
  stop(): Promise<void>;
}

const nowSeconds = (): number => Date.now() / 1000;

/**
 * @param sharding whose namespaces it watches
 * @param earlier what the watch before this one knows; its history is carried on
 */
export function startFleetWatch(
  config: WatchConfig,
  telemetry: Telemetry,
  sharding: Sharding,
  earlier?: () => Snapshot
): FleetWatch {
  const fleet = createFleet({
    probeIntervalSeconds: config.servers.probeIntervalSeconds,
    staleAfterSeconds: config.kubernetes.staleAfterSeconds,
    telemetry,
    ...(earlier ? { earlier } : {}),
  });
  const exposition = createExpositionStore(GROUPS);
  const sources = startSources(config, fleet, telemetry, sharding);
  return {
    exposition,
    refresh: () => {
      for (const { group, key, namespace, texts } of renderChange(fleet.flush(nowSeconds()))) {
        if (texts) exposition.set(group, key, texts, namespace);
        else exposition.delete(group, key);
      }
      sources.refreshed();
      return fleet.snapshot();
    },
    settled: () => fleet.settled(),
    stop: sources.stop,
  };
}

function startSources(config: WatchConfig, fleet: Fleet, telemetry: Telemetry, sharding: Sharding) {
  const tell: Tell = (observation) => fleet.observe(observation);
  const kubernetes = config.kubernetes.enabled
    ? createKubernetesSource(config.kubernetes, tell, telemetry, { sharding })
    : undefined;
  const servers: ServersSource = createServersSource(
    { ...config.servers, ...(kubernetes ? { request: kubernetes.request } : {}) },
    tell,
    telemetry
  );
  if (sharding.owns(STANDALONE_NAMESPACE)) declareStandalone(config, tell);
  kubernetes?.start();
  return {
    refreshed: () => servers.setTargets(fleet.targets()),
    stop: async () => {
      await Promise.all([kubernetes?.stop(), servers.stop()]);
    },
  };
}

/** Observations of models outside Kubernetes: the configuration is their only source. */
function declareStandalone(config: WatchConfig, tell: Tell): void {
  for (const { name: server, url, metricsUrl, models } of config.servers.standalone) {
    for (const { name, owner, version } of models) {
      tell({
        kind: 'model-declared',
        model: {
          name,
          server,
          url,
          ...(metricsUrl === undefined ? {} : { metricsUrl }),
          ...(owner === undefined ? {} : { owner }),
          ...(version === undefined ? {} : { version }),
        },
      });
    }
  }
}
