/** What one kind of model server is to the prober. To add one: a file with a ServerProbe, and its line in PROBES. */
import type { DropReason, ProbeErrorCause, ServerKind, ServerTranslation } from '@modelwatch/contract';
import type { PipelineSample, ProbeResult, ReplicaFigures } from '../../domain/observation';
import type { ProbeTarget } from '../../domain/probe-target';
import type { TextSample } from './prometheus-text';
import { compileTranslation, type Translator } from './translate';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** `GET http://10.0.0.7:9000/v2`, for messages. */
  readonly place: string;
  /** Where a redirect leads: a path of the same server, or another server without the path. It is never followed. */
  readonly location?: string;
  /** Names this version of the document, for a question whether there is another. */
  readonly etag?: string;
  /** Neither a length nor an end was announced: the body may have been cut. */
  readonly unframed?: boolean;
}

/**
 * One request to the server of the target; any status is an answer. `path` is below the address of the target, or a whole
 * URL where the server has another port for it.
 * @throws ProbeError when there is no whole answer within limit and deadline
 */
export type Ask = (method: 'GET' | 'POST', path: string, json?: string, limits?: AskLimits) => Promise<Answer>;

export interface AskLimits {
  /** For what may well not be there: the rest of the probe must not wait for it until its own deadline. */
  readonly withinSeconds: number;
}

export type ModelReport = ProbeResult['models'][number];
export type Drop = (reason: DropReason, detail: string) => void;

export interface ServerIdentity {
  readonly live: boolean;
  readonly ready: boolean;
  readonly name?: string;
  readonly version?: string;
}

export interface ServerProbe {
  readonly kind: ServerKind;
  /** Of a module: what the address must be where it is another; nothing where it is right. */
  readonly misaddressed?: (url: string) => string | undefined;
  /** What the server calls itself in its metadata (`GET /v2`, field `name`); none where it has no such metadata. */
  readonly serverNames: readonly string[];
  /** Live, ready, and who it is, where it has a protocol of its own. Absent: the Open Inference Protocol. @throws ProbeError */
  readonly identify?: (ask: Ask, target: ProbeTarget) => Promise<ServerIdentity>;
  /** The models on the server and how they are; `identity` is what the server just said of itself. @throws ProbeError */
  readonly models: (ask: Ask, target: ProbeTarget, drop: Drop, identity: ServerIdentity) => Promise<ModelReport[]>;
  /** Absent: its metrics are not understood. */
  readonly metrics?: ServerMetrics;
}

export interface ServerMetrics extends Translator {
  /** Where the server gives its metrics unless it is told otherwise; without a port that of its requests. */
  readonly port?: number;
  readonly path: string;
  /** Why a page without a byte is no page of metrics; absent: it may be one of an idle server. */
  readonly emptyMeans?: string;
  /** What the page says of the replica as a whole; absent: nothing. */
  readonly replica?: (samples: readonly TextSample[]) => ReplicaFigures;
  /** Of a gateway: what it counts of pipelines in the namespace. */
  readonly pipelines?: (samples: readonly TextSample[], namespace: string) => Promise<PipelineSample[]>;
}

/** The metrics of a kind of server, by its table of translation. */
export function serverMetrics(
  table: ServerTranslation,
  { path = '/metrics', ...where }: Partial<Pick<ServerMetrics, 'port' | 'path' | 'emptyMeans'>> = {}
): ServerMetrics {
  return { ...compileTranslation(table), path, ...where };
}

/**
 * `proxy_refused`: the API server says no. `proxy_not_kubernetes`: something before it answered in its place.
 * `credentials`: a file of ours with a secret or a certificate is missing or wrong.
 */
export type ProxyErrorReason = 'proxy_refused' | 'proxy_not_kubernetes' | 'credentials';

/**
 * The request did not get to the server: nothing was learnt of the model server, so nothing is said of it. A model that goes
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

/** The error that an answer with a status other than the expected one is. */
export function unexpectedStatus({ status, place, location }: Answer, expected = 'status 200'): ProbeError {
  if (status >= 300 && status < 400 && status !== 304) {
    const where = location === undefined ? '' : ` to ${location}`;
    return new ProbeError('redirect', `${place}: expected ${expected}, got a redirect${where}, which is not followed`);
  }
  const unauthorized = status === 401 || status === 403;
  return new ProbeError(unauthorized ? 'unauthorized' : 'http_status', `${place}: expected ${expected}, got ${status}`);
}
