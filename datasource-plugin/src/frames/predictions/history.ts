/** What a model predicts, over time: of numbers their mean between the 10th and the 90th percentile, else shares. */
import { modelIdKey, modelIdOf, modelTitle } from '../identity';
import type { Line } from '../lines';
import { everyStep } from '../runs';
import type { Sample, Series } from '../samples';

export interface PredictionAnswers {
  /** Of the reference, with the edges or the category of each bin. */
  readonly bins: readonly Sample[];
  /** Rows by bin. */
  readonly rows: readonly Series[];
  /** Rows that a verdict on the predictions needs, by model. */
  readonly needed: readonly Sample[];
}

export interface PredictionHistory {
  readonly timesMs: readonly number[];
  readonly lines: readonly Line[];
  readonly isShare: boolean;
  /** The most that a point needs; undefined where nobody says. */
  readonly needed: number | undefined;
}

interface Bin {
  readonly bin: string;
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** By time, rows of each bin in the order of the bins. */
type Table = ReadonlyMap<number, readonly number[]>;

const LOW = 0.1;
const HIGH = 0.9;

export function predictionHistory(
  { bins, rows, needed }: PredictionAnswers,
  range: { readonly fromMs: number; readonly toMs: number }
): PredictionHistory {
  const timesMs = everyStep(
    rows.flatMap(({ timesMs: times }) => times),
    range.fromMs,
    range.toMs
  );
  const least = new Map(needed.map(({ labels, value }) => [keyOf(labels), value]));
  const keys = [...new Set(rows.map(({ labels }) => `${keyOf(labels)} ${labels['reference'] ?? ''}`))].sort();
  const isOne = keys.length === 1;
  const drawn = keys.map((key) => {
    const isOf = ({ labels }: { readonly labels: Sample['labels'] }) =>
      `${keyOf(labels)} ${labels['reference'] ?? ''}` === key;
    const of = bins.filter(isOf);
    const own = rows.filter(isOf);
    const labels = own[0]?.labels ?? {};
    const id = modelIdOf(labels);
    const suffix = isOne ? '' : ` of ${id ? modelTitle(id) : ''} beside ${labels['reference'] ?? ''}`;
    const enough = least.get(keyOf(labels)) ?? 1;
    const numeric = numericBins(of);
    const identity = { ...(id ?? {}), reference: labels['reference'] ?? '' };
    const line = (figure: string, values: ReadonlyMap<number, number>): Line => ({
      labels: { ...identity, figure },
      title: `${figure}${suffix}`,
      values,
    });
    return numeric.length > 0
      ? { lines: bandLines(numeric, tableOf(own, numeric), enough, line), isShare: false }
      : { lines: shareLines(of, own, enough, line), isShare: true };
  });
  const all = [...least.values()];
  return {
    timesMs,
    lines: drawn.flatMap(({ lines }) => lines),
    isShare: drawn.length > 0 && drawn.every(({ isShare }) => isShare),
    needed: all.length > 0 ? Math.max(...all) : undefined,
  };
}

function keyOf(labels: Sample['labels']): string {
  const id = modelIdOf(labels);
  return id ? modelIdKey(id) : '';
}

/** With those beside the range, which hold what is at its ends or beyond: nobody knows how far. */
function numericBins(bins: readonly Sample[]): Bin[] {
  const inside = bins
    .map(({ labels: { bin = '', from = '', to = '' } }) => ({
      bin,
      from: Number(from || NaN),
      to: Number(to || NaN),
      name: bin,
    }))
    .filter(({ from, to }) => Number.isFinite(from) && Number.isFinite(to))
    .sort((a, b) => a.from - b.from);
  const [first] = inside;
  const last = inside.at(-1);
  if (!first || !last) return [];
  const below = { bin: 'below', from: first.from, to: first.from, name: 'below' };
  return [below, ...inside, { bin: 'above', from: last.to, to: last.to, name: 'above' }];
}

function tableOf(rows: readonly Series[], bins: readonly Pick<Bin, 'bin'>[]): Table {
  const table = new Map<number, number[]>();
  for (const { labels, timesMs, values } of rows) {
    const place = bins.findIndex(({ bin }) => bin === labels['bin']);
    if (place < 0) continue;
    timesMs.forEach((timeMs, index) => {
      const counts = table.get(timeMs) ?? bins.map(() => 0);
      counts[place] = (counts[place] ?? 0) + (values[index] ?? 0);
      table.set(timeMs, counts);
    });
  }
  return table;
}

type MakeLine = (figure: string, values: ReadonlyMap<number, number>) => Line;

function bandLines(bins: readonly Bin[], table: Table, needed: number, line: MakeLine): Line[] {
  const of = (valueOf: (counts: readonly number[], total: number) => number) =>
    new Map(
      [...table].flatMap(([timeMs, counts]): Array<[number, number]> => {
        const total = sumOf(counts);
        return total > 0 && total >= needed ? [[timeMs, valueOf(counts, total)]] : [];
      })
    );
  const middle = ({ from, to }: Bin) => (from + to) / 2;
  const mean = (counts: readonly number[], total: number) =>
    sumOf(counts.map((count, index) => count * middle(bins[index] as Bin))) / total;
  return [
    line(
      'p10',
      of((counts, total) => quantile(bins, counts, LOW * total))
    ),
    line('mean', of(mean)),
    line(
      'p90',
      of((counts, total) => quantile(bins, counts, HIGH * total))
    ),
  ];
}

/** Within a bin rows are taken to lie evenly. @param rank rows below the quantile */
export function quantile(bins: readonly Pick<Bin, 'from' | 'to'>[], counts: readonly number[], rank: number): number {
  let below = 0;
  let value = NaN;
  for (const [index, { from, to }] of bins.entries()) {
    const count = counts[index] ?? 0;
    if (count <= 0) continue;
    value = from + (to - from) * Math.min(1, (rank - below) / count);
    below += count;
    if (below >= rank) break;
  }
  return value;
}

function shareLines(bins: readonly Sample[], rows: readonly Series[], needed: number, line: MakeLine): Line[] {
  const named = bins.map(({ labels: { bin = '', category } }) => ({ bin, name: category || nameOf(bin) }));
  const table = tableOf(rows, named);
  return named.flatMap(({ name }, index) => {
    const values = new Map(
      [...table].flatMap(([timeMs, counts]): Array<[number, number]> => {
        const total = sumOf(counts);
        return total > 0 && total >= needed ? [[timeMs, (counts[index] ?? 0) / total]] : [];
      })
    );
    // What never comes is no line; classes of the reference are, since that they do not come is news.
    const isNews = !Number.isNaN(Number(bins[index]?.labels['bin'])) || [...values.values()].some((value) => value > 0);
    return isNews ? [line(name, values)] : [];
  });
}

function nameOf(bin: string): string {
  return Number.isNaN(Number(bin)) ? bin : `class ${bin}`;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
