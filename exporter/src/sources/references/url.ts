/** A reference at an HTTP address, asked for again and again. */
import { readFileSync } from 'node:fs';
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import { sleep, type Clock } from '../clock';
import type { ConnectionOptions } from '../servers/connection';
import { ProbeError, ProxyError, unexpectedStatus } from '../servers/probe';
import { createTransport } from '../servers/transport';
import { MAX_REFERENCE_BYTES } from './document';
import type { Found } from './files';

export interface ReferenceUrl extends ConnectionOptions {
  /** One of the two. In the file stands the address, read again for each question: links that are signed end. */
  readonly url?: string | undefined;
  readonly urlFile?: string | undefined;
  readonly refreshIntervalSeconds: number;
}

const TIMEOUT_SECONDS = 30;
/** After a failure: a store that was away for a moment must not leave a model without its reference for an hour. */
const RETRY_SECONDS = 30;
const NAME = 'reference';

/** Whoever has a link may read: what is shown of an address is neither its query nor, from a file, its path. */
export function shownPlace({ url, urlFile }: Pick<ReferenceUrl, 'url' | 'urlFile'>): string {
  if (urlFile !== undefined) return `url in ${urlFile}`;
  return `url ${withoutQuery(url ?? '')}`;
}

/** What was found at an address: a document, nothing new since the last one, or no answer. */
export type FoundAtUrl = Found | { readonly unchanged: true };

/** @param told called after each question; never after `stop` */
export function pollReference(
  options: ReferenceUrl,
  told: (found: FoundAtUrl) => void,
  clock: Clock
): { stop(): Promise<void> } {
  const ended = new AbortController();
  const connections = new Map([[NAME, options]]);
  const transport = createTransport({ maxBodyBytes: MAX_REFERENCE_BYTES, connections });
  let etag: { readonly url: string; readonly tag: string } | undefined;

  async function ask(url: string): Promise<FoundAtUrl> {
    const endpoint = { namespace: STANDALONE_NAMESPACE, server: NAME, replica: NAME };
    const target = { endpoint, url, models: [], versionSuffix: false };
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(TIMEOUT_SECONDS * 1_000)]);
    const known = etag?.url === url ? { 'if-none-match': etag.tag } : {};
    const answer = await transport.send(target, 'GET', url, signal, undefined, known);
    if (answer.status === 304 && etag?.url === url) return { unchanged: true };
    if (answer.status !== 200) throw unexpectedStatus(answer);
    etag = answer.etag === undefined ? undefined : { url, tag: answer.etag };
    return { text: answer.body.toString('utf8') };
  }

  async function look(): Promise<FoundAtUrl> {
    let url = '';
    try {
      url = addressOf(options);
      return await ask(url);
    } catch (error) {
      const isOurs = [ProbeError, ProxyError, AddressError].some((known) => error instanceof known);
      // Of other errors nobody knows what their text holds.
      return {
        problem: isOurs ? masked((error as Error).message, url, options) : `no answer: ${(error as Error).name}`,
      };
    }
  }

  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      const found = await look();
      if (!ended.signal.aborted) told(found);
      const wait = options.refreshIntervalSeconds;
      await sleep(clock, 'problem' in found ? Math.min(RETRY_SECONDS, wait) : wait, ended.signal);
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

class AddressError extends Error {}

/** @throws AddressError */
function addressOf({ url, urlFile }: ReferenceUrl): string {
  if (urlFile === undefined) return url ?? '';
  let text: string;
  try {
    text = readFileSync(urlFile, 'utf8').trim();
  } catch (error) {
    throw new AddressError(
      `expected a file with an address, got ${(error as NodeJS.ErrnoException).code ?? 'an error'}`
    );
  }
  const isAddress = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isAddress)
    throw new AddressError('expected an http:// or https:// URL in the file, got something else (not shown)');
  return text;
}

/** Messages name the address without its query; where it stands in a file, its path is a secret too. */
function masked(message: string, url: string, { urlFile }: ReferenceUrl): string {
  if (urlFile === undefined || url === '') return message;
  return message.replaceAll(withoutQuery(url), new URL(url).origin);
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*/s, '');
}
