/** What the event log is told, and by whom: everyone who has something to say gets an EventSink and nothing else. */
import type { EventDrop, EventKind, EventOutcome, EventSinkFailure, EventType } from '@modelwatch/contract';

/** Something that happened. Texts must not hold secrets: they leave the cluster as they stand. */
export interface LoggedEvent {
  readonly kind: EventKind;
  readonly type: EventType;
  /** What happened, in words with hyphens: `health-changed`, `model-scaled`. */
  readonly action: string;
  /** When it happened, seconds since 1970; not when it was seen. */
  readonly atSeconds: number;
  /**
   * What tells it from all other events of its kind, the same for whoever sees it and after a restart: identity, state and
   * since when. The id of the event is the hash of it.
   */
  readonly identity: readonly (string | number)[];
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly model?: string | undefined;
  /** In place of a model. */
  readonly pipeline?: string | undefined;
  /** What of the model: a feature, an objective, an alert, what was acted upon. */
  readonly subject?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly outcome?: EventOutcome | undefined;
  readonly reason?: string | undefined;
  /** One sentence, for people. */
  readonly text: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** What else is known; goes under `modelwatch.` and is not looked into. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

export interface EventSink {
  /** Takes an event. Never throws and never waits; one with the identity of an earlier one is not written again, unless it is a prediction. */
  write(event: LoggedEvent): void;
}

/** One event as it is written. */
export interface Line {
  readonly id: string;
  /** JSON without an end of line. */
  readonly text: string;
  /** Whether it is one of the prediction log, which may go elsewhere. */
  readonly isPrediction: boolean;
}

/** Where lines go. */
export interface LineSink {
  /** Never throws and never waits: what cannot be taken is counted. */
  append(line: Line): void;
  /** Brings to an end what can be brought to an end within that time. */
  stop(graceMs: number): Promise<void>;
}

/** What a sink tells of itself. */
export interface SinkTelemetry {
  written(lines: number): void;
  dropped(reason: EventDrop, lines: number): void;
  failed(reason: EventSinkFailure): void;
  /** Bytes that wait, in memory and on disk. */
  waiting(bytes: number): void;
  /** Told when writing begins to fail, and with undefined when it works again. Never holds a secret. */
  problem(text: string | undefined): void;
}
