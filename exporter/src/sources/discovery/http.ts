/** A document of service discovery by HTTP (`http_sd` of Prometheus), asked for again and again. */
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import { sleep, type Clock } from '../clock';
import type { ConnectionOptions } from '../servers/connection';
import { ProbeError, ProxyError, unexpectedStatus, type Drop } from '../servers/probe';
import { createTransport } from '../servers/transport';
import { DocumentError, readDocument, type Discovered } from './document';

export interface HttpSdOptions extends ConnectionOptions {
  readonly url: string;
  readonly refreshIntervalSeconds: number;
}

export type HttpSdAnswer = { readonly found: Discovered } | { readonly problem: string; readonly reason: string };

const MAX_BYTES = 4_194_304;
const TIMEOUT_SECONDS = 30;
const NAME = 'http_sd';

/** @param told called after each answer, and each failure to get one; never after `stop` */
export function pollHttpSd(
  { url, refreshIntervalSeconds, ...connection }: HttpSdOptions,
  drop: Drop,
  told: (answer: HttpSdAnswer) => void,
  clock: Clock
): { stop(): Promise<void> } {
  const ended = new AbortController();
  const transport = createTransport({ maxBodyBytes: MAX_BYTES, connections: new Map([[NAME, connection]]) });
  const endpoint = { namespace: STANDALONE_NAMESPACE, server: NAME, replica: NAME };
  const target = { endpoint, url, models: [], versionSuffix: false };

  async function ask(): Promise<HttpSdAnswer> {
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(TIMEOUT_SECONDS * 1_000)]);
    try {
      const answer = await transport.send(target, 'GET', url, signal);
      if (answer.status !== 200) throw unexpectedStatus(answer);
      return { found: readDocument(json(answer.body, answer.place), answer.place, drop) };
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof ProbeError) return { problem: message, reason: error.cause };
      return { problem: message, reason: error instanceof ProxyError ? error.reason : 'invalid_response' };
    }
  }

  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      const answer = await ask();
      if (!ended.signal.aborted) told(answer);
      await sleep(clock, refreshIntervalSeconds, ended.signal);
    }
  }
  const running = run();
  return {
    async stop() {
      ended.abort();
      await running;
      await transport.close();
    },
  };
}

function json(body: Buffer, place: string): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new DocumentError(`${place}: expected JSON, got something else`);
  }
}
