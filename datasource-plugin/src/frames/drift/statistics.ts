/** Statistics of two distributions over the same bins, and what each bin adds to them. */
import { SMOOTHING_ROWS, type DriftMethod } from '@modelwatch/contract';

/** One bin: rows now, and the smoothed share of the reference. */
export interface BinPair {
  readonly rows: number;
  /** Above 0: half a row is added to each bin of the reference. */
  readonly reference: number;
}

/** Smoothed share now, and what stands beside it. */
interface Shares {
  readonly p: number;
  readonly q: number;
  readonly rows: number;
  readonly total: number;
}

/** What each bin adds; undefined where the statistic is no sum over bins. */
const PARTS: Readonly<Record<DriftMethod, ((bin: Shares) => number) | undefined>> = {
  psi: ({ p, q }) => (p - q) * Math.log(p / q),
  kl: ({ p, q }) => q * Math.log(q / p),
  tvd: ({ p, q }) => Math.abs(p - q) / 2,
  // Pearson's is of counts, which are not smoothed.
  chi2: ({ q, rows, total }) => (rows - total * q) ** 2 / (total * q),
  js: undefined,
  hellinger: undefined,
  linf: undefined,
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function whole(method: DriftMethod, bins: readonly Shares[]): number {
  switch (method) {
    case 'js':
      return Math.sqrt(
        sum(
          bins.map(({ p, q }) => {
            const mean = (p + q) / 2;
            return (p * Math.log2(p / mean) + q * Math.log2(q / mean)) / 2;
          })
        )
      );
    case 'hellinger':
      return Math.sqrt(Math.max(0, 1 - sum(bins.map(({ p, q }) => Math.sqrt(p * q)))));
    case 'linf':
      return Math.max(...bins.map(({ p, q }) => Math.abs(p - q)));
    default:
      return sum(bins.map(PARTS[method] ?? (() => NaN)));
  }
}

export interface Drift {
  readonly score: number;
  /** In the order of the bins; null where the statistic has no parts. */
  readonly adds: ReadonlyArray<number | null>;
}

/** As the rules compute it: half a row is added to each bin now, too. Undefined without rows or bins. */
export function driftOf(method: DriftMethod, bins: readonly BinPair[]): Drift | undefined {
  const total = sum(bins.map(({ rows }) => rows));
  if (!(total > 0)) return undefined;
  const smoothed = total + SMOOTHING_ROWS * bins.length;
  const shares = bins.map(({ rows, reference }) => ({
    p: (rows + SMOOTHING_ROWS) / smoothed,
    q: reference,
    rows,
    total,
  }));
  const part = PARTS[method];
  return { score: whole(method, shares), adds: shares.map((bin) => part?.(bin) ?? null) };
}

/** Share of a bin of the reference as it was counted, before half a row was added to each bin. */
export function sharesAsCounted(smoothed: readonly number[], rows: number): number[] {
  const whole = rows + SMOOTHING_ROWS * smoothed.length;
  // What rounding leaves over is no share.
  return smoothed.map((share) => Math.min(1, Math.max(0, (share * whole - SMOOTHING_ROWS) / rows)));
}
