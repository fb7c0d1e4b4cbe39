/**
 * Schedulers of Seldon Core 2, for what the custom resources do not say: which replica holds which model and how it is there,
 * and the memory of replicas. Each is a source of its own, subscribed to for as long as the exporter runs. Nothing is ever
 * asked of a scheduler that changes anything.
 */
import type { LookupFunction } from 'node:net';
import type { Tell } from '../../domain/observation';
import { SCHEDULER_SUBJECTS, schedulerSource, type SchedulerSubject } from '../../domain/scheduler/words';
import type { Telemetry } from '../../domain/telemetry';
import { SYSTEM_CLOCK, sleep, type Clock } from '../clock';
import { Backoff } from '../kubernetes/backoff';
import { createConnection, type ConnectionOptions } from '../servers/connection';
import { openStreams } from '../servers/grpc-stream';
import { ProbeError, ProxyError } from '../servers/probe';
import { runSession } from './session';

export interface SchedulerOptions extends Pick<ConnectionOptions, 'tlsConfig'> {
  /** Of the SeldonRuntime that it belongs to. */
  readonly namespace: string;
  /** `grpc://host:port`, or grpcs. */
  readonly url: string;
  /**
   * The scheduler hangs up on those who ping more often than each 60 seconds: scheduler/pkg/util/grpc.go of
   * SeldonIO/seldon-core.
   */
  readonly checkIntervalSeconds: number;
}

export interface SchedulerDeps {
  readonly tell: Tell;
  readonly telemetry: Telemetry;
  /** Default: the system's. */
  readonly clock?: Clock;
  readonly lookup?: LookupFunction;
}

/** Longest message of gRPC, by default of its own. */
const MAX_BYTES = 4_194_304;
const CONNECT_SECONDS = 10;

export function createSchedulers(all: readonly SchedulerOptions[], deps: SchedulerDeps): { stop(): Promise<void> } {
  const running = all.map((options) => new Scheduler(options, deps));
  return {
    async stop() {
      await Promise.all(running.map((one) => one.stop()));
    },
  };
}

class Scheduler {
  private readonly source: string;
  private readonly clock: Clock;
  private readonly ended = new AbortController();
  private readonly known = Object.fromEntries(SCHEDULER_SUBJECTS.map((of) => [of, new Set()])) as Record<
    SchedulerSubject,
    Set<string>
  >;
  private readonly forgetJumps: () => void;
  private readonly running: Promise<void>;
  private state: 'syncing' | 'synced' | 'failing' = 'syncing';
  private problem: string | undefined;
  /** By the clock that does not jump. */
  private heardAt: number | undefined;

  constructor(
    private readonly options: SchedulerOptions,
    private readonly deps: SchedulerDeps
  ) {
    this.source = schedulerSource(options.namespace);
    this.clock = deps.clock ?? SYSTEM_CLOCK;
    this.forgetJumps = this.clock.onJump(() => this.tellStatus());
    this.tellStatus();
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    this.forgetJumps();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.ended;
    const backoff = new Backoff(this.clock);
    const connection = createConnection(this.options);
    while (!signal.aborted) {
      const closing = new AbortController();
      const until = AbortSignal.any([signal, closing.signal]);
      try {
        await this.connected(await connection.access(), until, backoff);
      } catch (error) {
        if (!signal.aborted) this.failed(error);
      } finally {
        closing.abort();
      }
      await sleep(this.clock, backoff.next(), signal);
    }
    await connection.close();
  }

  private async connected(
    access: Parameters<typeof openStreams>[1]['access'],
    signal: AbortSignal,
    backoff: Backoff
  ): Promise<never> {
    const { url, namespace, checkIntervalSeconds } = this.options;
    const { tell, telemetry, lookup } = this.deps;
    const beganAt = this.clock.monotonicSeconds();
    const channel = await openStreams(url, {
      access,
      maxBytes: MAX_BYTES,
      connectSeconds: CONNECT_SECONDS,
      signal,
      lookup,
    });
    return runSession({
      ...{ url, channel, namespace, checkIntervalSeconds, signal, clock: this.clock, known: this.known },
      drop: (reason, detail) => telemetry.dropped(this.source, reason, detail),
      told: (word) => tell({ kind: 'scheduler-told', namespace, word }),
      gone: (of, name) => tell({ kind: 'scheduler-forgot', namespace, of, name }),
      heard: (messages) => {
        if (messages > 0) telemetry.events(this.source, 'MODIFIED', messages);
        this.heard();
      },
      synced: () => {
        backoff.reset();
        telemetry.relist(this.source, this.clock.monotonicSeconds() - beganAt);
        this.state = 'synced';
        this.problem = undefined;
        this.heard(true);
      },
    });
  }

  /** The contact is told in whole seconds: a burst of messages is one sign of life. */
  private heard(always = false): void {
    const now = this.clock.monotonicSeconds();
    if (!always && this.heardAt !== undefined && now - this.heardAt < 1) return;
    this.heardAt = now;
    this.tellStatus();
  }

  private failed(error: unknown): void {
    const { message } = error as Error;
    const reason =
      error instanceof ProbeError ? error.cause : error instanceof ProxyError ? error.reason : 'invalid_response';
    this.deps.telemetry.error(this.source, reason);
    this.state = 'failing';
    this.problem = message;
    this.tellStatus();
  }

  private tellStatus(): void {
    const { clock, heardAt, problem, state } = this;
    this.deps.tell({
      kind: 'source-status',
      source: this.source,
      title: `Seldon scheduler of ${this.options.namespace}`,
      resources: [],
      state,
      required: false,
      objects: SCHEDULER_SUBJECTS.reduce((sum, of) => sum + this.known[of].size, 0),
      ...(heardAt === undefined
        ? {}
        : { lastContactSeconds: clock.nowSeconds() - (clock.monotonicSeconds() - heardAt) }),
      ...(problem === undefined ? {} : { message: problem }),
    });
  }
}
