/**
 * Sends the declared requests to their models, each in its own interval. Never load: one request at a time per probe, a few
 * at a time over all, and none to a model of which no replica answers (that is known without asking it to work).
 */
import type { SyntheticRef, SyntheticResult } from '../../domain/synthetic';
import type { Tell } from '../../domain/observation';
import type { Telemetry } from '../../domain/telemetry';
import type { ProbeTarget } from '../../domain/probe-target';
import { isGrpc } from '../../mapping/server-url';
import type { Clock } from '../clock';
import { Lane } from '../lane';
import { unexpected, type ValueExpectation } from './expectation';
import { ProbeError, ProxyError } from './probe';
import type { Transport } from './transport';

export interface SyntheticProbe {
  readonly namespace: string;
  readonly model: string;
  readonly name: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly request: {
    readonly path: string;
    readonly url?: string | undefined;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly expect: { readonly status: readonly number[]; readonly values: readonly ValueExpectation[] };
}

/** A replica that answers, and what the model is called there. */
export interface Replica {
  readonly target: ProbeTarget;
  readonly modelName: string;
}

export interface SyntheticDeps {
  readonly transport: Transport;
  readonly tell: Tell;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly replicasOf: (namespace: string, model: string) => readonly Replica[];
}

/** Nothing was sent: whether that is an outage, who knows the model decides. */
const NO_REPLICA = { cause: 'no_replica', text: 'no replica answers' } as const;

const AT_ONCE = 4;
const SOURCE = 'synthetic';

export function startSynthetic(probes: readonly SyntheticProbe[], deps: SyntheticDeps): { stop(): Promise<void> } {
  const lane = new Lane(AT_ONCE);
  const runs = probes.map((probe, index) => new Run(probe, index / probes.length, lane, deps));
  return {
    stop: async () => {
      await Promise.all(runs.map((run) => run.stop()));
    },
  };
}

class Run {
  private readonly abort = new AbortController();
  private readonly ref: SyntheticRef;
  private cancel: () => void;
  private running: Promise<void> | undefined;
  private turn = 0;

  constructor(
    private readonly probe: SyntheticProbe,
    /** Place in the interval, 0 to 1: probes that were declared together do not come together. */
    place: number,
    private readonly lane: Lane,
    private readonly deps: SyntheticDeps
  ) {
    const { namespace, model, name, intervalSeconds } = probe;
    this.ref = { namespace, model, probe: name, intervalSeconds };
    this.cancel = deps.clock.after(place * intervalSeconds, () => this.due());
  }

  async stop(): Promise<void> {
    this.abort.abort();
    this.cancel();
    await this.running;
  }

  private due(): void {
    this.cancel = this.deps.clock.after(this.probe.intervalSeconds, () => this.due());
    this.running ??= this.lane
      .run(() => this.once())
      .finally(() => {
        this.running = undefined;
      });
  }

  private async once(): Promise<void> {
    const { telemetry } = this.deps;
    if (this.abort.signal.aborted) return;
    const replica = this.next();
    if (replica && isGrpc(replica.target.url)) return this.refuse(replica);
    if (!replica) return this.told({ durationSeconds: 0, error: NO_REPLICA });
    const startedMs = performance.now();
    let error: SyntheticResult['error'];
    try {
      error = await this.ask(replica);
    } catch (failure) {
      if (failure instanceof ProxyError) return telemetry.error(SOURCE, failure.reason);
      // Whatever an answer does to us: the exporter has other models to look after.
      const cause = failure instanceof ProbeError ? failure.cause : 'other';
      error = { cause, text: (failure as Error).message.slice(0, 500) };
    }
    if (this.abort.signal.aborted) return;
    this.told({ durationSeconds: (performance.now() - startedMs) / 1_000, ...(error ? { error } : {}) });
  }

  /** Which server has the model may be known only now. Nothing was learnt of the model. */
  private refuse({ target: { url } }: Replica): void {
    const { namespace, model, probe } = this.ref;
    const expected = 'expected a server with an http:// or https:// URL, or request.url';
    this.deps.telemetry.dropped(SOURCE, 'unknown_value', `${namespace}/${model} ${probe}: ${expected}, got ${url}`);
  }

  private told(result: SyntheticResult): void {
    const { tell, clock } = this.deps;
    tell({ kind: 'synthetic-probed', probe: this.ref, atSeconds: clock.nowSeconds(), result });
  }

  /** The replicas take turns. */
  private next(): Replica | undefined {
    const { namespace, model, request } = this.probe;
    const all = this.deps.replicasOf(namespace, model);
    const overHttp = all.filter(({ target }) => !isGrpc(target.url));
    const replicas = overHttp.length > 0 ? overHttp : all;
    // Where users ask is asked whatever the replicas do; what stands for the target is not used then.
    if (request.url !== undefined) return { target: outside(this.probe, request.url), modelName: model };
    this.turn += 1;
    return replicas[this.turn % Math.max(1, replicas.length)];
  }

  private async ask({ target, modelName }: Replica): Promise<SyntheticResult['error']> {
    const { request, expect, timeoutSeconds } = this.probe;
    const base = target.url.replace(/\/+$/, '');
    const url = request.url ?? `${base}${request.path.replaceAll('{model}', encodeURIComponent(modelName))}`;
    const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
    const deadline = new AbortController();
    const cancel = this.deps.clock.after(timeoutSeconds, () => deadline.abort());
    const signal = AbortSignal.any([deadline.signal, this.abort.signal]);
    try {
      const answer = await this.deps.transport.send(target, 'POST', url, signal, body, request.headers);
      if (!expect.status.includes(answer.status)) {
        const text = `${answer.place}: expected status ${expect.status.join(' or ')}, got ${answer.status}`;
        return { cause: 'http_status', text };
      }
      const odd = unexpected(answer.body.toString('utf8'), expect.values);
      return odd === undefined ? undefined : { cause: 'unexpected_answer', text: odd };
    } finally {
      cancel();
    }
  }
}

/** No declared server: the credentials of one must not go elsewhere. */
function outside({ namespace, model }: SyntheticProbe, url: string): ProbeTarget {
  return { endpoint: { namespace, server: '', replica: '' }, url, models: [model], versionSuffix: false };
}
