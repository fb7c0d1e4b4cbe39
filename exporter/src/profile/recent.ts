/** A reference of what a model was asked lately: the bins of the one it has, and the rows that Prometheus has for them. */
import { binsOf, type ColumnReference, type Reference, type SpecialBin } from '@modelwatch/contract';
import { shareOf } from './document';
import { referenceId } from './identity';
import { TableError } from './table';
import { warningsOf } from './warnings';

/** Rows by bin label. Not whole: an increase of counters is extended to the ends of its range. */
export type BinRows = ReadonlyMap<string, number>;

export interface RecentRows {
  readonly features: ReadonlyMap<string, BinRows>;
  readonly prediction?: BinRows;
}

export interface RecentOptions {
  readonly name: string;
  readonly version?: string | undefined;
}

/** From this share of the rows of the others on, a column was counted all the time. */
const ALL_THE_TIME = 0.9;
/** Behind the newest, so many references whose rows are in the same bins are remembered. */
const MOST_SAME_BINS = 100;
/** Rows outside the bins of a number from which they no longer fit what comes. */
const MANY_OUTSIDE = 0.1;

/**
 * What it says of the model besides (importance, baseline, classes) stays; the target does not, since nobody counts it,
 * nor do segments and moments. @throws TableError when there are no rows
 */
export function recentReference(
  base: Reference,
  counted: RecentRows,
  options: RecentOptions
): { readonly reference: Reference; readonly warnings: readonly string[] } {
  const rows = Math.round(Math.max(0, ...[...counted.features.values()].map(total)));
  if (rows === 0) throw new TableError(['expected rows of this reference in these days, got none']);
  const warnings: string[] = [];
  const recent = (column: ColumnReference, bins: BinRows | undefined): ColumnReference | undefined => {
    const sum = bins ? total(bins) : 0;
    if (!bins || sum < 1) return undefined;
    if (sum < ALL_THE_TIME * rows) {
      warnings.push(`column ${column.name} was counted in ${percent(sum / rows)} of the rows: its shares are of those`);
    }
    return withRows(column, bins, rows);
  };
  const features = base.features.flatMap((column) => recent(column, counted.features.get(column.name)) ?? []);
  const prediction = base.prediction && recent(base.prediction, counted.prediction);
  const known = new Set(features.map(({ name }) => name));
  const lost = base.features.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  const excluded = [
    ...(base.excluded ?? []),
    ...lost.map((column) => ({ column, reason: 'not counted in these days' })),
  ];
  const { schema, namespace, model, missingValues, task, classes, baseline } = base;
  const data = { features, ...(prediction && { prediction }) };
  const sameBins = [base.id, ...(base.sameBins ?? [])].slice(0, MOST_SAME_BINS);
  const version = options.version ?? base.version;
  const reference: Reference = {
    schema,
    id: referenceId({ schema, missingValues, ...data }),
    name: options.name,
    ...(namespace !== undefined && { namespace }),
    ...(model !== undefined && { model }),
    ...(version !== undefined && { version }),
    rows,
    ...(lost.length === 0 && { sameBins }),
    ...(task && { task }),
    ...(classes && { classes }),
    ...(baseline && { baseline }),
    missingValues,
    ...data,
    ...(excluded.length > 0 && { excluded }),
  };
  return { reference, warnings: [...warnings, ...lostWarnings(base, lost), ...oddWarnings(reference)] };
}

function lostWarnings({ segments = [] }: Reference, lost: readonly string[]): string[] {
  const columns = segments.map(({ column }) => column).join(' and ');
  return [
    ...lost.map((name) => `column ${name} is left out: it was not counted in these days`),
    ...(segments.length > 0 ? [`segments (${columns}) are left out: only a profile of rows has their shares`] : []),
  ];
}

function oddWarnings(reference: Reference): string[] {
  const outside = reference.features.flatMap((column): string[] => {
    if (column.type !== 'numeric') return [];
    const share = column.special.below.share + column.special.above.share;
    const text = `${percent(share)} of its rows are outside its bins: rows of these days make better ones`;
    return share >= MANY_OUTSIDE ? [`column ${column.name}: ${text}`] : [];
  });
  return [...outside, ...warningsOf(new Map(), reference)];
}

function withRows(column: ColumnReference, counted: BinRows, rows: number): ColumnReference {
  const counts = apportioned(
    binsOf(column).map(({ bin }) => counted.get(bin) ?? 0),
    rows
  );
  const of = (index: number) => ({ count: counts[index] ?? 0, share: shareOf(counts[index] ?? 0, rows) });
  const special = Object.fromEntries(
    Object.keys(column.special).map((bin, index) => [bin, of(column.bins.length + index)])
  ) as Record<SpecialBin, { count: number; share: number }>;
  const { segments: _, ...kept } = column;
  if (kept.type === 'numeric') {
    const { moments: _of, ...numeric } = kept;
    return { ...numeric, bins: kept.bins.map(({ from, to }, index) => ({ from, to, ...of(index) })), special };
  }
  return { ...kept, bins: kept.bins.map(({ category }, index) => ({ category, ...of(index) })), special };
}

/** Whole rows in the proportions of `weights`, `rows` together: what is left over goes to the largest remainders. */
function apportioned(weights: readonly number[], rows: number): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => (weight / all) * rows);
  const counts = shares.map(Math.floor);
  const left = rows - counts.reduce((sum, count) => sum + count, 0);
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) counts[index] = (counts[index] ?? 0) + 1;
  return counts;
}

function total(bins: BinRows): number {
  return [...bins.values()].reduce((sum, rows) => sum + rows, 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
