/** What a profile is made of: a table that is read in batches, column by column. */

/** One value as a file has it. A `bigint` is a whole number of a Parquet file, a `Date` one of its times. */
export type Cell = string | number | bigint | boolean | Date | null | undefined;

/** Some rows that follow one another. */
export interface Batch {
  /** Number of the first row; the first row of a table is 1. */
  readonly firstRow: number;
  readonly rows: number;
  /** One for each column, in the order of `names`. */
  readonly columns: readonly (readonly Cell[])[];
  /** Names of the columns; a later batch may have more at the end. */
  readonly names: readonly string[];
}

/** A table that can be read more than once. */
export interface Table {
  /** The first batch has every column; otherwise a later one may bring more. */
  readonly hasFixedColumns: boolean;
  /** Columns that it cannot give; known after a reading. */
  readonly leftOut?: readonly { readonly column: string; readonly reason: string }[];
  /**
   * Gives every batch in order. `progress` is told the share of the table that was read, 0 to 1. `ready` is waited for
   * now and then, by whoever takes more time for a batch than reading it does. @throws TableError
   */
  readonly read: (
    take: (batch: Batch) => void,
    progress: (share: number) => void,
    ready?: () => Promise<void>
  ) => Promise<void>;
}

/** What is wrong with a table or with what was asked of it, one sentence per problem. */
export class TableError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'TableError';
  }
}
