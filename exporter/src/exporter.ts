/** Wires sources -> fleet -> families -> exposition -> http, in one process. The only place besides main that sees both ends. */
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { explorationLimits } from './config/exploration';
import { hashOf, type LoadedConfig } from './config/load';
import type { Config } from './config/schema';
import { replicaOf } from './config/replicas';
import { placeOf } from './config/shard';
import { createSharding } from './domain/shards';
import type { Snapshot } from './domain/fleet-interface';
import { createEvents } from './events';
import { startEventLog } from './event-log';
import { joinStores } from './exposition/joined';
import { createSlice } from './exposition/slice';
import { watchFiles } from './file-watch';
import { startFleetWatch } from './fleet-watch';
import { createApp } from './http/app';
import type { About } from './http/deps';
import { createHealthReader } from './http/health';
import type { ReloadOutcome } from './http/lifecycle';
import { createPeers } from './http/peers';
import { createScenarioReader } from './http/scenarios';
import { createSelfMetrics } from './http/self-metrics';
import { startServer, type RunningServer } from './http/server';
import { guard } from './http/web/guard';
import { WEB_LIMITS } from './http/web/limits';
import { createPasswords, createThreadCompare } from './http/web/passwords';
import { createDropLog } from './log/drop-log';
import { createLog, type Log } from './log/log';
import { createStateWatch } from './log/events/state-watch';
import { startMonitoring } from './monitoring';
import { createOwnEvents } from './own-events';
import { createProcessEvents } from './process-events';
import { warnOfOpenIngest } from './open-ingest';
import { createPredictionLog } from './prediction-log';
import { createProber } from './prober';
import { createReloader } from './reload';
import { startSlos } from './slos';
import { createSourceLog } from './source-log';
import { SYSTEM_CLOCK } from './sources/clock';
import { createKafkaSources } from './sources/kafka';
import { openPlatformatic } from './sources/kafka/platformatic';
import { prometheusReader } from './sources/prometheus/samples';
import { VERSION } from './version';
import { createWatches } from './watches';
import { createWeb } from './web';

export interface ExporterOverrides {
  readonly log?: Log;
  readonly fetch?: typeof fetch;
  /** Reads the configuration anew, and the file that it comes from; without it there is no reload. */
  readonly source?: { readonly load: () => LoadedConfig; readonly file?: string | undefined };
  /** How often files are looked at for changes. */
  readonly lookEveryMs?: number;
}

export interface RunningExporter {
  /** Where it listens, with the port that was really taken. */
  readonly url: string;
  /** Reads the configuration again, as a SIGHUP asks for. */
  reload(): ReloadOutcome;
  /** Finishes running scrapes, ends the sources; resolves within 5 s. */
  stop(): Promise<void>;
}

const FLUSH_EVERY_MS = 1_000;
const HEALTH_EVERY_SECONDS = 5;
/** Our rules are evaluated twice a minute. */
const STATES_EVERY_MS = 30_000;
const EVENTS_GRACE_MS = 1_000;
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
  const { source } = overrides;
  const configHash = hashOf(config);
  const selfMetrics = createSelfMetrics({
    version: VERSION,
    configHash,
    configLoadedAtSeconds: startedAtSeconds,
    shard: sharding,
    onDrop: createDropLog(log, DROP_LOG_EVERY_SECONDS, (seconds, run) => SYSTEM_CLOCK.after(seconds, run)),
    onBrokenFamily: (name, error) => log.error({ name, err: error }, 'A family of the exporter itself is broken'),
  });
  const onError = (error: unknown) => log.error({ err: error }, 'The fleet could not be brought up to date');
  let server: RunningServer | undefined;
  const web = createWeb(config.web.configFile, {
    metrics: selfMetrics,
    log,
    nowSeconds,
    onChange: ({ tls }) => server?.change({ maxConnections: live.web.maxConnections, tls }),
  });
  const eventLog = startEventLog(config.eventLog, {
    ...{ metrics: selfMetrics.eventLog, log, version: VERSION, host: hostname(), nowSeconds },
  });
  const own = createOwnEvents(eventLog, nowSeconds);
  const itself = createProcessEvents(eventLog, { role: 'exporter', host: hostname() }, nowSeconds);
  const predictionLog = createPredictionLog({
    sink: eventLog,
    config: () => live.eventLog.predictions,
    ...{ host: hostname(), nowSeconds, random: Math.random },
    onNoKey: (problem) => log.error({ problem }, 'Features that were to be hashed in the prediction log are masked'),
  });
  const events = createEvents({
    limits: config.events,
    settings: () => live.events,
    snapshot: () => watches.snapshot(),
    metrics: selfMetrics,
    place: replicaOf(config.events, hostname()),
    isRead: () => monitoring.firstReading(watches.snapshot().sources) === undefined,
    log,
    nowSeconds,
    predictionLog,
  });
  const slice = createSlice();
  const kafka = createKafkaSources({
    take: events.take,
    kept: events.kept,
    maxBytes: () => live.events.maxBodyBytes,
    pause: () => (slice.isOver() ? slice.next() : undefined),
    metrics: selfMetrics.kafka,
    telemetry: selfMetrics,
    clock: SYSTEM_CLOCK,
    open: openPlatformatic,
  });
  const monitoring = startMonitoring(config.monitoring, {
    onModels: events.setModels,
    onProblems: selfMetrics.monitoringProblems,
    seriesPerModel: config.events.maxSeriesPerModel,
    joins: config.events.joins.directory !== undefined,
    exploration: explorationLimits(config.events.exploration),
    log,
    lookEveryMs: overrides.lookEveryMs,
  });
  const slos = startSlos(config, { onProblems: selfMetrics.sloProblems, log, lookEveryMs: overrides.lookEveryMs });
  const watch = (next: Config, earlier?: () => Snapshot) =>
    startFleetWatch(next, {
      ...{ telemetry: selfMetrics, sharding, onShown: selfMetrics.shown, onError },
      configMaps: [monitoring.configMaps(), slos.configMaps()],
      slos: slos.current,
      senders: events.senders.all,
      ...(earlier ? { earlier } : {}),
    });
  const watches = createWatches(watch(config));
  const logSources = createSourceLog(log);
  const whole = (snapshot: Snapshot): Snapshot =>
    withFirstReading(
      withSources(snapshot, [...kafka.views(), ...events.views()]),
      monitoring.firstReading(snapshot.sources)
    );
  const refresh = (): Snapshot => {
    const snapshot = whole(watches.refresh());
    logSources(snapshot.sources);
    return snapshot;
  };
  const startHealth = (url: string | undefined) => {
    const reader = createHealthReader({
      url,
      intervalSeconds: HEALTH_EVERY_SECONDS,
      fetch: fetchFunction,
      nowSeconds,
      onChange: (problem) =>
        problem ? log.warn({ problem }, 'Health is serving only') : log.info('Health is read from Prometheus'),
    });
    reader.start();
    return reader;
  };
  const followStates = (url: string | undefined) => {
    if (url === undefined) return setInterval(() => own.fleet(watches.snapshot()), STATES_EVERY_MS).unref();
    const { answer: query, samples } = prometheusReader(url);
    const watch = createStateWatch({ query, samples, sink: eventLog, nowSeconds });
    let isReading = false;
    let problem: string | undefined;
    const told = (next: string | undefined) => {
      if (next !== undefined && problem === undefined) {
        log.warn({ problem: next }, 'Changes of states are not read from Prometheus; they are told when it answers');
      } else if (next === undefined && problem !== undefined) {
        log.info('Changes of states are read from Prometheus');
      }
      problem = next;
    };
    return setInterval(() => {
      if (isReading) return;
      isReading = true;
      watch
        .poll()
        .then(() => told(undefined))
        .catch((error: unknown) => told(error instanceof Error ? error.message : String(error)))
        .finally(() => (isReading = false));
    }, STATES_EVERY_MS).unref();
  };
  /** The configuration in force, and what is made of it. */
  let live = config;
  let about: About = {
    version: VERSION,
    host: hostname(),
    startedAtSeconds,
    configHash,
    configLoadedAtSeconds: startedAtSeconds,
    grafanaUrl: config.grafana.url,
  };
  let health = startHealth(config.prometheus.url);
  let followed = followStates(config.prometheus.url);
  const reloader = createReloader({
    load: source?.load ?? (() => ({ config, hash: configHash, ignoredVariables: [] })),
    first: config,
    reloadWeb: web.reload,
    watches,
    startWatch: (next) => (earlier) => watch(next, earlier),
    apply: (next) => {
      if (next.prometheus.url !== live.prometheus.url) {
        health.stop();
        health = startHealth(next.prometheus.url);
        clearInterval(followed);
        followed = followStates(next.prometheus.url);
      }
      log.level = next.log.level;
      monitoring.change(next.monitoring);
      slos.change(next);
      kafka.change(next.events.kafka);
      eventLog.change(next.eventLog);
      itself.changed(live, next);
      live = next;
      about = {
        ...about,
        configHash: hashOf(next),
        configLoadedAtSeconds: nowSeconds(),
        grafanaUrl: next.grafana.url,
      };
      server?.change({ maxConnections: next.web.maxConnections, tls: web.settings().tls });
    },
    onRefused: itself.refused,
    metrics: selfMetrics.config,
    log,
    nowSeconds,
  });
  const passwords = createThreadCompare();
  const app = createApp({
    get about() {
      return about;
    },
    get health() {
      return health;
    },
    snapshot: refresh,
    settle: async () => whole(await watches.settle()),
    scraped: watches.scraped,
    exposition: joinStores([watches.exposition, events.store]),
    prepare: events.settle,
    ingest: events.ingest,
    selfMetrics,
    scenarios: config.demo.url === undefined ? undefined : createScenarioReader(config.demo.url, fetchFunction),
    maxConcurrentScrapes: () => live.web.maxConcurrentScrapes,
    monitoring: monitoring.current,
    slos: () => ({ ...slos.current(), holders: watches.slos().holders }),
    events: events.find,
    eventLog,
    rowsTokenFile: () => live.events.exploration.tokenFile,
    probe: createProber(() => live, selfMetrics),
    probeTimeoutSeconds: () => live.servers.probeTimeoutSeconds,
    maxConcurrentProbes: () => live.web.maxConcurrentProbes,
    lifecycle: { isEnabled: () => live.web.enableLifecycle, reload: reloader.reload },
    peers:
      sharding.totalShards === 1
        ? undefined
        : createPeers({ sharding, url: config.shardPeers, fetch: fetchFunction, telemetry: selfMetrics }),
    nowSeconds,
    log,
  });
  const guarded = guard(app, {
    limits: WEB_LIMITS,
    settings: web.settings,
    rateLimit: web.rateLimit,
    openHealth: () => live.web.openHealth,
    passwords: createPasswords(passwords.compare),
    telemetry: selfMetrics.web,
    nowSeconds,
    log,
  });
  const files = [
    watchFiles(
      () => [
        ...(source?.file === undefined ? [] : [source.file]),
        ...live.kubernetes.customResourceFiles,
        ...live.servers.moduleFiles,
      ],
      reloader.reload,
      overrides.lookEveryMs
    ),
    watchFiles(web.files, web.again, overrides.lookEveryMs),
  ];
  const flushing = setInterval(() => {
    flushSafely(() => watches.tell(events.senders.news()), onError);
    flushSafely(refresh, onError);
    flushSafely(() => watches.advance(nowSeconds()), onError);
    flushSafely(events.advance, onError);
    flushSafely(() => {
      // What is read at the start was there before.
      if (!whole(watches.snapshot()).synced) return;
      own.monitoring(monitoring.current());
      own.objectives(slos.current().declared);
    }, onError);
    flushSafely(() => slos.advance(watches.slos()), onError);
  }, FLUSH_EVERY_MS).unref();
  const end = async (): Promise<void> => {
    for (const each of files) each.stop();
    slos.stop();
    clearInterval(flushing);
    clearInterval(followed);
    health.stop();
    // One after the other: sources that end let go of their objects, and a scrape that still runs would show a fleet
    // from which everything was deleted.
    await server?.stop(GRACE_SECONDS);
    await Promise.race([
      Promise.all([watches.stop(), monitoring.stop(), kafka.stop().then(events.stop)]),
      pause(SOURCES_GRACE_MS, undefined, { ref: false }),
    ]);
    itself.stopped();
    await eventLog.stop(EVENTS_GRACE_MS);
    await passwords.stop();
    selfMetrics.stop();
  };
  try {
    server = await startServer(guarded, {
      listenAddress: config.web.listenAddress,
      port: config.web.port,
      maxConnections: config.web.maxConnections,
      tls: web.settings().tls,
      telemetry: selfMetrics.web,
    });
  } catch (error) {
    await end();
    throw error;
  }
  selfMetrics.web.watchConnections(server.connections);
  kafka.change(config.events.kafka);
  itself.started(configHash);
  log.info({ url: server.url, version: VERSION, configHash }, 'Listening');
  warnOfOpenIngest(config, web.settings(), log);
  return {
    url: server.url,
    reload: reloader.reload,
    stop: async () => {
      await end();
      log.info('Ended');
    },
  };
}

/** Sources that outlive a set of watches, beside those of the watches. */
function withSources(snapshot: Snapshot, sources: Snapshot['sources']): Snapshot {
  return sources.length === 0 ? snapshot : { ...snapshot, sources: [...snapshot.sources, ...sources] };
}

/** An exporter that is synced is believed when it shows nothing of a model: not before it knows which are watched. */
function withFirstReading(snapshot: Snapshot, unread: string | undefined): Snapshot {
  if (unread === undefined || !snapshot.synced) return snapshot;
  const message = `the first reading is not complete: ${unread}`;
  const view = { source: 'monitoring', title: 'Reference', state: 'syncing', required: true, objects: 0 } as const;
  return { ...snapshot, synced: false, sources: [...snapshot.sources, { ...view, message }] };
}

/** A fault in one flush must not end the process; it shows in each answer, as an error of the exporter. */
function flushSafely(refresh: () => void, onError: (error: unknown) => void): void {
  try {
    refresh();
  } catch (error) {
    onError(error);
  }
}
