import type { Table } from '../../profile/table';
import { csvTable } from './csv';
import { jsonLinesTable } from './json-lines';
import { parquetTable } from './parquet';

/** How a table is written. */
export const TABLE_FORMATS = ['csv', 'json-lines', 'parquet'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

const ENDINGS: readonly (readonly [RegExp, TableFormat])[] = [
  [/\.(csv|tsv|txt)(\.gz)?$/i, 'csv'],
  [/\.(parquet|pq)$/i, 'parquet'],
  [/\.(jsonl|ndjson|json)(\.gz)?$/i, 'json-lines'],
];

/** The format that a file's name tells, or undefined. */
export function formatOf(file: string): TableFormat | undefined {
  return ENDINGS.find(([ending]) => ending.test(file))?.[1];
}

/** @param delimiter between the cells of a CSV file; without one a comma, or a tab in a `.tsv` */
export function openTable(file: string, format: TableFormat, delimiter: string | undefined): Table {
  if (format === 'json-lines') return jsonLinesTable(file);
  if (format === 'parquet') return parquetTable(file);
  return csvTable(file, delimiter ?? (/\.tsv(\.gz)?$/i.test(file) ? '\t' : ','));
}
