import type { Field } from '@grafana/data';
import type { HealthState } from '@modelwatch/contract';

/** Where a value came from, so that the data links of its field can be followed. */
export interface Origin {
  readonly field: Field;
  readonly rowIndex: number;
}

export interface ChannelVerdict {
  readonly channel: string;
  /** One of CHANNEL_STATUSES, or what the answer said instead. */
  readonly status: string;
}

/** A stretch of time with one health. Times in milliseconds since 1970. */
export interface HistorySpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly health: HealthState;
}

/** Requests per second over the range of the dashboard. */
export interface Traffic {
  readonly timesMs: readonly number[];
  readonly perSecond: readonly (number | null)[];
}

/** `health`: all channels, as recorded. `serving`: only the serving state was in the answer. */
export type Basis = 'health' | 'serving';

/** What is said of a model besides its verdict. A missing field was not in the answer. */
export interface ModelDetails {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly basis: Basis;
  readonly replicasDesired?: number;
  readonly replicasAvailable?: number;
  readonly platform?: string;
  readonly server?: string;
  readonly runtime?: string;
  readonly version?: string;
  readonly owner?: string;
  readonly requestsPerSecond?: number;
  readonly lastRequestMs?: number;
  readonly requestsPerDay?: number;
  /** Shares of the requests of the last 5 minutes. */
  readonly errorsRatio?: number;
  readonly slowRatio?: number;
  readonly featuresDrifted?: number;
  /** Of the objective that has least; negative when more was spent than there was. */
  readonly budgetLeft?: number;
  readonly channels: readonly ChannelVerdict[];
  readonly history: readonly HistorySpan[];
  readonly traffic?: Traffic;
  readonly origin?: Origin;
}

/** What the answers say of a model, before anybody judges whether that is fresh. */
export interface ModelFacts extends ModelDetails {
  /** undefined: not in the answer. null: asked for, and no state holds. */
  readonly health: HealthState | null | undefined;
  /** The health or state that the answer named and this panel does not know. */
  readonly unknownWord?: string;
  /** True when the query left states out, so that "none holds" says nothing. */
  readonly partialStates?: boolean;
  /** The last state that held, when none holds now. */
  readonly lastHealth?: HealthState;
  readonly reason?: string;
  readonly sinceMs?: number;
  /** When the exporter last confirmed the state. */
  readonly lastObservedMs?: number;
  /** Time of the sample that carries the health. */
  readonly sampledAtMs?: number;
  /** Distance of two samples, where the answer tells it. */
  readonly stepMs?: number;
}

/** A model as it is drawn. */
export interface ModelView extends ModelDetails {
  /** `cluster/namespace/name`: stays the same over refreshes. */
  readonly key: string;
  readonly health: HealthState;
  /** What it was before it fell silent; only with `stale`. */
  readonly previousHealth?: HealthState;
  /** Worst reason in words; empty when there is nothing to say. */
  readonly reason: string;
  readonly shortReason: string;
  readonly sinceMs?: number;
  /** When the state was last confirmed. */
  readonly confirmedMs?: number;
}

export interface ModelGroup {
  readonly title: string;
  readonly models: readonly ModelView[];
  /** Models that are failed or degraded. */
  readonly needHelp: number;
}

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Fleet {
  /** Worst first. */
  readonly models: readonly ModelView[];
  readonly groups: readonly ModelGroup[];
  readonly counts: Readonly<Record<HealthState, number>>;
  readonly range: TimeSpan;
  readonly nowMs: number;
  /** A part of the query failed: there may be more to say of these models, and there may be others. */
  readonly isPartial: boolean;
}

/** What is said above or instead of the fleet. */
export interface Message {
  readonly title: string;
  readonly detail: string;
  /** A command that helps. */
  readonly code?: string;
}

/** Everything the panel can show; the view draws, it decides nothing. */
export type Prepared =
  | { readonly kind: 'loading' }
  | { readonly kind: 'empty'; readonly message: Message }
  | { readonly kind: 'refusal'; readonly message: Message }
  | { readonly kind: 'error'; readonly message: Message }
  | { readonly kind: 'fleet'; readonly fleet: Fleet; readonly notices: readonly Message[] };
