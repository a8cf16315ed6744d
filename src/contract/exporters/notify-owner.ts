// For which exporters does a notify call act?

import { type Codebase, type FunctionRef, folderOf, isBelow } from '../../program/index.js';
import type { OpsTable } from '../tables/ops-table.js';

/**
 * Returns the tables of the exporters for which a notify call acts: those that its function compares `dmabuf->ops` with,
 * or else those nearest to its file.
 * @param ref the function that calls
 */
export function ownersOf(codebase: Codebase, ref: FunctionRef, tables: readonly OpsTable[]): readonly OpsTable[] {
  const compared = comparedTables(codebase, ref, tables);
  return compared.length > 0 ? compared : nearestTables(tables, ref.path);
}

function comparedTables(codebase: Codebase, ref: FunctionRef, tables: readonly OpsTable[]): readonly OpsTable[] {
  const file = codebase.program.file(ref.path);
  const code = file?.code.slice(ref.outline.bodyStart, ref.outline.end) ?? '';
  return tables.filter(
    (table) =>
      codebase.program.translationUnit(table.path).includes(ref.path) &&
      new RegExp(`\\bops\\s*[!=]=\\s*&\\s*${[table.name, ...table.memberPath].join('\\s*\\.\\s*')}\\b`).test(code),
  );
}

/** The tables of the same file, or else of the nearest folder above it that has any. */
function nearestTables(tables: readonly OpsTable[], path: string): readonly OpsTable[] {
  const same = tables.filter((table) => table.path === path);
  if (same.length > 0) return same;
  for (let folder = folderOf(path); folder.includes('/'); folder = folderOf(folder)) {
    const near = tables.filter((table) => isBelow(table.path, folder));
    if (near.length > 0) return near;
  }
  return [];
}
