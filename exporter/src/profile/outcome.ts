/** What each feature tells of the target or the prediction: importance where nobody gives any. */
import { binnerOf, type BinLayout, type Binner } from '../domain/binning';
import type { MissingValues } from '../domain/values';
import { categoryText } from './scan';
import type { CountByGroup, Grouping } from './segments';
import type { Batch, Cell } from './table';

/** The second reading: the bin of the outcome in each row. */
export class OutcomeBins implements Grouping {
  readonly places: readonly string[];
  readonly rows: Float64Array;
  current = new Uint16Array(0);
  readonly #binner: Binner;

  constructor(
    readonly column: string,
    layout: BinLayout,
    missing: MissingValues
  ) {
    this.#binner = binnerOf(layout, missing);
    this.places = this.#binner.labels;
    this.rows = new Float64Array(this.places.length);
  }

  take({ names, columns, rows }: Batch): void {
    const cells: readonly Cell[] = columns[names.indexOf(this.column)] ?? [];
    if (this.current.length < rows) this.current = new Uint16Array(rows);
    for (let index = 0; index < rows; index++) {
      const cell = cells[index];
      const bin = this.#binner.binOf(typeof cell === 'object' && cell !== null ? categoryText(cell) : cell);
      this.current[index] = bin;
      this.rows[bin] = (this.rows[bin] ?? 0) + 1;
    }
  }
}

/** Rows without an outcome tell nothing of it. */
const WITHOUT_OUTCOME = ['missing', 'invalid'];

/** Mutual information of the bins of a feature and those of the outcome, in nats; see `mutualInformation`. */
export function informationOf(count: CountByGroup): number {
  const { places } = count.group;
  return mutualInformation(count.counts().filter((_, place) => !WITHOUT_OUTCOME.includes(places[place] ?? '')));
}

/**
 * I(X; Y) = sum of p(x, y) ln(p(x, y) / (p(x) p(y))) over the cells of a table of counts (Cover and Thomas, Elements of
 * Information Theory, 2.28), less what chance alone adds to it in so many rows, (bins of X - 1)(bins of Y - 1) / (2 rows)
 * (Miller 1955), or a feature of many rare categories would seem to matter. Never below 0. Bins without rows do not count.
 */
export function mutualInformation(table: readonly (readonly number[])[]): number {
  const ofX = table.map((cells) => sum(cells));
  const ofY = (table[0] ?? []).map((_, y) => sum(table.map((cells) => cells[y] ?? 0)));
  const rows = sum(ofX);
  if (rows === 0) return 0;
  let information = 0;
  table.forEach((cells, x) =>
    cells.forEach((both, y) => {
      if (both > 0) information += (both / rows) * Math.log((both * rows) / ((ofX[x] ?? 0) * (ofY[y] ?? 0)));
    })
  );
  const used = (counts: readonly number[]) => counts.filter((count) => count > 0).length;
  return Math.max(0, information - ((used(ofX) - 1) * (used(ofY) - 1)) / (2 * rows));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
