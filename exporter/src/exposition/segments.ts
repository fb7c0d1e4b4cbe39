/**
 * Pre-rendered exposition in segments: an object of a group has a slot, 128 neighbouring slots make a segment, and of
 * each segment and family the bytes are kept, as text and compressed. So a change costs one segment, and a scrape puts
 * together what is there (docs/decisions/008-segment-store.md has the measurements).
 */
import { viewOf, type ViewedFamily } from './body';
import { createDeflater } from './deflater';
import { Group } from './group';
import { Piece, type Work } from './piece';
import type { ExpositionStore, FamilyGroup, FamilyHeader, Format, Selection, StoreFigures, ViewPart } from './store';
import { Upkeep } from './upkeep';

interface StoredGroup {
  readonly name: string;
  shown: boolean;
  readonly group: Group;
  readonly families: readonly { readonly name: string; readonly header: Readonly<Record<Format, Piece>> }[];
}

/** Groups are written in the given order, and in each its families in theirs; a family's lines stand together. */
export function createExpositionStore(groups: readonly FamilyGroup[]): ExpositionStore {
  const work: Work = { sealed: 0, compressed: 0 };
  const deflater = createDeflater();
  const upkeep = new Upkeep(deflater, () => stored.some(({ group }) => group.mergeSparse()));
  const stored: readonly StoredGroup[] = groups.map(({ name, families }) => ({
    name,
    shown: true,
    group: new Group(families, work, upkeep.onPiece),
    families: families.map((family) => storedFamily(family, work)),
  }));
  const byName = new Map(stored.map((each) => [each.name, each]));
  const find = (name: string): StoredGroup => {
    const found = byName.get(name);
    if (!found) throw new RangeError(`no group ${name}: expected one of ${[...byName.keys()].join(', ')}`);
    return found;
  };
  const collect = (format: Format, { families: wanted, namespaces }: Selection, groups = stored): ViewedFamily[] =>
    groups.flatMap(({ group, families }) => {
      if (wanted && !families.some(({ name }) => wanted.has(name))) return [];
      const runs = group.runs(namespaces);
      return families.flatMap(({ name, header }, index) => {
        const run = runs[index];
        return run === undefined || (wanted && !wanted.has(name)) ? [] : [{ header: header[format], run }];
      });
    });
  const part = (format: Format, selection: Selection = {}): ViewPart => {
    const shown = stored.filter((group) => group.shown);
    return { families: collect(format, selection, shown), gzipScraped: () => upkeep.gzipScraped() };
  };
  return {
    groups,
    set: (name, key, texts, namespace = '') => find(name).group.set(key, texts, namespace),
    delete: (name, key) => find(name).group.delete(key),
    show: (name, shown) => {
      find(name).shown = shown;
    },
    view: (format, selection) => viewOf([part(format, selection)], deflater),
    part,
    figures: () => figuresOf(collect('prometheus', {}), work),
    settle: () => upkeep.settle(),
  };
}

function storedFamily(family: FamilyHeader, work: Work): StoredGroup['families'][number] {
  const header = (format: Format) => Piece.of(work, headerText(family, format));
  return { name: family.name, header: { prometheus: header('prometheus'), openmetrics: header('openmetrics') } };
}

/** OpenMetrics names a counter without `_total` in its metadata, and escapes quotes in help. */
function headerText({ name, type, help }: FamilyHeader, format: Format): string {
  const openmetrics = format === 'openmetrics';
  const shown = openmetrics && type === 'counter' ? name.replace(/_total$/, '') : name;
  const escaped = help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
  const text = openmetrics ? escaped.replace(/"/g, '\\"') : escaped;
  return `# HELP ${shown} ${text}\n# TYPE ${shown} ${type}\n`;
}

/** What still waits to be sealed is not in it. */
function figuresOf(families: readonly ViewedFamily[], work: Work): StoreFigures {
  let segments = 0;
  let textBytes = 0;
  let compressedBytes = 0;
  for (const { run } of families) {
    const sizes = run.sizes();
    segments += sizes.pieces;
    textBytes += sizes.textBytes;
    compressedBytes += sizes.compressedBytes;
  }
  return { segments, textBytes, compressedBytes, ...work };
}
