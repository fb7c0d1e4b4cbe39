/** One batch to one other replica, over HTTP. */
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import type { ConnectionOptions } from '../sources/servers/connection';
import { ProbeError, ProxyError, type Answer } from '../sources/servers/probe';
import { createTransport } from '../sources/servers/transport';
import { FORWARD_PATH, PEER_TOKEN_HEADER, readAnswers, type ForwardAnswer } from './items';
import { ForwardError } from './lane';

export interface PeerAddress extends Pick<ConnectionOptions, 'tlsConfig' | 'basicAuth'> {
  /** With {replica} for the number. */
  readonly url: string;
  readonly tokenFile?: string | undefined;
}

const TIMEOUT_MS = 5_000;
/** Of an answer: some bytes for each of the items. */
const MOST_BYTES = 4_194_304;
const NAME = 'replica';

export function createPost(
  {
    replica,
    replicas,
    address,
  }: { readonly replica: number; readonly replicas: number; readonly address: PeerAddress },
  ended: AbortSignal
) {
  const { url, tokenFile, tlsConfig, basicAuth } = address;
  const httpHeaders = tokenFile === undefined ? undefined : { [PEER_TOKEN_HEADER]: { files: [tokenFile] } };
  const transport = createTransport({
    maxBodyBytes: MOST_BYTES,
    connections: new Map([[NAME, { tlsConfig, basicAuth, httpHeaders }]]),
  });

  return {
    /** @param texts items as JSON @throws ForwardError */
    async send(to: number, texts: readonly string[]): Promise<readonly ForwardAnswer[]> {
      const place = `${url.replaceAll('{replica}', String(to)).replace(/\/+$/, '')}${FORWARD_PATH}`;
      const body = `{"from":${replica},"to":${to},"replicas":${replicas},"items":[${texts.join(',')}]}`;
      const target = {
        ...{ url: place, models: [], versionSuffix: false },
        endpoint: { namespace: STANDALONE_NAMESPACE, server: NAME, replica: NAME },
      };
      const signal = AbortSignal.any([ended, AbortSignal.timeout(TIMEOUT_MS)]);
      const answer = await transport.send(target, 'POST', place, signal, body).catch(asForwardError);
      if (answer.status !== 200) throw refused(answer);
      try {
        return readAnswers(answer.body.toString('utf8'), texts.length);
      } catch (error) {
        throw new ForwardError('invalid_response', `${place}: ${(error as Error).message.slice(0, 200)}`);
      }
    },
    close: () => transport.close(),
  };
}

function asForwardError(error: unknown): never {
  const isTimeout = error instanceof ProbeError && error.cause === 'timeout';
  if (error instanceof ProxyError) throw new ForwardError('denied', error.message);
  throw new ForwardError(isTimeout ? 'timeout' : 'unreachable', error instanceof Error ? error.message : 'no answer');
}

function refused({ status, place, body }: Answer): ForwardError {
  const told = /"message":"([^"]{1,200})/.exec(body.toString('utf8', 0, 1_000))?.[1] ?? '';
  const message = `${place}: expected status 200, got ${status}${told && `: ${told}`}`;
  switch (status) {
    case 401:
    case 403:
      return new ForwardError('denied', message);
    case 404:
    case 409:
      return new ForwardError('mismatch', message);
    case 413:
      return new ForwardError('too_large', message);
    case 429:
    case 503:
      return new ForwardError('busy', message);
    default:
      return new ForwardError('invalid_response', message);
  }
}
