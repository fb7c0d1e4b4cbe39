/** The event log: gives each event its id, writes it once to every sink, and remembers the last ones for the read API. */
import type { EventKind, EventView } from '@modelwatch/contract';
import { ecsDocument, eventId, type Writer } from './ecs';
import type { EventSink, Line, LineSink, LoggedEvent } from './types';

export interface EventLogOptions {
  readonly writer: Writer;
  /** Events that the read API can tell, at least 1. */
  readonly remembered: () => number;
  readonly nowSeconds: () => number;
  /** A line is longer than a sink should be given. */
  readonly onTooLarge: (kind: EventKind) => void;
  /** An event that cannot be written as JSON: a fault of whoever told it. */
  readonly onError: (error: unknown) => void;
}

export interface EventQuery {
  readonly fromSeconds?: number | undefined;
  readonly toSeconds?: number | undefined;
  readonly namespace?: string | undefined;
  readonly model?: string | undefined;
  readonly kind?: EventKind | undefined;
}

export interface EventLog extends EventSink {
  /** Lines go here from now on, and no longer to those before. */
  use(sinks: readonly LineSink[]): void;
  /** Those that are remembered and fit, latest first. */
  find(query: EventQuery): readonly EventView[];
  readonly rememberedSinceSeconds: () => number;
}

const MOST_LINE_BYTES = 262_144;
/** Ids by which a repetition is known. */
const KNOWN_IDS = 20_000;

export function createEventLog(options: EventLogOptions): EventLog {
  let sinks: readonly LineSink[] = [];
  let kept: EventView[] = [];
  let rememberedSince = options.nowSeconds();
  const known = new Set<string>();

  /** Whether it was written before. */
  function isKnown(id: string): boolean {
    if (known.has(id)) return true;
    known.add(id);
    const [oldest = ''] = known.size > KNOWN_IDS ? known : [];
    known.delete(oldest);
    return false;
  }

  function remember(view: EventView): void {
    kept.push(view);
    const most = options.remembered();
    // Cut seldom: a shift for each event would move all the others.
    if (kept.length <= 2 * most) return;
    kept = kept.slice(-most);
    rememberedSince = kept[0]?.seenSeconds ?? options.nowSeconds();
  }

  function take(event: LoggedEvent): void {
    const id = eventId(event);
    const isPrediction = event.kind === 'prediction';
    // Predictions are many: they would push out the ids of others, and what the read API is asked for.
    if (!isPrediction && isKnown(id)) return;
    const seenSeconds = options.nowSeconds();
    if (!isPrediction) remember(viewOf(event, id, seenSeconds));
    const text = JSON.stringify(ecsDocument(event, id, seenSeconds, options.writer));
    if (Buffer.byteLength(text) > MOST_LINE_BYTES) return options.onTooLarge(event.kind);
    const line: Line = { id, text, isPrediction };
    for (const sink of sinks) sink.append(line);
  }

  return {
    write: (event) => {
      try {
        take(event);
      } catch (error) {
        options.onError(error);
      }
    },
    use: (next) => {
      sinks = next;
    },
    find: (query) => kept.filter((view) => fits(view, query)).sort((a, b) => b.atSeconds - a.atSeconds),
    rememberedSinceSeconds: () => rememberedSince,
  };
}

function viewOf(event: LoggedEvent, id: string, seenSeconds: number): EventView {
  const { kind, type, action, atSeconds, text, labels = {} } = event;
  const known = Object.entries(namesOf(event)).filter(([, value]) => value !== undefined);
  return { id, kind, type, action, atSeconds, seenSeconds, text, labels, ...Object.fromEntries(known) };
}

/** What an event may be without. */
function namesOf({ cluster, namespace, model, pipeline, subject, from, to, outcome, reason }: LoggedEvent) {
  return { cluster, namespace, model, pipeline, subject, from, to, outcome, reason } satisfies Partial<
    Record<keyof EventView, string | undefined>
  >;
}

function fits(view: EventView, { fromSeconds = -Infinity, toSeconds = Infinity, namespace, model, kind }: EventQuery) {
  return (
    view.atSeconds >= fromSeconds &&
    view.atSeconds <= toSeconds &&
    (namespace === undefined || view.namespace === namespace) &&
    (model === undefined || view.model === model) &&
    (kind === undefined || view.kind === kind)
  );
}
