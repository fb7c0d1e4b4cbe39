/**
 * What the exporter says of itself: prom-client on a registry of its own, written by us. Its registry has one content
 * type, not one per request, and turns counters' names over once it wrote OpenMetrics; so only its values are read.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  INGEST_RESULTS,
  JOIN_STORE_ERRORS,
  METRICS,
  type JoinStoreError,
  type IngestResult,
  type MetricFamily,
} from '@modelwatch/contract';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { UNSHARDED, type ShardPlace } from '../domain/shards';
import type { MonitoringSource } from '../domain/events/monitoring-book';
import type { Telemetry } from '../domain/telemetry';
import type { SourceView } from '../domain/source-book';
import type { Format, StoreFigures } from '../exposition/store';
import { createConfigMetrics, type ConfigMetrics } from './config-metrics';
import { createEventLogMetrics } from './event-log-metrics';
import { familyText } from './family-text';
import { createForwardMetrics } from './forward-metrics';
import { createKafkaMetrics } from './kafka-metrics';
import type { RefusalReason } from './selection';
import { createWebMetrics, type WebMetrics } from './web/telemetry';

export interface SelfMetricsOptions {
  readonly version: string;
  readonly configHash: string;
  readonly configLoadedAtSeconds: number;
  /** Default: not sharded. */
  readonly shard?: ShardPlace;
  /** Called for each drop, besides counting it. */
  readonly onDrop: (source: string, reason: string, detail: string) => void;
  /** A family could not be read; the others stand. */
  readonly onBrokenFamily: (name: string, error: unknown) => void;
}

export interface ScrapeFigures {
  readonly durationSeconds: number;
  /** Before compression. */
  readonly bytes: number;
  /** As it was sent. */
  readonly wireBytes: number;
  readonly series: number;
}

export interface SelfMetrics extends Telemetry {
  readonly config: ConfigMetrics;
  readonly web: WebMetrics;
  readonly kafka: ReturnType<typeof createKafkaMetrics>;
  readonly eventLog: ReturnType<typeof createEventLogMetrics>;
  readonly forwarding: ReturnType<typeof createForwardMetrics>;
  /** Figures of a scrape that ended; the next one shows them. */
  scraped(figures: ScrapeFigures): void;
  lastScrape(): ScrapeFigures | undefined;
  /** Changes were written to the store, the oldest so long after it was received. */
  shown(lagSeconds: number): void;
  /** A scrape asked for what there is not. */
  scrapeRefused(reason: RefusalReason): void;
  /** How much of references and settings is wrong now. */
  monitoringProblems(counts: Readonly<Record<MonitoringSource, number>>): void;
  /** The same of objectives. */
  sloProblems(count: number): void;
  /** What the store holds now. */
  stored(figures: StoreFigures): void;
  /** A request that brought events came to this end. */
  ingested(result: IngestResult): void;
  /** Series of bins that there are, and may be. */
  eventSeries(series: number, limit: number): void;
  /** Whether open predictions can be read and written; with a reason when that has just failed. */
  joinStore(isUp: boolean, error?: JoinStoreError): void;
  /** What is kept on disk. */
  joinRecords(records: Readonly<Record<'open' | 'waiting' | 'pair', number>>): void;
  /** Names of all families of the exporter itself. */
  families(): readonly string[];
  /** The wanted families of the exporter itself, as text. Never throws. */
  render(format: Format, sources: readonly SourceView[], synced: boolean, wanted: ReadonlySet<string>): Promise<string>;
  /** Ends the measuring of the event loop. */
  stop(): void;
}

/**
 * Of prom-client's defaults only what follows Prometheus' naming: its gauges that end in `_total` are left out. The three
 * counters of CPU stay together, since the one for user time fills them all, and those of memory: the one of the heap's
 * whole size does.
 */
const KEPT_DEFAULTS =
  /^(process_(cpu_(user_|system_)?seconds_total|start_time_seconds|resident_memory_bytes|open_fds|max_fds)|nodejs_(heap_size_total_bytes|heap_size_used_bytes|external_memory_bytes|gc_duration_seconds))$/;
const DELAY_RESOLUTION_MS = 20;
const PERCENTILES = [50, 90, 99, 100] as const;

export function createSelfMetrics(options: SelfMetricsOptions): SelfMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray()) {
    if (!KEPT_DEFAULTS.test(name)) registry.removeSingleMetric(name);
  }
  const counter = (family: MetricFamily) => new Counter({ ...definition(family), registers: [registry] });
  const gauge = (family: MetricFamily, collect?: (own: Gauge) => void): Gauge => {
    const own: Gauge = new Gauge({
      ...definition(family),
      registers: [registry],
      ...(collect ? { collect: () => collect(own) } : {}),
    });
    return own;
  };

  gauge(METRICS.exporterBuildInfo).set({ version: options.version, node_version: process.version }, 1);
  const config = createConfigMetrics(counter, gauge);
  config.inForce(options.configHash, options.configLoadedAtSeconds);
  config.started('exporter', options.configLoadedAtSeconds);
  const web = createWebMetrics(counter, gauge);
  const kafka = createKafkaMetrics(counter, gauge);
  const eventLog = createEventLogMetrics('exporter', counter, gauge);
  const forwarding = createForwardMetrics(counter, gauge);
  const { shard, totalShards } = options.shard ?? UNSHARDED;
  gauge(METRICS.exporterTotalShards).set(totalShards);
  const relists = counter(METRICS.exporterSourceRelists);
  const listDuration = gauge(METRICS.exporterSourceListDuration);
  const waited = counter(METRICS.exporterSourceWaited);
  const errors = counter(METRICS.exporterSourceErrors);
  const events = counter(METRICS.exporterSourceEvents);
  const foreign = counter(METRICS.exporterSourceForeign);
  const dropped = counter(METRICS.exporterInputDropped);
  const scrape = {
    durationSeconds: gauge(METRICS.exporterScrapeDuration),
    bytes: gauge(METRICS.exporterScrapeBytes),
    wireBytes: gauge(METRICS.exporterScrapeWireBytes),
    series: gauge(METRICS.exporterSeries),
  };
  const probeDelay = new Histogram({
    ...definition(METRICS.exporterProbeStartDelay),
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers: [registry],
  });
  const newcomers = gauge(METRICS.exporterFirstProbesDuration);
  // Absent until then: prom-client starts with 0.
  newcomers.remove();
  const synced = gauge(METRICS.exporterSynced);
  const place = totalShards === 1 ? {} : { shard: String(shard), total_shards: String(totalShards) };
  const setSources = sourceGauges(gauge);
  const refused = counter(METRICS.exporterScrapesRefused);
  const monitoringProblems = gauge(METRICS.exporterMonitoringProblems);
  const setStore = storeMetrics(gauge, counter);
  const watchLag = gauge(METRICS.exporterWatchLag);
  const eventSeries = gauge(METRICS.exporterEventSeries);
  const eventSeriesLimit = gauge(METRICS.exporterEventSeriesLimit);
  const ingested = counter(METRICS.exporterIngestRequests);
  for (const result of INGEST_RESULTS) ingested.inc({ result }, 0);
  const joinStore = joinStoreMetrics(gauge, counter);
  let longestLag = 0;
  const delay = eventLoopDelay(gauge(METRICS.exporterEventLoopDelay));
  let last: ScrapeFigures | undefined;

  return {
    config,
    web,
    kafka,
    eventLog,
    forwarding,
    relist: (source, durationSeconds) => {
      relists.inc({ source });
      listDuration.set({ source }, durationSeconds);
    },
    error: (source, reason) => errors.inc({ source, reason }),
    events: (source, event, count) => events.inc({ source, event }, count),
    waited: (source, seconds) => waited.inc({ source }, seconds),
    newcomersAsked: (durationSeconds) => newcomers.set(durationSeconds),
    probeStarted: (delaySeconds) => probeDelay.observe(Math.max(0, delaySeconds)),
    foreign: (source) => foreign.inc({ source }),
    dropped: (source, reason, detail) => {
      dropped.inc({ source, reason });
      options.onDrop(source, reason, detail);
    },
    scraped: (figures) => {
      last = figures;
      scrape.durationSeconds.set(figures.durationSeconds);
      scrape.bytes.set(figures.bytes);
      scrape.wireBytes.set(figures.wireBytes);
      scrape.series.set(figures.series);
    },
    lastScrape: () => last,
    shown: (lagSeconds) => (longestLag = Math.max(longestLag, lagSeconds)),
    scrapeRefused: (reason) => refused.inc({ reason }),
    monitoringProblems: (counts) => {
      for (const [source, count] of Object.entries(counts)) monitoringProblems.set({ source }, count);
    },
    sloProblems: (count) => monitoringProblems.set({ source: 'slos' }, count),
    stored: setStore,
    ingested: (result) => ingested.inc({ result }),
    eventSeries: (series, limit) => {
      eventSeries.set(series);
      eventSeriesLimit.set(limit);
    },
    ...joinStore,
    families: () => registry.getMetricsAsArray().map(({ name }) => name),
    render: async (format, sources, isSynced, wanted) => {
      synced.set(place, isSynced ? 1 : 0);
      setSources(sources);
      delay.read();
      watchLag.set(longestLag);
      longestLag = 0;
      return renderRegistry(registry, format, wanted, options.onBrokenFamily);
    },
    stop: delay.stop,
  };
}

function definition(family: MetricFamily) {
  return { name: family.name, help: family.help, labelNames: family.labels };
}

/** A source that is gone, or a kind that is not installed, has no series. */
function sourceGauges(gauge: (family: MetricFamily) => Gauge): (sources: readonly SourceView[]) => void {
  const synced = gauge(METRICS.exporterSourceSynced);
  const lastContact = gauge(METRICS.exporterSourceLastContact);
  const objects = gauge(METRICS.exporterSourceObjects);
  const unmatched = gauge(METRICS.exporterSourceUnmatchedPaths);
  return (sources) => {
    for (const each of [synced, lastContact, objects, unmatched]) each.reset();
    for (const { source, state, objects: count, lastContactSeconds, unmatchedPaths } of sources) {
      if (state === 'absent' || state === 'forbidden') continue;
      synced.set({ source }, state === 'synced' ? 1 : 0);
      objects.set({ source }, count);
      if (unmatchedPaths) unmatched.set({ source }, unmatchedPaths.length);
      if (lastContactSeconds !== undefined) lastContact.set({ source }, lastContactSeconds);
    }
  };
}

/** The store counts for itself; here its counts are only carried over, those of a new store on top of the old one's. */
function storeMetrics(gauge: (family: MetricFamily) => Gauge, counter: (family: MetricFamily) => Counter) {
  const segments = gauge(METRICS.exporterStoreSegments);
  const bytes = gauge(METRICS.exporterStoreBytes);
  const sealed = counter(METRICS.exporterStoreSealed);
  const compressed = counter(METRICS.exporterStoreCompressed);
  let last = { sealed: 0, compressed: 0 };
  return (figures: StoreFigures): void => {
    segments.set(figures.segments);
    bytes.set({ form: 'text' }, figures.textBytes);
    bytes.set({ form: 'gzip' }, figures.compressedBytes);
    const isNew = figures.sealed < last.sealed || figures.compressed < last.compressed;
    sealed.inc(figures.sealed - (isNew ? 0 : last.sealed));
    compressed.inc(figures.compressed - (isNew ? 0 : last.compressed));
    last = figures;
  };
}

function joinStoreMetrics(gauge: (family: MetricFamily) => Gauge, counter: (family: MetricFamily) => Counter) {
  const up = gauge(METRICS.exporterJoinStoreUp);
  // Absent where nothing is joined: prom-client starts with 0.
  up.remove();
  const errors = counter(METRICS.exporterJoinStoreErrors);
  const records = gauge(METRICS.exporterJoinRecords);
  for (const reason of JOIN_STORE_ERRORS) errors.inc({ reason }, 0);
  return {
    joinStore: (isUp: boolean, error?: JoinStoreError): void => {
      up.set(isUp ? 1 : 0);
      if (error !== undefined) errors.inc({ reason: error });
    },
    joinRecords: (now: Readonly<Record<string, number>>): void => {
      for (const [state, count] of Object.entries(now)) records.set({ state }, count);
    },
  };
}

function eventLoopDelay(gauge: Gauge): { read: () => void; stop: () => void } {
  const histogram = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  histogram.enable();
  return {
    read: () => {
      for (const percentile of PERCENTILES) {
        // Node measures the time between two ticks of a timer, so its interval is in each value.
        const seconds = histogram.percentile(percentile) / 1e9 - DELAY_RESOLUTION_MS / 1e3;
        gauge.set({ percentile: String(percentile) }, histogram.count === 0 ? 0 : Math.max(0, seconds));
      }
      histogram.reset();
    },
    stop: () => void histogram.disable(),
  };
}

async function renderRegistry(
  registry: Registry,
  format: Format,
  wanted: ReadonlySet<string>,
  onBrokenFamily: SelfMetricsOptions['onBrokenFamily']
): Promise<string> {
  let text = '';
  for (const { name } of registry.getMetricsAsArray()) {
    if (!wanted.has(name)) continue;
    try {
      const family = await registry.getSingleMetric(name)?.get();
      if (family) text += familyText({ ...family, type: String(family.type) }, format);
    } catch (error) {
      onBrokenFamily(name, error);
    }
  }
  return text;
}
