/** What every part tells about itself. The port is here, prom-client behind it is in http; tests pass a recorder. */
import type { DropReason } from '@modelwatch/contract';

/** As the Kubernetes API names what a watch tells. */
export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

export interface Telemetry {
  /** A full list of the source was taken, the first included. */
  relist(source: string, durationSeconds: number): void;
  /** A failure of the source that was survived. `reason` is from a closed list of the source. */
  error(source: string, reason: string): void;
  /** Watch events or probe results taken in. */
  events(source: string, event: WatchEventType | 'PROBE', count: number): void;
  /** Requests of the source waited for so long: for its own budget, or because the server asked for it. */
  waited(source: string, seconds: number): void;
  /** A probe of a model server began so long after its time. */
  probeStarted(delaySeconds: number): void;
  /** Model servers that were new together have all been asked for the first time; it took so long. */
  newcomersAsked(durationSeconds: number): void;
  /** An object, or an event of one, that another shard owns. */
  foreign(source: string): void;
  /** Something could not be used. `detail` names place, value and expectation, without secrets; it is logged, rate-limited. */
  dropped(source: string, reason: DropReason, detail: string): void;
}

export const NO_TELEMETRY: Telemetry = {
  relist: () => undefined,
  error: () => undefined,
  events: () => undefined,
  foreign: () => undefined,
  waited: () => undefined,
  probeStarted: () => undefined,
  newcomersAsked: () => undefined,
  dropped: () => undefined,
};
