/** What the handlers need of the rest of the exporter. Everything is passed in; nothing here is a singleton. */
import type { ModelEvents } from '../domain/events/model-events';
import type { Monitoring } from '../domain/events/monitoring-book';
import type { Snapshot } from '../domain/fleet-interface';
import type { ScrapedServer } from '../domain/probe-target';
import type { ReadableStore } from '../exposition/joined';
import type { Selection } from '../exposition/store';
import type { EventLog } from '../log/events/event-log';
import type { Log } from '../log/log';
import type { PromisedSlos } from './api/slos';
import type { HealthReader } from './health';
import type { IngestDeps } from './ingest';
import type { Lifecycle } from './lifecycle';
import type { Peers } from './peers';
import type { Prober } from './probe';
import type { ScenarioReader } from './scenarios';
import type { SelfMetrics } from './self-metrics';

export interface About {
  readonly version: string;
  readonly host: string;
  readonly startedAtSeconds: number;
  readonly configHash: string;
  readonly configLoadedAtSeconds: number;
  readonly grafanaUrl?: string | undefined;
}

export interface AppDeps {
  readonly about: About;
  /** Brings views and exposition up to date, then gives the state of the fleet. Called once per answer. */
  readonly snapshot: () => Snapshot;
  /** The same, when all that is under way shows, or a moment later: for scrapes. */
  readonly settle: () => Promise<Snapshot>;
  /** Servers whose metrics Prometheus reads in place of the exporter; absent while they are not all known. */
  readonly scraped: () => readonly ScrapedServer[] | undefined;
  readonly exposition: Pick<ReadableStore, 'groups' | 'view' | 'figures'>;
  /** Brings what a scrape selects up to date where that is not done as it changes: counters of events. */
  readonly prepare?: (selection: Selection) => Promise<void>;
  /** Absent where events are not taken in. */
  readonly ingest?: IngestDeps | undefined;
  readonly selfMetrics: SelfMetrics;
  readonly health: HealthReader;
  /** Present in demo mode: the switches of the landing page. */
  readonly scenarios?: ScenarioReader | undefined;
  readonly maxConcurrentScrapes: () => number;
  /** What is watched of the data of models. */
  readonly monitoring: () => Monitoring;
  /** What is promised of models and pipelines, and what of it was refused. */
  readonly slos: () => PromisedSlos;
  /** What is counted of the events of a model; undefined where nothing is. */
  readonly events: (namespace: string, model: string) => ModelEvents | undefined;
  /** What happened lately. */
  readonly eventLog: Pick<EventLog, 'find' | 'rememberedSinceSeconds'>;
  /** A file with what rows of models are read with; undefined where they are not to be read. */
  readonly rowsTokenFile: () => string | undefined;
  /** Asks one server, for GET /probe. */
  readonly probe: Prober;
  readonly probeTimeoutSeconds: () => number;
  readonly maxConcurrentProbes: () => number;
  /** POST /-/reload, as long as it is enabled. */
  readonly lifecycle: Lifecycle;
  /** Present when the fleet is divided: the other shards. */
  readonly peers?: Peers | undefined;
  readonly nowSeconds: () => number;
  readonly log: Log;
}
