import React from 'react';
import { useStyles2 } from '@grafana/ui';
import { getTableStyles } from './tableStyles';

/** A missing value: shown as a dash, read as a word. */
export function Missing() {
  return (
    <span role="img" aria-label="unknown">
      –
    </span>
  );
}

interface TableProps {
  readonly name: string;
  readonly heads: readonly string[];
  /** Heads of columns that hold words, not numbers. */
  readonly words: readonly string[];
  readonly children: React.ReactNode;
}

/** The numbers of a drawing as a table that scrolls inside of the panel. */
export function DataTable({ name, heads, words, children }: TableProps) {
  const styles = useStyles2(getTableStyles);
  return (
    <div className={styles.scroll} role="region" aria-label={name} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col" className={words.includes(head) ? undefined : styles.numeric}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
