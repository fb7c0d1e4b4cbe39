/** Wires sources -> fleet -> families -> exposition -> http, in one process. The only place besides main that sees both ends. */
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { hashOf } from './config/load';
import type { Config } from './config/schema';
import { placeOf } from './config/shard';
import { createSharding } from './domain/shards';
import type { Snapshot } from './domain/views';
import { startFleetWatch } from './fleet-watch';
import { createApp } from './http/app';
import { createHealthReader } from './http/health';
import { createScenarioReader } from './http/scenarios';
import { createSelfMetrics } from './http/self-metrics';
import { startServer } from './http/server';
import { createDropLog } from './log/drop-log';
import { createLog, type Log } from './log/log';
import { VERSION } from './version';

export interface ExporterOverrides {
  readonly log?: Log;
  readonly fetch?: typeof fetch;
}

export interface RunningExporter {
  /** Where it listens, with the port that was really taken. */
  readonly url: string;
  /** Finishes running scrapes, ends the sources; resolves within 5 s. */
  stop(): Promise<void>;
}

const FLUSH_EVERY_MS = 1_000;
const HEALTH_EVERY_SECONDS = 5;
const DROP_LOG_EVERY_SECONDS = 60;
/** Running scrapes get most of the 5 s that a stop may take. */
const GRACE_SECONDS = 3;
const SOURCES_GRACE_MS = 1_500;

const nowSeconds = (): number => Date.now() / 1000;

/** @throws Error with what to do, when it cannot listen or does not know which shard it is. A source that cannot be reached is told in /readyz instead. */
export async function startExporter(config: Config, overrides: ExporterOverrides = {}): Promise<RunningExporter> {
  const startedAtSeconds = nowSeconds();
  const log = overrides.log ?? createLog(config.log);
  const sharding = createSharding(placeOf(config, hostname()));
  const fetchFunction = overrides.fetch ?? fetch;
  const configHash = hashOf(config);
  const selfMetrics = createSelfMetrics({
    version: VERSION,
    configHash,
    configLoadedAtSeconds: startedAtSeconds,
    shard: sharding,
    onDrop: createDropLog(log, DROP_LOG_EVERY_SECONDS, nowSeconds),
    onBrokenFamily: (name, error) => log.error({ name, err: error }, 'A family of the exporter itself is broken'),
  });
  const onError = (error: unknown) => log.error({ err: error }, 'The fleet could not be brought up to date');
  const watch = startFleetWatch(config, { telemetry: selfMetrics, sharding, onError });
  const logSources = createSourceLog(log);
  const refresh = (): Snapshot => {
    const snapshot = watch.refresh();
    logSources(snapshot.sources);
    return snapshot;
  };
  const health = createHealthReader({
    url: config.prometheus.url,
    intervalSeconds: HEALTH_EVERY_SECONDS,
    fetch: fetchFunction,
    nowSeconds,
    onChange: (problem) =>
      problem ? log.warn({ problem }, 'Health is serving only') : log.info('Health is read from Prometheus'),
  });
  const app = createApp({
    about: {
      version: VERSION,
      host: hostname(),
      startedAtSeconds,
      configHash,
      configLoadedAtSeconds: startedAtSeconds,
      grafanaUrl: config.grafana.url,
    },
    snapshot: refresh,
    settle: watch.settle,
    exposition: watch.exposition,
    selfMetrics,
    health,
    scenarios: config.demo.url === undefined ? undefined : createScenarioReader(config.demo.url, fetchFunction),
    nowSeconds,
    log,
  });
  const server = await startServer(app, config.web.listenAddress, config.web.port).catch((error: unknown) => {
    selfMetrics.stop();
    void watch.stop();
    throw error;
  });
  health.start();
  const flushing = setInterval(() => flushSafely(refresh, onError), FLUSH_EVERY_MS).unref();
  log.info({ url: server.url, version: VERSION, configHash }, 'Listening');
  return {
    url: server.url,
    stop: async () => {
      health.stop();
      clearInterval(flushing);
      await Promise.all([server.stop(GRACE_SECONDS), Promise.race([watch.stop(), pause(SOURCES_GRACE_MS)])]);
      selfMetrics.stop();
      log.info('Ended');
    },
  };
}

/** One line when a source fails or falls silent, one when it is well again: the log is where one looks first. */
export function createSourceLog(log: Pick<Log, 'info' | 'warn'>): (sources: Snapshot['sources']) => void {
  const unwell = new Set<string>();
  const unmatched = new Set<string>();
  return (sources) => {
    for (const { source, state, message, unmatchedPaths } of sources) {
      // Once: the log names the paths, the metric shows whether they are still open.
      if (state === 'synced' && unmatchedPaths?.length && !unmatched.has(source)) {
        unmatched.add(source);
        log.warn({ source, paths: unmatchedPaths }, 'Paths of a mapping lead nowhere in any object');
      }
      const bad = state === 'failing' || state === 'silent';
      if (bad === unwell.has(source)) continue;
      if (bad) {
        unwell.add(source);
        log.warn({ source, state, problem: message }, 'A source does not deliver');
      } else {
        unwell.delete(source);
        log.info({ source, state }, 'A source delivers again');
      }
    }
  };
}

/** A fault in one flush must not end the process; it shows in each answer, as an error of the exporter. */
function flushSafely(refresh: () => void, onError: (error: unknown) => void): void {
  try {
    refresh();
  } catch (error) {
    onError(error);
  }
}
