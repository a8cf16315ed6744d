// Which exporters does the tree have, and what do they do?

import { type Codebase, functionAt } from '../../program/index.js';
import type { Dialect } from '../documents/dialect.js';
import type { TypedOps } from '../mapping-types/mapping-types.js';
import { freedPastCount } from '../mappings/freed-past-count.js';
import { outlivedPrivate } from '../mappings/outlived.js';
import { undoingsOf } from '../mappings/undoing.js';
import type { Exporter, MapAfterRevoke } from '../model/exporter.js';
import type { Invalidation } from '../model/revocation.js';
import type { MissingParts } from '../partial/missing-parts.js';
import { type NotAnalysed, type Place, placeOf } from '../places.js';
import type { FoundTables } from '../tables/find-tables.js';
import { functionFor, isSet, type OpsTable } from '../tables/ops-table.js';
import { isTestCode } from '../test-code.js';
import { findInvalidations } from './invalidation.js';
import { mapAfterRevoke } from './map-refusal.js';
import { nullMapOf } from './null-map.js';
import { pinMoveOf } from './pin-move.js';
import { alwaysFails, peerToPeerCheckOf, pinPolicyOf, rejectionOf } from './refusal.js';
import { completedMembers, findCopies } from './table-copies.js';

/** The ops tables of exporters, each with what it says about mapping types. */
interface ExporterTables extends FoundTables {
  readonly ofTypes: ReadonlyMap<OpsTable, TypedOps>;
}

/**
 * Builds the exporters of a tree from its ops tables.
 * @returns the exporters in the order of their tables, and the notify calls that belong to none
 */
export function buildExporters(
  codebase: Codebase,
  dialect: Dialect,
  { tables, containers, ofTypes }: ExporterTables,
  missing: MissingParts,
): { readonly exporters: readonly Exporter[]; readonly problems: readonly NotAnalysed[] } {
  const { byTable, problems } = findInvalidations(codebase, dialect, tables, missing);
  const copies = findCopies(codebase, tables, containers);
  const exporters = tables.map((table): Exporter => {
    const invalidations: readonly Invalidation[] = byTable.get(table) ?? [];
    const revocations = invalidations.filter((invalidation) => invalidation.revokes !== null);
    const { types, byType } = ofTypes.get(table) ?? { types: null, byType: [table] };
    const part = missing.around(table.path);
    const pinPolicy = pinPolicyOf(codebase, dialect, table);
    const peerToPeerCheck = ofAllTypes(byType, (ops) => peerToPeerCheckOf(codebase, ops));
    const rejection = rejectionOf(codebase, dialect, table, pinPolicy);
    return {
      table,
      place: placeOf(codebase, table.path, table.at, table.local),
      pin: functionFor(table, 'pin'),
      unpin: functionFor(table, 'unpin'),
      pinPolicy,
      requiresPeer2peer: peerToPeerCheck !== null,
      peerToPeerCheck,
      alwaysFails: ofAllTypes(byType, (ops) => alwaysFails(codebase, ops)),
      invalidations,
      revokes: revocations.length > 0,
      rejectsNonRevocable: rejection !== null,
      rejection,
      ...waitsAfter(invalidations, revocations, part !== null),
      missing: part,
      mapAfterRevoke:
        revocations.length > 0 ? worstMap(byType.map((ops) => mapAfterRevoke(codebase, ops, revocations))) : null,
      nullMap: byType.map((ops) => nullMapOf(codebase, ops)).find((one) => one !== null) ?? null,
      undoings: byType.flatMap((ops) => undoingsOf(codebase, ops)),
      outlived: outlivedPrivate(codebase, table) ?? freedPastCount(codebase, table),
      pinMove: pinPolicy === 'refuses-all' ? null : pinMoveOf(codebase, table),
      exportSites: exportSites(codebase, table),
      completedMembers: completedMembers(codebase, copies, table),
      mappingTypes: types,
      isTest: isTestCode(codebase, table.path),
    };
  });
  return { exporters, problems };
}

/** What holds for the map of every mapping type. */
function ofAllTypes<T>(byType: readonly OpsTable[], ask: (ops: OpsTable) => T | null): T | null {
  const answers = byType.map(ask);
  return answers.includes(null) ? null : (answers[0] ?? null);
}

const mapVerdicts: readonly MapAfterRevoke['verdict'][] = ['maps', 'unknown', 'refuses', 'always-fails'];

/** The worst of what the maps of the types do after a revoke. */
function worstMap(answers: readonly (MapAfterRevoke | null)[]): MapAfterRevoke | null {
  const known = answers.flatMap((one) => one ?? []);
  const rank = ({ verdict }: MapAfterRevoke): number => mapVerdicts.indexOf(verdict);
  return [...known].sort((one, other) => rank(one) - rank(other))[0] ?? null;
}

/** What an exporter waits for after it notifies; null where the code does not show it. A missing part may wait. */
function waitsAfter(
  invalidations: readonly Invalidation[],
  revocations: readonly Invalidation[],
  isPartial: boolean,
): Pick<Exporter, 'waitsForFences' | 'waitsForUnmap'> {
  const allOf = (holds: (one: Invalidation) => boolean): boolean | null =>
    revocations.length === 0 ? null : revocations.every(holds) || (isPartial ? null : false);
  const moves = invalidations.length > 0 && revocations.length === 0;
  // A mover may leave the wait to the scheduler, so code without a wait proves nothing.
  if (moves)
    return {
      waitsForFences: invalidations.some((one) => one.waitsForFences) ? true : null,
      waitsForUnmap: isPartial ? null : false,
    };
  return { waitsForFences: allOf((one) => one.waitsForFences), waitsForUnmap: allOf((one) => one.waitsForUnmap) };
}

/** The assignments of the table to a field called `ops`: `exp_info.ops = &x`, `buf->ops = &x.ops`. */
function exportSites(codebase: Codebase, table: OpsTable): readonly Place[] {
  const address = [`&\\s*${table.name.replace(/[[.].*/, '')}`, ...table.memberPath].join('\\s*\\.\\s*');
  const pattern = new RegExp(`\\bops\\s*=\\s*${address}\\b(?!\\s*\\.)`, 'g');
  const places: Place[] = [];
  const visible = table.isStatic
    ? codebase.program.translationUnit(table.path)
    : codebase.program.candidatesWith(new RegExp(pattern.source));
  for (const path of visible) {
    const file = codebase.program.file(path);
    for (const match of file?.code.matchAll(pattern) ?? []) {
      const inside = functionAt(codebase.program, path, match.index);
      places.push(placeOf(codebase, path, match.index, inside ?? null));
    }
  }
  return places;
}

/** Returns whether an exporter's table has an op, in itself or in the copy that is exported. */
export function hasOp(exporter: Exporter, field: string): boolean {
  return isSet(exporter.table, field) || (exporter.completedMembers?.includes(field) ?? false);
}
