/** Several stores as one to whoever reads. Each store is filled by its own owner, in its own time. */
import { viewOf } from './body';
import { createDeflater } from './deflater';
import type { ExpositionStore } from './store';

export type ReadableStore = Pick<ExpositionStore, 'groups' | 'view' | 'part' | 'figures'>;

/** No two of them may have a family in common. */
export function joinStores(stores: readonly ReadableStore[]): ReadableStore {
  const deflater = createDeflater();
  const joined: ReadableStore = {
    groups: stores.flatMap(({ groups }) => groups),
    view: (format, selection) => viewOf([joined.part(format, selection)], deflater),
    part: (format, selection) => {
      const parts = stores.map((store) => store.part(format, selection));
      return {
        families: parts.flatMap(({ families }) => families),
        gzipScraped: () => parts.forEach((part) => part.gzipScraped()),
      };
    },
    figures: () => {
      const sum = { segments: 0, textBytes: 0, compressedBytes: 0, sealed: 0, compressed: 0 };
      for (const figures of stores.map((store) => store.figures())) {
        for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += figures[key];
      }
      return sum;
    },
  };
  return joined;
}
