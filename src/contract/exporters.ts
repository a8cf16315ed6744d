import { callsIn, type Expression, lvalueText, visitExpressions } from '../c/index.js';
import { type FunctionRef, folderOf, functionsIn, isBelow, originsOf, type World } from '../program/index.js';
import type { Dialect } from './dialect.js';
import { findInvalidations } from './invalidation.js';
import type { Exporter, Invalidation } from './model.js';
import { isTestCode, type NotAnalysed, type Place, placeOf } from './places.js';
import { pinPolicyOf, rejectionOf, requiresPeer2peer } from './refusal.js';
import { assignedMembers, type Embedders, functionFor, isSet, type OpsTable } from './tables.js';

/** Builds the exporters of a tree from its ops tables. */
export function buildExporters(
  world: World,
  dialect: Dialect,
  tables: readonly OpsTable[],
  embedders: Embedders,
): { readonly exporters: readonly Exporter[]; readonly problems: readonly NotAnalysed[] } {
  const { byTable, problems } = findInvalidations(world, dialect, tables);
  const exporters = tables.map((table): Exporter => {
    const invalidations: readonly Invalidation[] = byTable.get(table) ?? [];
    const revocations = invalidations.filter((invalidation) => invalidation.revokes !== null);
    const pinPolicy = pinPolicyOf(world, dialect, table);
    const rejection = rejectionOf(world, dialect, table, pinPolicy);
    return {
      table,
      place: placeOf(world, table.path, table.at, table.local),
      pin: functionFor(table, 'pin'),
      unpin: functionFor(table, 'unpin'),
      pinPolicy,
      requiresPeer2peer: requiresPeer2peer(world, table),
      invalidations,
      revokes: revocations.length > 0,
      rejectsNonRevocable: rejection !== null,
      rejection,
      waitsForFences: revocations.length > 0 ? revocations.every((one) => one.waitsForFences) : null,
      waitsForUnmap: revocations.length > 0 ? revocations.every((one) => one.waitsForUnmap) : null,
      exportSites: exportSites(world, table),
      completedMembers: completedMembers(world, table, embedders),
      isTest: isTestCode(table.path),
    };
  });
  return { exporters, problems };
}

/** Assignments of the table to a field called `ops`: `exp_info.ops = &x`, `buf->ops = &x.ops`. */
function exportSites(world: World, table: OpsTable): readonly Place[] {
  const address = ['&\\s*' + table.name.replace(/[[.].*/, ''), ...table.memberPath].join('\\s*\\.\\s*');
  const pattern = new RegExp(`\\bops\\s*=\\s*${address}\\b(?!\\s*\\.)`, 'g');
  const places: Place[] = [];
  for (const path of world.program.candidates) {
    if (table.isStatic && !world.program.translationUnit(table.path).includes(path)) continue;
    const file = world.program.file(path);
    for (const match of file?.code.matchAll(pattern) ?? []) {
      const inside = functionsIn(world.program, path).find(({ outline }) => outline.start <= match.index && match.index < outline.end);
      places.push(placeOf(world, path, match.index, inside ?? null));
    }
  }
  return places;
}

/**
 * Members that are assigned to a copy of the table: vmwgfx's `tdev->ops = *ops; tdev->ops.release = f`. Null where it
 * is never copied. The table may be handed down as a parameter first.
 */
function completedMembers(world: World, table: OpsTable, embedders: Embedders): readonly string[] | null {
  const holders = new Set([...embedders.values()].flat().flatMap((path) => path.slice(-1)));
  let copied: string[] | null = null;
  for (const path of world.program.candidates) {
    const file = world.program.file(path);
    if (!file || !/=\s*\*\s*\w+\s*;|=\s*\w+\s*;/.test(file.code)) continue;
    for (const ref of functionsIn(world.program, path)) {
      const code = file.code.slice(ref.outline.bodyStart, ref.outline.end);
      if (![...holders].some((holder) => new RegExp(`\\b${holder}\\s*=\\s*\\*?\\s*\\w+\\s*;`).test(code)) && !code.includes(table.name)) continue;
      for (const target of copiesIn(world, ref, table)) {
        copied ??= [];
        copied.push(...assignedMembers(world.program.lower(ref), target).filter((member) => !member.isNull).map((member) => member.field));
      }
    }
  }
  return copied;
}

/** The lvalues that a function makes copies of the table. */
function copiesIn(world: World, ref: FunctionRef, table: OpsTable): readonly string[] {
  const unit = world.program.lower(ref);
  const targets: string[] = [];
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || expression.operator !== '=') return;
    const { value } = expression;
    const target = lvalueText(expression.target);
    if (target === null) return;
    const byValue = value.kind === 'name' && value.name === table.name;
    const byPointer = value.kind === 'unary' && value.operator === '*' && pointsTo(world, ref, value.operand, table, 4);
    if (byValue || byPointer) targets.push(target);
  });
  for (const { call, name } of callsIn(unit.body)) {
    const [target, source] = call.arguments;
    if (name !== 'memcpy' || !target || !source || !pointsTo(world, ref, source, table, 4)) continue;
    const text = lvalueText(target.kind === 'unary' && target.operator === '&' ? target.operand : target);
    if (text !== null) targets.push(text);
  }
  return targets;
}

function pointsTo(world: World, ref: FunctionRef, value: Expression, table: OpsTable, depth: number): boolean {
  return originsOf(world.program.lower(ref), value).some((origin) => {
    if (origin.kind === 'address') return origin.name === table.name && origin.path.join('.') === table.memberPath.join('.');
    if (origin.kind !== 'parameter' || origin.path.length > 0 || depth === 0) return false;
    return world.references.callersOf(ref).some(({ caller, call }) => {
      const handed = call.arguments[origin.index];
      return handed !== undefined && pointsTo(world, caller, handed, table, depth - 1);
    });
  });
}

/** Whether an exporter's table has an op, in itself or in the copy that is exported. */
export function hasOp(exporter: Exporter, field: string): boolean {
  return isSet(exporter.table, field) || (exporter.completedMembers?.includes(field) ?? false);
}

/** The exporters whose module a file belongs to, the nearest folder first. */
export function nearestTables(tables: readonly OpsTable[], path: string): readonly OpsTable[] {
  const same = tables.filter((table) => table.path === path);
  if (same.length > 0) return same;
  for (let folder = folderOf(path); folder.includes('/'); folder = folderOf(folder)) {
    const near = tables.filter((table) => isBelow(table.path, folder));
    if (near.length > 0) return near;
  }
  return [];
}
