/** GET /metrics: pieces that stand ready in the store, our own metrics after them, sent with backpressure. */
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RequestHandler, Response } from 'express';
import type { Snapshot } from '../domain/fleet-interface';
import { createExpositionStore } from '../exposition/segments';
import type { Body, ExpositionView, Format } from '../exposition/store';
import type { AppDeps } from './deps';
import { acceptsGzip, CONTENT_TYPES, negotiateFormat } from './negotiate';
import { readSelection, ScrapeRefusal, type ScrapeSelection } from './selection';

type MetricsDeps = Pick<AppDeps, 'settle' | 'exposition' | 'prepare' | 'selfMetrics' | 'log'>;
/** Writes on a fast socket finish at once; without a turn of the loop now and then, timers and probes would starve. */
const YIELD_AFTER_MS = 5;
const CHUNK_BYTES = 1_048_576;
const LARGE_BYTES = 2_048;
/** Answers with our own metrics alone, before the first sync and where the store fails. */
const NOTHING = createExpositionStore([]);

export function metricsHandler(deps: MetricsDeps): RequestHandler {
  return async (request, response) => {
    const selection = readCounted(request.originalUrl, deps);
    const format = negotiateFormat(request.get('accept'));
    const gzip = acceptsGzip(request.get('accept-encoding'));
    response.setHeader('Content-Type', CONTENT_TYPES[format]);
    response.setHeader('Vary', 'Accept, Accept-Encoding');
    if (gzip) response.setHeader('Content-Encoding', 'gzip');
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const started = performance.now();
    const body = await scrape(deps, format, selection, gzip);
    response.setHeader('Content-Length', body.bytes);
    if (!(await send(body, response))) {
      deps.log.debug('Scrape was given up by the client');
      return;
    }
    const { bytes: wireBytes, textBytes: bytes, series } = body;
    deps.selfMetrics.scraped({ durationSeconds: (performance.now() - started) / 1e3, bytes, wireBytes, series });
  };
}

function readCounted(originalUrl: string, { exposition, selfMetrics }: MetricsDeps): ScrapeSelection {
  try {
    return readSelection(originalUrl, { groups: exposition.groups, own: selfMetrics.families() });
  } catch (error) {
    if (error instanceof ScrapeRefusal) selfMetrics.scrapeRefused(error.reason);
    throw error;
  }
}

async function scrape(deps: MetricsDeps, format: Format, selection: ScrapeSelection, gzip: boolean): Promise<Body> {
  await deps.prepare?.(selection).catch((error: unknown) => broken(deps, error));
  const snapshot = await currentSnapshot(deps);
  // The view is taken before anything is awaited, so that all families show the same moment.
  const view = snapshot?.everSynced ? guarded(deps, () => deps.exposition.view(format, selection)) : undefined;
  const own = await ownText(deps, format, snapshot, selection);
  const tail = Buffer.from(format === 'openmetrics' ? `${own}# EOF\n` : own);
  const whole = view && (await bodyOf(view, tail, gzip).catch((error: unknown) => broken(deps, error)));
  return whole ?? bodyOf(NOTHING.view(format), tail, gzip);
}

function bodyOf(view: ExpositionView, tail: Buffer, gzip: boolean): Promise<Body> {
  return gzip ? view.gzip(tail) : view.plain(tail);
}

async function ownText(
  deps: MetricsDeps,
  format: Format,
  snapshot: Snapshot | undefined,
  { ownFamilies }: ScrapeSelection
): Promise<string> {
  if (ownFamilies.size === 0) return '';
  guarded(deps, () => deps.selfMetrics.stored(deps.exposition.figures()));
  return deps.selfMetrics.render(format, snapshot?.sources ?? [], snapshot?.synced ?? false, ownFamilies);
}

/** False when the client gave up, which is no failure of ours: there is nobody left to answer. */
async function send({ buffers }: Body, response: Response): Promise<boolean> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  let lastYield = performance.now();
  for (const _ of writtenInChunks(buffers, response)) {
    if (response.writableNeedDrain) await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
    if (response.destroyed || response.closed) return false;
    if (performance.now() - lastYield < YIELD_AFTER_MS) continue;
    await nextTurn();
    lastYield = performance.now();
  }
  response.end();
  return true;
}

/**
 * Writes about 128 kB, then lets the caller wait until the socket has taken them. Large buffers go out as they are;
 * small ones are copied together, since a write costs more than a copy. The place for that is used again and again:
 * fresh memory for each chunk would cost more than the copy.
 */
function* writtenInChunks(buffers: readonly Buffer[], response: Response): Generator<void> {
  const together = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let start = 0;
  let end = 0;
  let size = 0;
  const writeTogether = () => {
    if (end > start) response.write(together.subarray(start, end));
    start = end;
  };
  response.cork();
  for (const buffer of buffers) {
    if (buffer.length >= LARGE_BYTES) {
      writeTogether();
      response.write(buffer);
    } else {
      end += buffer.copy(together, end);
    }
    size += buffer.length;
    if (size < CHUNK_BYTES - LARGE_BYTES) continue;
    writeTogether();
    response.uncork();
    yield;
    response.cork();
    start = end = size = 0;
  }
  writeTogether();
  response.uncork();
}

async function currentSnapshot(deps: MetricsDeps): Promise<Snapshot | undefined> {
  try {
    return await deps.settle();
  } catch (error) {
    return broken(deps, error);
  }
}

/** A part that breaks is counted and logged; the scrape goes on without it. */
function guarded<T>(deps: MetricsDeps, part: () => T): T | undefined {
  try {
    return part();
  } catch (error) {
    return broken(deps, error);
  }
}

function broken(deps: MetricsDeps, error: unknown): undefined {
  deps.selfMetrics.error('exposition', 'render');
  deps.log.error({ err: error }, 'A part of the scrape is broken and was left out');
}
