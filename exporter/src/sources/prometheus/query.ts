/** Instant queries of Prometheus' HTTP API (also of Thanos and Mimir), for commands that read what is there already. */
import { decode, isObject } from '@modelwatch/contract';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface QueryAnswer {
  readonly samples: readonly Sample[];
  /** What Prometheus says beside its answer, such as that a part of the data is missing. */
  readonly warnings: readonly string[];
}

export type Query = (promql: string, atSeconds: number) => Promise<QueryAnswer>;

/** Prometheus does not answer, or not with samples; its message is for people. */
export class PrometheusError extends Error {
  /** @param status of HTTP, where that is what is wrong */
  constructor(
    message: string,
    readonly status?: number
  ) {
    super(message);
  }
}

const TIMEOUT_MS = 120_000;
const MOST_BYTES = 64 * 1024 * 1024;

const decodeVector = decode.object({
  status: decode.oneOf(['success']),
  warnings: decode.optional(decode.array(decode.string)),
  data: decode.object({
    resultType: decode.oneOf(['vector']),
    result: decode.array(decode.object({ metric: decode.record(decode.string), value: pair })),
  }),
});

/** `[seconds, "number"]` */
function pair(value: unknown, path = ''): number {
  const [, text] = Array.isArray(value) ? (value as unknown[]) : [];
  return decode.number(Number(decode.string(text, `${path}[1]`)), `${path}[1]`);
}

/** @param url base, such as `http://prometheus:9090` or with a path before `/api/v1` */
export function prometheusQuery(
  url: string,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number = TIMEOUT_MS
): Query {
  return async (promql, atSeconds) => {
    const told = await asked(url, { headers, timeoutMs, promql, atSeconds });
    try {
      const { data, warnings = [] } = decodeVector(told);
      return { samples: data.result.map(({ metric, value }) => ({ labels: metric, value })), warnings };
    } catch (error) {
      throw new PrometheusError(`expected samples, ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

interface Question {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly promql: string;
  readonly atSeconds: number;
}

/** @returns what an instant query was answered with, as it came. @throws PrometheusError */
export async function asked(url: string, { headers, timeoutMs, promql, atSeconds }: Question): Promise<unknown> {
  const address = `${url.replace(/\/+$/, '')}/api/v1/query`;
  const body = new URLSearchParams({ query: promql, time: String(atSeconds) });
  const signal = AbortSignal.timeout(timeoutMs);
  let answer: Response;
  let text: string | undefined;
  try {
    answer = await fetch(address, { method: 'POST', headers, body, signal });
    text = await textOf(answer);
  } catch (error) {
    throw new PrometheusError(`no Prometheus answers (${causeOf(error)})`);
  }
  if (text === undefined) throw new PrometheusError(`expected an answer of at most ${MOST_BYTES / 1_048_576} MiB`);
  const told = parsed(text);
  if (!answer.ok || told === undefined) throw new PrometheusError(refusal(answer.status, told), answer.status);
  return told;
}

/** Undefined for one that is too large, of which no more is read. */
async function textOf({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > MOST_BYTES) return undefined;
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(status: number, told: unknown): string {
  if (status === 401 || status === 403) return `HTTP status ${status}: give --user or --bearer-token-file`;
  const words = isObject(told) && typeof told['error'] === 'string' ? `: ${told['error'].slice(0, 300)}` : '';
  return told === undefined && status === 200
    ? 'expected an answer of Prometheus, got something else: is this its address?'
    : `HTTP status ${status}${words}`;
}

function causeOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string }; message: string };
  return cause?.code ?? message;
}
