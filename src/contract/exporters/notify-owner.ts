// For which exporters does a notify call act?

import { type Codebase, type FunctionRef, folderOf, isBelow, sameDriver } from '../../program/index.js';
import type { MissingParts } from '../partial/missing-parts.js';
import type { OpsTable } from '../tables/ops-table.js';

/**
 * Returns the tables of the exporters for which a notify call acts: those that its function compares `dmabuf->ops` with,
 * or else those nearest to its file.
 * @param ref the function that calls
 */
export function ownersOf(
  codebase: Codebase,
  missing: MissingParts,
  ref: FunctionRef,
  tables: readonly OpsTable[],
): readonly OpsTable[] {
  const compared = comparedTables(codebase, ref, tables);
  if (compared.length > 0) return compared;
  // The table may stand in the part that is missing: those of other drivers are not meant.
  const own = missing.around(ref.path) ? tables.filter((table) => sameDriver(table.path, ref.path)) : tables;
  return nearestTables(own, ref.path);
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

/** The tables of the same file, or else of the nearest folder above it that has any. A folder of many drivers is too far. */
function nearestTables(tables: readonly OpsTable[], path: string): readonly OpsTable[] {
  const same = tables.filter((table) => table.path === path);
  if (same.length > 0) return same;
  for (let folder = folderOf(path); isInDriver(folder); folder = folderOf(folder)) {
    const near = tables.filter((table) => isBelow(table.path, folder));
    if (near.length > 0) return near;
  }
  return [];
}

/** Whether a folder belongs to a driver: `drivers/gpu/drm` and `drivers/misc` hold many. */
function isInDriver(folder: string): boolean {
  return folder.split('/').length > (folder.startsWith('drivers/gpu/') ? 3 : 2);
}
