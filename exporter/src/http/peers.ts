/** The other shards of a divided exporter, asked over their read API. */
import { decodeApiError, type Decoder } from '@modelwatch/contract';
import type { Sharding } from '../domain/shards';
import type { Telemetry } from '../domain/telemetry';
import { HttpError } from './errors';

/** Marks a question from one shard to another: it is answered from what that shard knows, so nothing goes in circles. */
export const FORWARDED_HEADER = 'X-Modelwatch-Forwarded';
/** Who answers, as `1/3`: an address that leads to the wrong shard must not pass for the whole fleet. */
export const SHARD_HEADER = 'X-Modelwatch-Shard';

const TIMEOUT_MS = 2_000;

export interface Peers {
  readonly sharding: Sharding;
  /**
   * What another shard answers.
   *
   * @param path with its query
   * @param authorization of whoever asks us: shards share one configuration, so what opens one opens all
   * @throws HttpError as the shard answered it, or 503 `shard_unavailable` when it did not
   */
  ask<T>(shard: number, path: string, decode: Decoder<T>, authorization: string | undefined): Promise<T>;
}

export interface PeersOptions {
  readonly sharding: Sharding;
  /** URL with {shard} for the number; absent: no shard knows where the others are. */
  readonly url: string | undefined;
  readonly fetch: typeof fetch;
  readonly telemetry: Pick<Telemetry, 'error'>;
}

export function shardText({ shard, totalShards }: Pick<Sharding, 'shard' | 'totalShards'>): string {
  return `${shard}/${totalShards}`;
}

export function createPeers({ sharding, url, fetch: send, telemetry }: PeersOptions): Peers {
  const unavailable = (shard: number, reason: string, why: string): HttpError => {
    telemetry.error(`shard/${shard}`, reason);
    return new HttpError(503, 'shard_unavailable', `Shard ${shard} did not answer: ${why}.`, { 'Retry-After': '5' });
  };

  async function get(shard: number, path: string, authorization: string | undefined) {
    if (url === undefined) throw unavailable(shard, 'not_configured', 'shardPeers is not set');
    try {
      const answer = await send(`${url.replaceAll('{shard}', String(shard)).replace(/\/+$/, '')}${path}`, {
        headers: { [FORWARDED_HEADER]: '1', ...(authorization === undefined ? {} : { Authorization: authorization }) },
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return { answer, body: (await answer.json()) as unknown };
    } catch (error) {
      const { name, cause } = error as { name?: string; cause?: { code?: string } };
      if (name === 'TimeoutError') throw unavailable(shard, 'timeout', `nothing within ${TIMEOUT_MS / 1000} s`);
      if (name === 'SyntaxError') throw unavailable(shard, 'invalid_response', 'its answer is not JSON');
      throw unavailable(shard, 'unreachable', cause?.code ?? 'the connection failed');
    }
  }

  return {
    sharding,
    ask: async (shard, path, decode, authorization) => {
      const { answer, body } = await get(shard, path, authorization);
      const who = answer.headers.get(SHARD_HEADER);
      const expected = shardText({ shard, totalShards: sharding.totalShards });
      if (answer.ok && who !== expected) {
        throw unavailable(shard, 'wrong_shard', `expected ${expected} at its address, got ${who ?? 'no shard'}`);
      }
      try {
        if (answer.ok) return decode(body);
        const { error } = decodeApiError(body);
        if (answer.status !== 404) telemetry.error(`shard/${shard}`, 'refused');
        throw new HttpError(answer.status, error.code, error.message);
      } catch (error) {
        if (error instanceof HttpError) throw error;
        const what = error instanceof Error ? error.message : String(error);
        throw unavailable(shard, 'invalid_response', `its answer cannot be read (${what.slice(0, 200)})`);
      }
    },
  };
}
