import { isObject, preview } from '@modelwatch/contract';
import { TableError, type Batch, type Cell, type Table } from '../../profile/table';
import { textChunks } from './text-file';

/** One object per line, name of a column to its value. A column that a line does not have is missing there. */
export function jsonLinesTable(file: string): Table {
  return tableOfLines(file, (object) => object);
}

/**
 * Predictions as they are posted to `/ingest/predictions`, one a line: a column for each feature, and `prediction`,
 * `score`, `prompt` and `completion` where an event has them and no feature is called so.
 */
export function eventLinesTable(file: string): Table {
  return tableOfLines(file, ({ features, prediction, score, prompt, completion }, row) => {
    if (!isObject(features)) {
      throw new TableError([`row ${row}, features: expected an object of name to value, got ${preview(features)}`]);
    }
    const beside = Object.entries({ prediction, score, prompt, completion }).filter(([, value]) => value !== undefined);
    return { ...Object.fromEntries(beside), ...features };
  });
}

/** The cells of a line by the name of their column. */
type ColumnsOf = (object: Record<string, unknown>, row: number) => Record<string, unknown>;

function tableOfLines(file: string, columnsOf: ColumnsOf): Table {
  return {
    hasFixedColumns: false,
    read: async (take, progress, ready) => {
      const lines = new Lines(take, columnsOf);
      for await (const text of textChunks(file, progress, () => lines.next, ready)) lines.add(text);
      lines.end();
    },
  };
}

class Lines {
  next = 1;
  #rest: string[] = [];
  readonly #names: string[] = [];
  readonly #indexes = new Map<string, number>();

  constructor(
    readonly take: (batch: Batch) => void,
    readonly columnsOf: ColumnsOf
  ) {}

  add(text: string): void {
    const end = text.lastIndexOf('\n');
    if (end < 0) {
      this.#rest.push(text);
      return;
    }
    this.#takeLines([...this.#rest, text.slice(0, end)].join('').split('\n'));
    this.#rest = [text.slice(end + 1)];
  }

  end(): void {
    this.#takeLines(this.#rest.join('').split('\n'));
  }

  #takeLines(lines: readonly string[]): void {
    const objects: Record<string, unknown>[] = [];
    for (const line of lines) {
      const row = this.next + objects.length;
      if (line.trim() !== '') objects.push(this.columnsOf(parsed(line, row), row));
    }
    if (objects.length === 0) return;
    const columns = this.#names.map(() => new Array<Cell>(objects.length));
    objects.forEach((object, row) => {
      for (const name of Object.keys(object)) {
        let index = this.#indexes.get(name);
        if (index === undefined) {
          index = this.#names.push(name) - 1;
          this.#indexes.set(name, index);
          columns.push(new Array<Cell>(objects.length));
        }
        (columns[index] as Cell[])[row] = cellOf(object[name], name, this.next + row);
      }
    });
    this.take({ firstRow: this.next, rows: objects.length, columns, names: [...this.#names] });
    this.next += objects.length;
  }
}

function parsed(line: string, row: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    const list = row === 1 && line.startsWith('[');
    const hint = list ? "; of a JSON list, make lines: jq -c '.[]'" : '';
    throw new TableError([`row ${row}: expected one JSON object on a line, got ${preview(line)}${hint}`]);
  }
  if (!isObject(value)) throw new TableError([`row ${row}: expected a JSON object, got ${preview(value)}`]);
  return value;
}

function cellOf(value: unknown, name: string, row: number): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  const expected = 'a number, a text, true, false or null';
  throw new TableError([`row ${row}, column ${name}: expected ${expected}, got ${preview(value)}`]);
}
