/**
 * Probes the declared dependencies, each in its own interval and in the lanes of the endpoints: so many at a time, and one
 * that hangs delays nobody.
 */
import type { DependencyResult } from '../../domain/dependencies';
import type { Observation, Tell } from '../../domain/observation';
import type { Telemetry } from '../../domain/telemetry';
import type { ProbeTarget } from '../../domain/probe-target';
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import type { Expectation } from '../../mapping/module';
import type { Clock } from '../clock';
import type { ConnectionOptions } from './connection';
import { compileExpectation } from './generic';
import type { Lanes } from './lanes';
import { ProbeError, ProxyError, unexpectedStatus } from './probe';
import { connectOnce, type TcpAddress } from './tcp';
import { createTransport, type Transport } from './transport';

export interface DependencyProbe {
  readonly namespace: string;
  readonly name: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** One of the two. */
  readonly http?:
    | (ConnectionOptions & {
        readonly url: string;
        readonly status: readonly number[];
        readonly expect: readonly Expectation[];
      })
    | undefined;
  readonly tcp?: TcpAddress | undefined;
}

export interface DependencyDeps {
  readonly tell: Tell;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly probes: Lanes;
  readonly maxBodyBytes: number;
}

const SOURCE = 'dependencies';
/** Those of a new configuration are asked soon, but not all at once. */
const FIRST_PER_SECOND = 100;
const TELL_EVERY_SECONDS = 5;
const NAMED = 3;

export function startDependencies(
  dependencies: readonly DependencyProbe[],
  deps: DependencyDeps
): { stop(): Promise<void> } {
  const connections = new Map(dependencies.flatMap((one) => (one.http ? [[keyOf(one), one.http] as const] : [])));
  const transport = createTransport({ maxBodyBytes: deps.maxBodyBytes, connections });
  const runs: Run[] = [];
  const tellStatus = statusTeller(runs, deps);
  const spread = Math.max(1, dependencies.length / FIRST_PER_SECOND);
  dependencies.forEach((one, index) => {
    const firstSeconds = (index / dependencies.length) * Math.min(one.intervalSeconds, spread);
    runs.push(new Run(one, checkOf(one, transport), firstSeconds, deps, tellStatus));
  });
  tellStatus();
  return {
    stop: async () => {
      await Promise.all(runs.map((run) => run.stop()));
      await transport.close();
    },
  };
}

function keyOf({ namespace, name }: Pick<DependencyProbe, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** @throws ProbeError; ProxyError when nothing was learnt of it */
type Check = (signal: AbortSignal) => Promise<void>;

function checkOf(dependency: DependencyProbe, transport: Transport): Check {
  const { http, tcp } = dependency;
  if (tcp) return (signal) => connectOnce(tcp, signal);
  if (!http) throw new TypeError(`${keyOf(dependency)}: expected http or tcp`);
  const { url, status, expect } = http;
  const checks = expect.map(compileExpectation);
  const endpoint = { namespace: STANDALONE_NAMESPACE, server: keyOf(dependency), replica: '' };
  const target: ProbeTarget = { endpoint, url, models: [], versionSuffix: false };
  return async (signal) => {
    const answer = await transport.send(target, 'GET', url, signal);
    if (!status.includes(answer.status)) throw unexpectedStatus(answer, `status ${status.join(' or ')}`);
    const text = answer.body.toString('utf8');
    const missed = checks.find(({ holds }) => !holds(text));
    // What the body says instead stays out of the message: it may be anything.
    if (missed)
      throw new ProbeError('invalid_response', `${answer.place}: expected ${missed.wanted}, got something else`);
  };
}

class Run {
  last: DependencyResult | undefined;
  lastAnsweredSeconds: number | undefined;
  /** Why the last probe did not get to it. */
  unasked: string | undefined;
  private readonly abort = new AbortController();
  private cancel: () => void;
  private running: Promise<void> | undefined;

  constructor(
    readonly dependency: DependencyProbe,
    private readonly check: Check,
    firstSeconds: number,
    private readonly deps: DependencyDeps,
    private readonly done: () => void
  ) {
    this.cancel = deps.clock.after(firstSeconds, () => this.due());
  }

  /** Ends what is under way; nothing is told after it. */
  async stop(): Promise<void> {
    this.abort.abort();
    this.cancel();
    await this.running;
  }

  private due(): void {
    this.cancel = this.deps.clock.after(this.dependency.intervalSeconds, () => this.due());
    this.running ??= this.deps.probes
      .run(this.last?.error?.cause === 'timeout', () => this.once())
      .finally(() => {
        this.running = undefined;
      });
  }

  private async once(): Promise<void> {
    if (this.abort.signal.aborted) return;
    const { tell, telemetry, clock } = this.deps;
    const { namespace, name } = this.dependency;
    const startedMs = performance.now();
    const error = await this.failure();
    if (this.abort.signal.aborted) return;
    this.unasked = error instanceof ProxyError ? error.message : undefined;
    if (error instanceof ProxyError) {
      telemetry.error(SOURCE, error.reason);
      return this.done();
    }
    const told = error && { cause: error.cause, text: error.message.slice(0, 500) };
    const durationSeconds = (performance.now() - startedMs) / 1_000;
    const result: DependencyResult = { durationSeconds, ...(told ? { error: told } : {}) };
    this.last = result;
    const atSeconds = clock.nowSeconds();
    if (told) telemetry.error(SOURCE, told.cause);
    else this.lastAnsweredSeconds = atSeconds;
    telemetry.events(SOURCE, 'PROBE', 1);
    tell({ kind: 'dependency-probed', namespace, name, atSeconds, result });
    this.done();
  }

  private async failure(): Promise<ProbeError | ProxyError | undefined> {
    const deadline = new AbortController();
    const cancel = this.deps.clock.after(this.dependency.timeoutSeconds, () => deadline.abort());
    try {
      await this.check(AbortSignal.any([deadline.signal, this.abort.signal]));
      return undefined;
    } catch (error) {
      if (error instanceof ProbeError || error instanceof ProxyError) return error;
      throw error;
    } finally {
      cancel();
    }
  }
}

type SourceStatus = Extract<Observation, { kind: 'source-status' }>;

/** Tells what is new of them together at once, and that nothing is new now and then. */
function statusTeller(runs: readonly Run[], { tell, clock }: DependencyDeps): () => void {
  let toldSeconds = -Infinity;
  let told: SourceStatus | undefined;
  return () => {
    if (runs.length === 0) return;
    const next = statusOf(runs, told);
    const isNew = next.state !== told?.state || next.message !== told.message;
    if (!isNew && clock.monotonicSeconds() - toldSeconds < TELL_EVERY_SECONDS) return;
    toldSeconds = clock.monotonicSeconds();
    told = next;
    tell(next);
  };
}

function statusOf(runs: readonly Run[], before: SourceStatus | undefined): SourceStatus {
  const unasked = runs.filter((run) => run.unasked !== undefined);
  const failing = runs.filter((run) => run.unasked === undefined && run.last?.error);
  const first = runs.some((run) => run.last === undefined && run.unasked === undefined);
  const answered = runs.flatMap(({ lastAnsweredSeconds }) => lastAnsweredSeconds ?? []);
  const message = [
    say(unasked, runs.length, 'cannot be asked', (run) => run.unasked ?? ''),
    say(failing, runs.length, 'fail', (run) => (run.last?.error?.cause ?? 'other').replaceAll('_', ' ')),
  ]
    .filter(Boolean)
    .join('; ');
  return {
    kind: 'source-status',
    source: SOURCE,
    title: 'Dependencies',
    resources: [],
    state:
      first && (before === undefined || before.state === 'syncing')
        ? 'syncing'
        : unasked.length + failing.length === runs.length
          ? 'failing'
          : 'synced',
    required: false,
    objects: runs.length,
    ...(answered.length === 0 ? {} : { lastContactSeconds: Math.max(...answered) }),
    ...(message === '' ? {} : { message }),
  };
}

function say(some: readonly Run[], all: number, what: string, why: (run: Run) => string): string {
  if (some.length === 0) return '';
  const named = some.slice(0, NAMED).map((run) => `${keyOf(run.dependency)} (${why(run)})`);
  const more = some.length > NAMED ? ` and ${some.length - NAMED} more` : '';
  return `${some.length} of ${all} ${what}: ${named.join(', ')}${more}`;
}
