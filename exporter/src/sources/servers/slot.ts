/** One endpoint over time: its own place in the interval, its failures in a row, its last result. */
import type { ServerKind } from '@modelwatch/contract';
import { isAnother } from '../../domain/endpoint-identity';
import type { ProbeResult, Tell } from '../../domain/observation';
import type { Telemetry } from '../../domain/telemetry';
import type { ProbeTarget, ScrapedServer } from '../../domain/probe-target';
import type { Clock } from '../clock';
import { Differences } from './differences';
import {
  metricsPages,
  probeEndpoint,
  readPage,
  type InferencePath,
  type MetricsPage,
  type ServerModules,
} from './endpoint';
import type { Lanes } from './lanes';
import type { Newcomer } from './newcomers';
import { Pages } from './pages';
import { ProbeError, ProxyError, type Drop } from './probe';
import type { Transport } from './transport';
import { Unused } from './unused';

export const SOURCE = 'servers';

export interface SlotDeps {
  readonly transport: Transport;
  readonly tell: Tell;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly probes: Lanes;
  /** Polls of the metrics, apart from the probes: those say whether the server is well. */
  readonly polls: Lanes;
  readonly modules: ServerModules;
  readonly inference: InferencePath;
  /** Called after each probe. */
  readonly done: () => void;
}

export class Slot implements Newcomer {
  last: ProbeResult | undefined;
  lastAnsweredSeconds: number | undefined;
  /** It has not spoken a protocol that we know, and need not. */
  strange = false;
  /** Why the last probe did not get to the server. */
  unasked: string | undefined;
  private readonly abort = new AbortController();
  private cancel: () => void = () => undefined;
  private probing: Promise<void> | undefined;
  private measuring: Promise<void> | undefined;
  private pages = new Pages<MetricsPage>();
  /** What the server turned out to be, of which nobody said it. */
  private known: ServerKind | undefined;
  private differences = new Differences();
  private metricsHung = false;
  private readonly unused = new Unused();

  constructor(
    private target: ProbeTarget,
    /** Place in the interval, 0 to 1. */
    readonly place: number,
    private readonly deps: SlotDeps
  ) {}

  /** The first probe does not wait for the place; the others follow by themselves. */
  ask(atSeconds: number, began: () => void): void {
    this.due(atSeconds, began);
  }

  retarget(target: ProbeTarget): void {
    if (target.url !== this.target.url) this.known = undefined;
    this.target = target;
  }

  /** Ends what is under way; nothing is told after it. */
  async stop(): Promise<void> {
    this.abort.abort();
    this.cancel();
    await this.probing;
    await this.measuring;
  }

  private dueIn(seconds: number): () => void {
    const { clock } = this.deps;
    const atSeconds = clock.monotonicSeconds() + seconds;
    return clock.after(seconds, () => this.due(atSeconds));
  }

  /** @param atSeconds when it should have been called @param began called when the probe begins */
  private due(atSeconds: number, began?: () => void): void {
    const { clock, intervalSeconds, probes } = this.deps;
    const position = (clock.nowSeconds() / intervalSeconds) % 1;
    const until = ((this.place - position + 1) % 1) * intervalSeconds;
    // Not twice in a row: what is left of the interval after the first time may be nothing.
    this.cancel = this.dueIn(until < intervalSeconds / 2 ? until + intervalSeconds : until);
    if (this.probing) return;
    this.probing = probes
      .run(this.last?.error?.cause === 'timeout', () => {
        const probing = this.probe(atSeconds);
        began?.();
        return probing;
      })
      .finally(() => {
        this.probing = undefined;
      });
  }

  /** What nobody said the server is, it said itself; when it answers otherwise it is asked again who it is. */
  private remember({ up, live, error, kind }: ProbeResult): void {
    if (this.target.kindHint !== undefined) return;
    if (up && live && !error) this.known = kind;
    else if (up) this.known = undefined;
  }

  private poll(target: ProbeTarget, result: ProbeResult, drop: Drop): void {
    if (this.measuring) return;
    this.measuring = this.deps.polls
      .run(this.metricsHung, () => this.measure(target, result, drop))
      .finally(() => {
        this.measuring = undefined;
      });
  }

  private async probe(dueAtSeconds: number): Promise<void> {
    if (this.abort.signal.aborted) return;
    const { transport, tell, telemetry, clock, modules } = this.deps;
    const target = this.known ? { ...this.target, kindHint: this.known } : this.target;
    telemetry.probeStarted(clock.monotonicSeconds() - dueAtSeconds);
    const drop: Drop = (reason, detail) => {
      this.unused.drop(reason);
      telemetry.dropped(SOURCE, reason, detail);
    };
    const result = await this.withDeadline((signal) => probeEndpoint(transport, target, signal, drop, modules)).catch(
      (error: unknown) => {
        if (error instanceof ProxyError) return error;
        throw error;
      }
    );
    if (this.abort.signal.aborted) return;
    this.unasked = result instanceof ProxyError ? result.message : undefined;
    if (result instanceof ProxyError) {
      telemetry.error(SOURCE, result.reason);
      this.deps.done();
      // Nothing was learnt of the server, but its pages were missed all the same.
      if (this.last) this.poll(target, { ...this.last, up: false }, drop);
      return;
    }
    if (this.isStrange(result, drop)) return this.deps.done();
    // Nothing that another server measured stands in for what this one does not answer.
    if (this.last && !result.error && isAnother(this.last, result)) {
      this.pages = new Pages();
      this.differences = new Differences();
    }
    this.last = result;
    this.remember(result);
    const now = clock.nowSeconds();
    if (result.up) this.lastAnsweredSeconds = now;
    if (result.error) telemetry.error(SOURCE, result.error.cause);
    telemetry.events(SOURCE, 'PROBE', 1);
    tell({ kind: 'endpoint-probed', endpoint: target.endpoint, atSeconds: now, result, ...this.unused.told() });
    this.deps.done();
    this.poll(target, result, drop);
  }

  private isStrange({ error }: ProbeResult, drop: Drop): boolean {
    if (this.target.part === undefined || this.last || !error) return false;
    if (!this.strange)
      drop('unknown_value', `${error.text}; nothing is told of this ${this.target.part} until it answers`);
    this.strange = true;
    return true;
  }

  /**
   * Where Prometheus reads its metrics in place of us, and what it is; nothing where it does not. Absent while nobody can
   * say, because it was never asked.
   */
  scraped(): readonly ScrapedServer[] | undefined {
    const { modules, inference } = this.deps;
    const answered = this.last?.error ? undefined : this.last?.kind;
    const kind = answered ?? this.known ?? this.target.kindHint ?? this.last?.kind;
    if (kind === undefined) return undefined;
    return metricsPages(this.target, { kind, models: [] }, modules, inference)
      .filter(({ declared }) => declared !== undefined)
      .map(({ url }) => ({ endpoint: this.target.endpoint, kind, url }));
  }

  private async measure(target: ProbeTarget, result: ProbeResult, drop: Drop): Promise<void> {
    const { transport, tell, telemetry, clock, modules, inference } = this.deps;
    const { endpoint } = target;
    if (this.abort.signal.aborted) return;
    const pages = metricsPages(target, result, modules, inference);
    if (pages.length === 0) return;
    const asked = { models: result.models, differences: this.differences };
    this.metricsHung = false;
    const measured = await this.pages.poll(
      pages,
      (page) => {
        // Who does not answer at one port is not waited for at another.
        if (!result.up) throw new ProbeError('other', 'the endpoint does not answer');
        return this.withDeadline((signal) => readPage(transport, target, page, asked, signal, drop));
      },
      (error) => {
        const cause = error instanceof ProbeError ? error.cause : error instanceof ProxyError ? error.reason : 'other';
        this.metricsHung ||= cause === 'timeout';
        if (!result.up || this.abort.signal.aborted) return;
        telemetry.error(SOURCE, cause);
        if (error instanceof ProbeError) this.unused.pollFailed(error.cause);
      }
    );
    // By now another server may answer at this address.
    const isOver = this.abort.signal.aborted || (this.last && isAnother(result, this.last));
    if (isOver || measured === undefined) return;
    if (measured === 'silent') tell({ kind: 'endpoint-silent', endpoint });
    else tell({ kind: 'endpoint-measured', endpoint, atSeconds: clock.nowSeconds(), ...measured });
  }

  private async withDeadline<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = new AbortController();
    const end = () => deadline.abort();
    const cancel = this.deps.clock.after(this.deps.timeoutSeconds, end);
    this.abort.signal.addEventListener('abort', end, { once: true });
    try {
      return await work(deadline.signal);
    } finally {
      cancel();
      this.abort.signal.removeEventListener('abort', end);
    }
  }
}
