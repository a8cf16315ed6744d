// Where does the tree notify importers, and for which exporters?

import { dmaBufCore, functionsWithRole } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import type { Dialect } from '../documents/dialect.js';
import type { Invalidation } from '../model/revocation.js';
import type { MissingParts } from '../partial/missing-parts.js';
import { type NotAnalysed, placeOf } from '../places.js';
import type { OpsTable } from '../tables/ops-table.js';
import { tablesForBuffer } from './buffers-structure.js';
import { classifyNotify } from './notify-nature.js';
import { ownersOf } from './notify-owner.js';

/**
 * Finds every call of the notify function, with the exporters for which it acts and what it does.
 * @returns the calls of each exporter's table, and the calls that belong to none
 */
export function findInvalidations(
  codebase: Codebase,
  dialect: Dialect,
  tables: readonly OpsTable[],
  missing: MissingParts,
): { readonly byTable: ReadonlyMap<OpsTable, readonly Invalidation[]>; readonly problems: readonly NotAnalysed[] } {
  const byTable = new Map<OpsTable, Invalidation[]>();
  const problems: NotAnalysed[] = [];
  const names = [...new Set([dialect.notify, ...functionsWithRole('notify')])];
  for (const path of codebase.program.candidates) {
    if (path === dmaBufCore) continue;
    for (const name of names)
      for (const { inside, at, isCall } of codebase.references.of(name, [path])) {
        if (!inside || !isCall || at < inside.outline.bodyStart) continue;
        const place = placeOf(codebase, path, at, inside);
        const owners = tablesForBuffer(codebase, inside, at, ownersOf(codebase, missing, inside, tables));
        if (owners.length === 0)
          problems.push({
            file: path,
            line: place.line,
            function: place.function,
            reason: `the exporter of this call of ${name}() was not found`,
          });
        for (const table of owners) {
          const known = byTable.get(table) ?? [];
          known.push({ place, at, ...classifyNotify(codebase, inside, at, table) });
          byTable.set(table, known);
        }
      }
  }
  return { byTable, problems };
}
