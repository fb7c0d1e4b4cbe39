import { open, type FileHandle } from 'node:fs/promises';
import type { AsyncBuffer, Compressors, FileMetaData, SchemaTree } from 'hyparquet' with {
  'resolution-mode': 'import',
};
import { TableError, type Batch, type Cell, type Table } from '../../profile/table';

/** Rows given at once; a row group may have a million. */
const SLICE_ROWS = 16_384;

/** Read row group by row group: memory is that of the largest one. Columns of lists and structures are left out. */
export function parquetTable(file: string): Table {
  const leftOut: { column: string; reason: string }[] = [];
  return {
    hasFixedColumns: true,
    leftOut,
    read: async (take, progress, ready) => {
      const handle = await open(file);
      try {
        await readAll(await bufferOf(handle), leftOut, take, progress, ready);
      } finally {
        await handle.close();
      }
    },
  };
}

async function readAll(
  file: AsyncBuffer,
  leftOut: { column: string; reason: string }[],
  take: (batch: Batch) => void,
  progress: (share: number) => void,
  ready?: () => Promise<void>
): Promise<void> {
  // ES modules: loaded only where a Parquet file is read.
  const [{ parquetMetadataAsync, parquetSchema }, { compressors }] = [
    await import('hyparquet'),
    await import('hyparquet-compressors'),
  ];
  const metadata = await parquetMetadataAsync(file).catch(refuse);
  const columns = parquetSchema(metadata).children;
  const plain = columns.filter(isPlain).map(({ element }) => element.name);
  const nested = columns.filter((column) => !isPlain(column));
  leftOut.splice(
    0,
    leftOut.length,
    ...nested.map(({ element: { name } }) => ({ column: name, reason: 'lists or structures' }))
  );
  if (plain.length === 0) throw new TableError(['expected columns of plain values, got none']);
  let row = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rows = Number(num_rows);
    const group = { file, metadata, compressors, columns: plain, rowStart: row, rowEnd: row + rows };
    const cells = await columnsOf(group, plain);
    for (let start = 0; start < rows; start += SLICE_ROWS) {
      const end = Math.min(rows, start + SLICE_ROWS);
      const slices = cells.map((column, index) =>
        checked(slice(column, start, end), plain[index] ?? '', row + start + 1)
      );
      take({ firstRow: row + start + 1, rows: end - start, names: plain, columns: slices });
      await ready?.();
    }
    row += rows;
    progress(row / Number(metadata.num_rows));
  }
}

/** Part of a column: hyparquet gives typed arrays where it can. */
type Piece = ArrayLike<Cell>;

async function columnsOf(
  options: {
    file: AsyncBuffer;
    metadata: FileMetaData;
    compressors: Compressors;
    columns: string[];
    rowStart: number;
    rowEnd: number;
  },
  names: readonly string[]
): Promise<Piece[][]> {
  const { parquetRead } = await import('hyparquet');
  const pieces = new Map<string, { start: number; data: Piece }[]>(names.map((name) => [name, []]));
  const onChunk = ({
    columnName,
    columnData,
    rowStart,
  }: {
    columnName: string;
    columnData: Piece;
    rowStart: number;
  }) => {
    pieces.get(columnName)?.push({ start: rowStart, data: columnData });
  };
  if (options.rowEnd > options.rowStart) await parquetRead({ ...options, onChunk }).catch(refuse);
  return names.map((name) => (pieces.get(name) ?? []).sort((a, b) => a.start - b.start).map(({ data }) => data));
}

function slice(pieces: readonly Piece[], start: number, end: number): Cell[] {
  const cells = new Array<Cell>(end - start);
  let at = 0;
  for (const piece of pieces) {
    const [from, to] = [Math.max(start, at), Math.min(end, at + piece.length)];
    for (let row = from; row < to; row++) cells[row - start] = piece[row - at];
    at += piece.length;
  }
  return cells;
}

/** All values of a column are of one kind: the first one tells. */
function checked(cells: Cell[], name: string, firstRow: number): Cell[] {
  const index = cells.findIndex((cell) => cell !== null && cell !== undefined);
  const value: unknown = cells[index];
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    throw new TableError([
      `row ${firstRow + index}, column ${name}: expected a number, a text, a time or a boolean, got bytes`,
    ]);
  }
  return cells;
}

function isPlain({ children, element }: SchemaTree): boolean {
  return children.length === 0 && element.repetition_type !== 'REPEATED';
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const bytes = new Uint8Array(end - start);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      if (bytesRead < bytes.length)
        throw new TableError(['expected the rest of the file: it was cut while it was read']);
      return bytes.buffer;
    },
  };
}

function refuse(error: unknown): never {
  if (error instanceof TableError) throw error;
  throw new TableError([`expected Parquet: ${error instanceof Error ? error.message : String(error)}`]);
}
