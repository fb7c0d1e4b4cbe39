/**
 * Distances of two distributions over bins that have an order. Where in a bin its rows lie nobody knows: they are taken to
 * lie evenly, and those beyond the range at its end, so that of a shift beyond it a Wasserstein distance tells the least.
 * Rows without a number (missing, invalid) have no place among the bins, and are left out on both sides.
 */
import { ORDERED_METHODS, type OrderedMethod } from '@modelwatch/contract';
import { sharesAsCounted } from './statistics';

/** As a distribution has it (distribution.ts). */
export interface PlacedBin {
  readonly bin: string;
  readonly from: number | null;
  readonly to: number | null;
  /** Smoothed share of the reference. */
  readonly share: number;
  readonly rows: number | undefined;
}

/** Where a bin lies, with its shares of all rows that have a number. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly reference: number;
}

export function isOrderedMethod(method: string | undefined): method is OrderedMethod {
  return ORDERED_METHODS.some((one) => one === method);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** In the order of their values; undefined where no bin is of numbers, or one side has no row with a number. */
function piecesOf(bins: readonly PlacedBin[], referenceRows: number | undefined): Piece[] | undefined {
  const smoothed = bins.map(({ share }) => share);
  const reference = referenceRows ? sharesAsCounted(smoothed, referenceRows) : smoothed;
  const froms = bins.flatMap(({ from }) => (from === null ? [] : [from]));
  const tos = bins.flatMap(({ to }) => (to === null ? [] : [to]));
  if (froms.length === 0 || tos.length === 0) return undefined;
  const ends: Readonly<Record<string, number>> = { below: Math.min(...froms), above: Math.max(...tos) };
  const placed = bins.flatMap(({ bin, from, to, rows = 0 }, index) => {
    const [start, end] = [from ?? ends[bin], to ?? ends[bin]];
    if (start === undefined || end === undefined) return [];
    const rank = bin === 'below' ? -1 : Number(bin === 'above');
    return [{ from: start, to: end, now: rows, reference: reference[index] ?? 0, rank }];
  });
  const [rows, shares] = [sum(placed.map(({ now }) => now)), sum(placed.map((one) => one.reference))];
  if (!(rows > 0) || !(shares > 0)) return undefined;
  return placed
    .sort((a, b) => a.rank - b.rank || a.from - b.from || a.to - b.to)
    .map(({ from, to, ...one }) => ({ from, to, now: one.now / rows, reference: one.reference / shares }));
}

/** Area between a line from `before` to `after` and 0. */
function areaUnder(before: number, after: number, width: number): number {
  const [a, b] = [Math.abs(before), Math.abs(after)];
  if (before * after >= 0) return ((a + b) / 2) * width;
  return ((a * a + b * b) / (2 * (a + b))) * width;
}

/** Area between the two cumulative distributions. */
function wassersteinDistance(pieces: readonly Piece[]): number {
  let [area, ahead] = [0, 0];
  pieces.forEach(({ from, to, now, reference }, index) => {
    const before = ahead;
    ahead += now - reference;
    area += areaUnder(before, ahead, to - from);
    const next = pieces[index + 1];
    // Bins of single values leave gaps between them.
    if (next) area += Math.abs(ahead) * Math.max(0, next.from - to);
  });
  return area;
}

/** Of a piecewise linear cumulative distribution the largest difference is at an edge. */
function kolmogorovSmirnov(pieces: readonly Piece[]): number {
  let [most, ahead] = [0, 0];
  for (const { now, reference } of pieces) {
    ahead += now - reference;
    most = Math.max(most, Math.abs(ahead));
  }
  return most;
}

/** Of the reference, from its bins. */
function standardDeviation(pieces: readonly Piece[]): number {
  const middle = ({ from, to }: Piece): number => (from + to) / 2;
  const mean = sum(pieces.map((piece) => piece.reference * middle(piece)));
  const parts = pieces.map((piece) => {
    const within = (piece.to - piece.from) ** 2 / 12;
    return piece.reference * (within + (middle(piece) - mean) ** 2);
  });
  return Math.sqrt(sum(parts));
}

/**
 * @param referenceRows of the reference, to take the half row out that was added to each of its bins
 * @returns undefined where the bins have no order, a side has no row with a number, or there is no spread to divide by
 */
export function orderedDistance(
  method: OrderedMethod,
  bins: readonly PlacedBin[],
  referenceRows: number | undefined
): number | undefined {
  const pieces = piecesOf(bins, referenceRows);
  if (!pieces) return undefined;
  if (method === 'ks') return kolmogorovSmirnov(pieces);
  const distance = wassersteinDistance(pieces);
  if (method === 'wasserstein') return distance;
  const deviation = standardDeviation(pieces);
  return deviation > 0 ? distance / deviation : undefined;
}
