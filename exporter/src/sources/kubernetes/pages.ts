/** A list in pages. */
import { isObject, preview } from '@modelwatch/contract';
import type { Slices } from '../clock';
import type { KubernetesApi } from './api';
import { ApiError } from './errors';

export interface Page {
  readonly items: readonly unknown[];
  /** Version of the whole list: the same on each page. */
  readonly resourceVersion: string;
}

export interface PageOptions {
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly pageSize: number;
  readonly signal: AbortSignal;
  readonly slices: Slices;
}

/** One JSON.parse of so much holds the event loop for about 6 ms; pages over that get smaller ones after them. */
const COMFORTABLE_BYTES = 1_200_000;
/** The first page shows how large the objects are; only then are more asked for at once. */
const FIRST_PAGE = 50;

interface Answer {
  readonly page: Page;
  readonly next: string | undefined;
  readonly limit: number;
}

/**
 * Asks page by page; the next is on its way while the caller takes in the one before. An expired continue token (410)
 * ends it: the caller begins a new list.
 * @throws ApiError for anything that is not a list
 */
export async function* readPages(api: KubernetesApi, options: PageOptions): AsyncGenerator<Page> {
  let asked: Promise<Answer> | undefined = ask(api, options, '', Math.min(FIRST_PAGE, options.pageSize));
  while (asked) {
    const { page, next, limit }: Answer = await asked;
    asked = next === undefined ? undefined : ask(api, options, next, limit);
    // Where the caller stops in between, nobody waits for it.
    asked?.catch(() => undefined);
    yield page;
  }
}

async function ask(api: KubernetesApi, options: PageOptions, token: string, wanted: number): Promise<Answer> {
  for (let limit = wanted; ; limit = Math.ceil(limit / 4)) {
    const query = new URLSearchParams({ limit: String(limit) });
    if (token) query.set('continue', token);
    if (options.labelSelector !== undefined) query.set('labelSelector', options.labelSelector);
    if (options.fieldSelector !== undefined) query.set('fieldSelector', options.fieldSelector);
    try {
      const path = `${options.path}?${query.toString()}`;
      const { document, bytes } = await api.json(path, options.signal, () => options.slices.yield());
      const { next, ...page } = decodePage(document, `GET ${options.path}`);
      const bytesEach = bytes / Math.max(1, page.items.length);
      return {
        page,
        next: next || undefined,
        limit: Math.max(1, Math.min(options.pageSize, Math.floor(COMFORTABLE_BYTES / bytesEach))),
      };
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === 'too_large' && limit > 1)) throw error;
    }
  }
}

function decodePage(document: unknown, place: string): Page & { next: string } {
  if (!isObject(document) || !isObject(document['metadata'])) {
    throw new ApiError('invalid_response', `${place}: expected a list, got ${preview(document)}`);
  }
  const { resourceVersion, continue: next } = document['metadata'];
  const items = document['items'] ?? [];
  if (!Array.isArray(items)) {
    throw new ApiError('invalid_response', `${place} items: expected a list, got ${preview(items)}`);
  }
  if (typeof resourceVersion !== 'string' || resourceVersion === '') {
    throw new ApiError(
      'invalid_response',
      `${place} metadata.resourceVersion: expected a text, got ${preview(resourceVersion)}`
    );
  }
  return { items, resourceVersion, next: typeof next === 'string' ? next : '' };
}
