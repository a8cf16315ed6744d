import type { PhrasingContent } from 'mdast';

/** A row of a generated table, or an item of a generated list. */
export interface FactRow {
  /** Rows are sorted by it, and two rows with one key are the same row. */
  readonly key: string;
  readonly cells: readonly (readonly PhrasingContent[])[];
}

/** Sorts rows by their keys and drops repeated ones. */
export function sortedRows(rows: readonly FactRow[]): readonly FactRow[] {
  const different = [...new Map(rows.map((row) => [row.key, row])).values()];
  return different.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
}
