import { isObject, preview } from '@modelwatch/contract';
import { TableError, type Batch, type Cell, type Table } from '../../profile/table';
import { textChunks } from './text-file';

/** One object per line, name of a column to its value. A column that a line does not have is missing there. */
export function jsonLinesTable(file: string): Table {
  return {
    hasFixedColumns: false,
    read: async (take, progress, ready) => {
      const lines = new Lines(take);
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

  constructor(readonly take: (batch: Batch) => void) {}

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
    for (const line of lines) if (line.trim() !== '') objects.push(parsed(line, this.next + objects.length));
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
