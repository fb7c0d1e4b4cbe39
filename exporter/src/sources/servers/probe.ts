/** What one kind of model server is to the prober. To add one: a file with a ServerProbe, and its line in PROBES. */
import type { DropReason, ServerKind } from '@modelwatch/contract';
import type { InferenceSample, ProbeErrorCause, ProbeResult } from '../../domain/observation';
import type { ProbeTarget } from '../../domain/views';
import type { TextSample } from './prometheus-text';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** `GET http://10.0.0.7:9000/v2`, for messages. */
  readonly place: string;
}

/**
 * One request to the server of the target; any status is an answer.
 * @throws ProbeError when there is no whole answer within limit and deadline
 */
export type Ask = (method: 'GET' | 'POST', path: string, json?: string) => Promise<Answer>;

export type ModelReport = ProbeResult['models'][number];
export type Drop = (reason: DropReason, detail: string) => void;

export interface ServerProbe {
  readonly kind: ServerKind;
  /** What the server calls itself in its metadata (`GET /v2`, field `name`). */
  readonly serverNames: readonly string[];
  /** The models on the server and how they are. @throws ProbeError */
  readonly models: (ask: Ask, target: ProbeTarget, drop: Drop) => Promise<ModelReport[]>;
  /** Absent: its metrics are not understood. */
  readonly metrics?: ServerMetrics;
}

export interface ServerMetrics {
  /** Port at which the server gives its metrics unless it is told otherwise; the path is /metrics. */
  readonly port: number;
  /** Names of the samples that `translate` reads. */
  readonly families: readonly string[];
  /** Pure. Values are finite and not negative. */
  readonly translate: (samples: readonly TextSample[], target: ProbeTarget) => InferenceSample[];
}

/** `proxy_refused`: the API server says no. `proxy_not_kubernetes`: something before it answered in its place. */
export type ProxyErrorReason = 'proxy_refused' | 'proxy_not_kubernetes';

/**
 * The request did not get to the pod: nothing was learnt of the model server, so nothing is said of it. A model that goes
 * unasked for too long turns stale, not failed. The message is in words and holds no body of the server.
 */
export class ProxyError extends Error {
  constructor(
    readonly reason: ProxyErrorReason,
    message: string
  ) {
    super(message);
    this.name = 'ProxyError';
  }
}

/** A probe that failed, with a cause from a closed list. The message is in words and holds no body of the server. */
export class ProbeError extends Error {
  constructor(
    override readonly cause: ProbeErrorCause,
    message: string
  ) {
    super(message);
    this.name = 'ProbeError';
  }
}
