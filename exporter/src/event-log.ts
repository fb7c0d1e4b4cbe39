/** Wires the event log: who has something to say -> its lines -> its sinks, as the configuration in force wants them. */
import type { EventLogConfig } from './config/event-log';
import type { EventLogMetrics } from './http/event-log-metrics';
import { createBulkSink } from './log/events/bulk';
import { createEventLog, type EventLog } from './log/events/event-log';
import { createFileSink } from './log/events/file';
import { createOpeningSink } from './log/events/opening';
import { createStdoutSink } from './log/events/stdout';
import type { EventSink, LineSink, SinkTelemetry } from './log/events/types';
import type { Log } from './log/log';
import { createConnection } from './sources/servers/connection';
import { failureOf } from './sources/servers/failures';

export interface EventLogDeps {
  readonly metrics: EventLogMetrics;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  readonly version: string;
  readonly host: string;
  readonly nowSeconds: () => number;
}

export interface RunningEventLog extends EventSink {
  readonly find: EventLog['find'];
  readonly rememberedSinceSeconds: EventLog['rememberedSinceSeconds'];
  /** Another configuration is in force; what the sinks before it held goes where it was to go. */
  change(config: EventLogConfig): void;
  /** Brings to an end what can be brought to an end within that time; what is on disk is sent by the next process. */
  stop(graceMs: number): Promise<void>;
}

interface NamedSink {
  readonly name: string;
  readonly sink: LineSink;
}

const CHANGE_GRACE_MS = 2_000;

export function startEventLog(first: EventLogConfig, deps: EventLogDeps): RunningEventLog {
  const { metrics, log } = deps;
  let config = first;
  let current: readonly NamedSink[] = [];
  /** A queue on disk belongs to one sink: the one after waits for the end of the one before. */
  let before: Promise<unknown> = Promise.resolve();
  const events = createEventLog({
    writer: { version: deps.version, host: deps.host },
    remembered: () => config.remembered,
    nowSeconds: deps.nowSeconds,
    onTooLarge: (kind) => {
      for (const { name } of current) metrics.dropped(name, 'too_large', 1);
      log.warn({ kind }, 'An event is too long for the event log');
    },
    onError: (error) => log.error({ err: error }, 'An event could not be written'),
  });

  function use(next: readonly NamedSink[]): void {
    current = next;
    events.use(next.map(({ sink }) => sink));
    for (const { name } of next) metrics.opened(name);
  }

  async function end(sinks: readonly NamedSink[], graceMs: number): Promise<void> {
    await Promise.all(sinks.map(({ sink }) => sink.stop(graceMs)));
    for (const { name } of sinks) if (!current.some((one) => one.name === name)) metrics.closed(name);
  }

  use(sinksOf(first, deps, before));
  return {
    write: events.write,
    find: events.find,
    rememberedSinceSeconds: events.rememberedSinceSeconds,
    change(next) {
      const isSame = JSON.stringify(next) === JSON.stringify(config);
      config = next;
      if (isSame) return;
      const old = current;
      const ended = before.then(() => end(old, CHANGE_GRACE_MS));
      before = ended;
      use(sinksOf(next, deps, ended));
    },
    async stop(graceMs) {
      await before;
      await end(current, graceMs);
    },
  };
}

function sinksOf(config: EventLogConfig, deps: EventLogDeps, free: Promise<unknown>): NamedSink[] {
  const { file, elasticsearch } = config;
  const { path } = file;
  const sinks: NamedSink[] = [];
  if (config.stdout) sinks.push({ name: 'stdout', sink: createStdoutSink(telemetryOf('stdout', deps)) });
  if (path !== undefined) {
    const telemetry = telemetryOf('file', deps);
    const open = () => free.then(() => createFileSink({ ...file, path, telemetry }));
    sinks.push({ name: 'file', sink: createOpeningSink(open, telemetry) });
  }
  for (const { name: ownName, ...receiver } of elasticsearch) {
    const name = `elasticsearch/${ownName}`;
    const telemetry = telemetryOf(name, deps);
    const open = async () => {
      await free;
      const connection = createConnection(receiver);
      const { access, close } = connection;
      const wordsOf = (error: unknown) => failureOf(error).words;
      return createBulkSink({ ...receiver, telemetry, access, close, wordsOf });
    };
    sinks.push({ name, sink: createOpeningSink(open, telemetry) });
  }
  return sinks;
}

function telemetryOf(sink: string, { metrics, log }: EventLogDeps): SinkTelemetry {
  let last: string | undefined;
  return {
    written: (lines) => metrics.written(sink, lines),
    dropped: (reason, lines) => metrics.dropped(sink, reason, lines),
    failed: (reason) => metrics.failed(sink, reason),
    waiting: (bytes) => metrics.waiting(sink, bytes),
    problem: (text) => {
      if (text === last) return;
      last = text;
      if (text === undefined) log.info({ sink }, 'The event log is written again');
      else log.warn({ sink, problem: text }, 'The event log cannot be written; what is told waits');
    },
  };
}
