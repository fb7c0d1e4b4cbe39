import type { DataFrame } from '@grafana/data';

/**
 * The rows of a table from our data source, decoded.
 * @param fields names of columns, by how the row calls them
 * @throws DecodeError naming frame, row and field
 */
export function rowsOf<T>(
  frame: DataFrame,
  kind: string,
  fields: Readonly<Record<string, string>>,
  one: (value: unknown, path: string) => T
): T[] {
  const byName = new Map(frame.fields.map(({ name, values }) => [name, values as readonly unknown[]]));
  const entries = Object.entries(fields).map(([key, name]) => [key, byName.get(name)] as const);
  return Array.from({ length: frame.length }, (_, index) =>
    one(Object.fromEntries(entries.map(([key, values]) => [key, values?.[index]])), `${kind}, row ${index + 1}`)
  );
}
