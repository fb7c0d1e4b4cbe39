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

/** Parsing 4 MB holds the event loop for about 25 ms; pages over that get smaller ones after them. */
const COMFORTABLE_BYTES = 4 * 1024 * 1024;

/**
 * Asks page by page. An expired continue token (410) ends it: the caller begins a new list.
 * @throws ApiError for anything that is not a list
 */
export async function* readPages(api: KubernetesApi, options: PageOptions): AsyncGenerator<Page> {
  let limit = options.pageSize;
  let next = '';
  do {
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
    if (answer.bytes > COMFORTABLE_BYTES) limit = Math.max(1, Math.floor((limit * COMFORTABLE_BYTES) / answer.bytes));
    const page = decodePage(answer.document, `GET ${options.path}`);
    next = page.next;
    yield page;
  } while (next);
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
