/** A table with texts as one with what is counted of them: its columns of texts give way to features. */
import { sideFeatures, TEXT_SIDES, type Keywords, type TextSide, type TextTools } from '../domain/generative/features';
import { isTelling, wordsOf } from '../domain/generative/words';
import { TableError, type Batch, type Cell, type Table } from './table';

/** Names of the columns that have the texts. */
export type TextColumns = Readonly<Partial<Record<TextSide, string>>>;

/** Keywords of one side, at most. */
const MOST_KEYWORDS = 20;
/** A keyword stands in so many rows at least, and in this share of them: a rarer word may be somebody's name. */
const LEAST_ROWS = 5;
const LEAST_SHARE = 0.005;
/** Words that are counted at a time; when there are more, those that came once are let go. */
const MOST_WORDS = 200_000;

/** Reads the table once, to choose the keywords. @throws TableError */
export async function textTable(
  table: Table,
  columns: TextColumns,
  tools: TextTools,
  progress: (share: number) => void
): Promise<Table> {
  const keywords = await keywordsOf(table, columns, progress);
  return {
    hasFixedColumns: table.hasFixedColumns,
    get leftOut() {
      return table.leftOut ?? [];
    },
    read: (take, show, ready) =>
      table.read((batch) => take(withFeatures(batch, columns, tools, keywords)), show, ready),
  };
}

async function keywordsOf(table: Table, columns: TextColumns, progress: (share: number) => void): Promise<Keywords> {
  const counts = { prompt: new WordCounts(), completion: new WordCounts() };
  const names = new Set<string>();
  let rows = 0;
  const take = (batch: Batch) => {
    for (const name of batch.names) names.add(name);
    if (table.hasFixedColumns) refuseUnknown(columns, names);
    for (const side of TEXT_SIDES) for (const cell of cellsOf(batch, columns[side])) counts[side].add(textOf(cell));
    rows += batch.rows;
  };
  await table.read(take, progress);
  refuseUnknown(columns, names);
  return { prompt: counts.prompt.keywords(rows), completion: counts.completion.keywords(rows) };
}

function refuseUnknown(columns: TextColumns, names: ReadonlySet<string>): void {
  const unknown = TEXT_SIDES.filter((side) => columns[side] !== undefined && !names.has(columns[side]));
  if (unknown.length === 0) return;
  throw new TableError(unknown.map((side) => `--${side}: expected a column of the file, got ${columns[side]}`));
}

/** Rows that each word stands in. */
class WordCounts {
  readonly #rows = new Map<string, number>();

  add(text: string | undefined): void {
    for (const word of new Set(wordsOf(text ?? ''))) {
      if (isTelling(word)) this.#rows.set(word, (this.#rows.get(word) ?? 0) + 1);
    }
    if (this.#rows.size <= MOST_WORDS) return;
    for (const [word, rows] of this.#rows) if (rows === 1) this.#rows.delete(word);
  }

  keywords(rows: number): ReadonlySet<string> {
    const least = Math.max(LEAST_ROWS, LEAST_SHARE * rows);
    const ranked = [...this.#rows]
      .filter(([, count]) => count >= least)
      .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
    return new Set(ranked.slice(0, MOST_KEYWORDS).map(([word]) => word));
  }
}

function withFeatures(batch: Batch, columns: TextColumns, tools: TextTools, keywords: Keywords): Batch {
  const texts = new Set(TEXT_SIDES.map((side) => columns[side]));
  const kept = batch.names.flatMap((name, index) =>
    texts.has(name) ? [] : [[name, batch.columns[index] ?? []] as const]
  );
  const derived = TEXT_SIDES.flatMap((side) =>
    columns[side] === undefined ? [] : featureColumns(side, cellsOf(batch, columns[side]), batch.rows, tools, keywords)
  );
  // What the file has already is what whoever made it means.
  const own = new Set(kept.map(([name]) => name));
  const all = [...kept, ...derived.filter(([name]) => !own.has(name))];
  return { ...batch, names: all.map(([name]) => name), columns: all.map(([, cells]) => cells) };
}

function featureColumns(
  side: TextSide,
  cells: readonly Cell[],
  rows: number,
  tools: TextTools,
  keywords: Keywords
): (readonly [string, readonly Cell[]])[] {
  const names = Object.keys(sideFeatures(side, '', tools, keywords[side]));
  const columns = names.map((name) => [name, new Array<Cell>(rows).fill(undefined)] as const);
  for (let row = 0; row < rows; row++) {
    const text = textOf(cells[row]);
    if (text === undefined) continue;
    const features = sideFeatures(side, text, tools, keywords[side]);
    for (const [name, values] of columns) values[row] = features[name];
  }
  return columns;
}

function cellsOf({ names, columns }: Batch, name: string | undefined): readonly Cell[] {
  return name === undefined ? [] : (columns[names.indexOf(name)] ?? []);
}

/** An empty text is one; nothing is none. */
function textOf(cell: Cell): string | undefined {
  if (cell === null || cell === undefined) return undefined;
  return typeof cell === 'string' ? cell : cell instanceof Date ? cell.toISOString() : String(cell);
}
