import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { TableError, type Batch, type Table } from '../../profile/table';
import { textChunks } from './text-file';

/** A table with a header row, as RFC 4180 has it: quotes, quotes doubled within them, line ends of either kind. */
export function csvTable(file: string, delimiter: string): Table {
  return {
    hasFixedColumns: true,
    read: async (take, progress, ready) => {
      const rows = new CsvRows(delimiter, take);
      const chunks = textChunks(file, progress, () => rows.next, ready);
      await parse(Readable.from(chunks), delimiter, (results) => rows.add(results));
      if (rows.header === undefined) throw new TableError(['expected a header row, got an empty file']);
    },
  };
}

/** Papa calls back from an event: what is thrown there would end the process. */
function parse(text: Readable, delimiter: string, add: (results: Papa.ParseResult<string[]>) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: unknown;
    const done = () => (failure === undefined ? resolve() : reject(failure as Error));
    Papa.parse<string[]>(text, {
      delimiter,
      chunk: (results, parser) => {
        if (failure !== undefined) return;
        try {
          add(results);
        } catch (error) {
          failure = error ?? new Error('no error was told');
          parser.abort();
          text.destroy();
        }
      },
      complete: done,
      error: reject,
    });
  });
}

class CsvRows {
  header: readonly string[] | undefined;
  /** The row that is read next; the header is 0. */
  next = 0;

  constructor(
    readonly delimiter: string,
    readonly take: (batch: Batch) => void
  ) {}

  add({ data, errors }: Papa.ParseResult<string[]>): void {
    const [error] = errors;
    if (error) {
      const row = this.next + (error.row ?? 0);
      throw new TableError([`row ${row}: expected quotes around a whole cell, got ${error.message.toLowerCase()}`]);
    }
    let rows: readonly string[][] = data;
    if (this.header === undefined) {
      const [first] = data;
      if (first === undefined) return;
      this.header = headerOf(first, this.delimiter);
      this.next = 1;
      rows = data.slice(1);
    }
    this.#takeRows(rows.filter((row) => row.length > 1 || row[0] !== ''));
  }

  #takeRows(rows: readonly string[][]): void {
    if (rows.length === 0) return;
    const names = this.header ?? [];
    const width = names.length;
    const columns = names.map(() => new Array<string>(rows.length));
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index] as string[];
      if (row.length !== width) {
        const expected = `expected ${width} cells as in the header, got ${row.length}`;
        throw new TableError([`row ${this.next + index}: ${expected}`]);
      }
      for (let column = 0; column < width; column++) (columns[column] as string[])[index] = row[column] as string;
    }
    this.take({ firstRow: this.next, rows: rows.length, columns, names });
    this.next += rows.length;
  }
}

function headerOf(cells: readonly string[], delimiter: string): readonly string[] {
  const twice = cells.filter((name, index) => name !== '' && cells.indexOf(name) !== index);
  if (twice.length > 0) {
    throw new TableError(twice.map((name) => `header: expected each column once, got ${JSON.stringify(name)} again`));
  }
  const other = [';', '\t', '|', ','].find((mark) => mark !== delimiter && (cells[0] ?? '').includes(mark));
  if (cells.length === 1 && other !== undefined) {
    const flag = other === '\t' ? '--delimiter tab' : `--delimiter '${other}'`;
    throw new TableError([
      `header: expected columns apart by ${JSON.stringify(delimiter)}, got one column; say ${flag}`,
    ]);
  }
  return cells;
}
