/** A list in pages. */
import { isObject, preview } from '@modelwatch/contract';
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
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

/** Parsing 2 MB holds the event loop for about 15 ms; pages over that get smaller ones after them. */
const COMFORTABLE_BYTES = 2 * 1024 * 1024;
/** The first page shows how large the objects are; only then are more asked for at once. */
const FIRST_PAGE = 250;

/**
 * Asks page by page. An expired continue token (410) ends it: the caller begins a new list.
 * @throws ApiError for anything that is not a list
 */
export async function* readPages(api: KubernetesApi, options: PageOptions): AsyncGenerator<Page> {
  let limit = Math.min(FIRST_PAGE, options.pageSize);
  /** Token of the next page: empty for the first, `undefined` after the last. */
  let next: string | undefined = '';
  while (next !== undefined) {
    const query = new URLSearchParams({ limit: String(limit) });
    if (next) query.set('continue', next);
    if (options.labelSelector !== undefined) query.set('labelSelector', options.labelSelector);
    let answer;
    try {
      answer = await api.json(`${options.path}?${query.toString()}`, options.signal);
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === 'too_large' && limit > 1)) throw error;
      limit = Math.ceil(limit / 4);
      continue;
    }
    const page = decodePage(answer.document, `GET ${options.path}`);
    const bytesEach = answer.bytes / Math.max(1, page.items.length);
    limit = Math.max(1, Math.min(options.pageSize, Math.floor(COMFORTABLE_BYTES / bytesEach)));
    next = page.next || undefined;
    yield page;
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
