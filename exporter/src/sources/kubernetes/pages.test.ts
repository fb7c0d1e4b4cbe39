import { Slices } from '../clock';
import type { KubernetesApi } from './api';
import { ApiError } from './errors';
import { readPages } from './pages';

/** Answers with pages of objects of the given size; a page over `maxBytes` is an error, as the real API gives it. */
function serverOf(objects: number, bytesEach: number, maxBytes: number) {
  const limits: number[] = [];
  const api: Pick<KubernetesApi, 'json'> = {
    json: (path) => {
      const query = new URL(path, 'http://x').searchParams;
      const limit = Number(query.get('limit'));
      const start = Number(query.get('continue') ?? 0);
      limits.push(limit);
      const items = Array.from({ length: Math.min(limit, objects - start) }, (_, index) => start + index);
      const bytes = items.length * bytesEach;
      if (bytes > maxBytes) return Promise.reject(new ApiError('too_large', 'too large'));
      const next = start + items.length < objects ? { continue: String(start + items.length) } : {};
      return Promise.resolve({ document: { metadata: { resourceVersion: '9', ...next }, items }, bytes });
    },
  };
  return { api: api as KubernetesApi, limits };
}

async function readAll(api: KubernetesApi, pageSize: number): Promise<unknown[]> {
  const items: unknown[] = [];
  const options = { path: '/x', pageSize, signal: new AbortController().signal, slices: new Slices() };
  for await (const page of readPages(api, options)) items.push(...page.items);
  return items;
}

describe('readPages', () => {
  it.each([
    ['small objects', 100],
    ['large objects', 100_000],
    ['huge objects', 1_500_000],
  ])('reads every object once, in pages that are parsed in a moment: %s', async (_, bytesEach) => {
    const { api, limits } = serverOf(1_200, bytesEach, 64_000_000);
    expect(await readAll(api, 500)).toEqual(Array.from({ length: 1_200 }, (_unused, index) => index));
    expect(Math.max(...limits)).toBeLessThanOrEqual(500);
    for (const limit of limits.slice(bytesEach > 1_000_000 ? 3 : 1)) {
      expect(limit * bytesEach).toBeLessThanOrEqual(Math.max(1_200_000, bytesEach));
    }
  });

  it('gives up when one object alone is too large', async () => {
    await expect(readAll(serverOf(3, 100, 10).api, 500)).rejects.toThrow('too large');
  });
});
