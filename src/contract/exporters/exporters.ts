import {
  callsIn,
  type Expression,
  type FunctionUnit,
  lvalueText,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { type Codebase, type FunctionRef, folderOf, functionAt, isBelow, originsOf } from '../../program/index.js';
import type { Dialect } from '../documents/dialect.js';
import type { Exporter, Invalidation } from '../model.js';
import { isTestCode, type NotAnalysed, type Place, placeOf } from '../places.js';
import { assignedMembers, type Embedders, functionFor, isSet, type OpsTable } from '../tables/tables.js';
import { findInvalidations } from './invalidation.js';
import { mapAfterRevoke } from './map-refusal.js';
import { pinMoveOf } from './pin-move.js';
import { peerToPeerCheckOf, pinPolicyOf, rejectionOf } from './refusal.js';

/** Builds the exporters of a tree from its ops tables. */
export function buildExporters(
  codebase: Codebase,
  dialect: Dialect,
  tables: readonly OpsTable[],
  embedders: Embedders,
): { readonly exporters: readonly Exporter[]; readonly problems: readonly NotAnalysed[] } {
  const { byTable, problems } = findInvalidations(codebase, dialect, tables);
  const copies = findCopies(codebase, tables, embedders);
  const exporters = tables.map((table): Exporter => {
    const invalidations: readonly Invalidation[] = byTable.get(table) ?? [];
    const revocations = invalidations.filter((invalidation) => invalidation.revokes !== null);
    const moves = invalidations.length > 0 && revocations.length === 0;
    const pinPolicy = pinPolicyOf(codebase, dialect, table);
    const peerToPeerCheck = peerToPeerCheckOf(codebase, table);
    const rejection = rejectionOf(codebase, dialect, table, pinPolicy);
    return {
      table,
      place: placeOf(codebase, table.path, table.at, table.local),
      pin: functionFor(table, 'pin'),
      unpin: functionFor(table, 'unpin'),
      pinPolicy,
      requiresPeer2peer: peerToPeerCheck !== null,
      peerToPeerCheck,
      invalidations,
      revokes: revocations.length > 0,
      rejectsNonRevocable: rejection !== null,
      rejection,
      // A mover may leave the wait to the scheduler: not seeing it says nothing.
      waitsForFences: moves
        ? invalidations.some((one) => one.waitsForFences)
          ? true
          : null
        : allOf(revocations, (one) => one.waitsForFences),
      waitsForUnmap: moves ? false : allOf(revocations, (one) => one.waitsForUnmap),
      mapAfterRevoke: revocations.length > 0 ? mapAfterRevoke(codebase, table, revocations) : null,
      pinMove: pinPolicy === 'refuses-all' ? null : pinMoveOf(codebase, table),
      exportSites: exportSites(codebase, table),
      completedMembers: completedMembers(codebase, copies, table),
      isTest: isTestCode(table.path),
    };
  });
  return { exporters, problems };
}

function allOf(revocations: readonly Invalidation[], holds: (one: Invalidation) => boolean): boolean | null {
  return revocations.length > 0 ? revocations.every(holds) : null;
}

/** Assignments of the table to a field called `ops`: `exp_info.ops = &x`, `buf->ops = &x.ops`. */
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

/** A statement that copies an ops struct by value. */
interface TableCopy {
  readonly ref: FunctionRef;
  /** What is copied from: a table's name, or what follows a `*`. */
  readonly source: Expression;
  readonly byPointer: boolean;
  /** Members that the same function assigns to the copy. */
  readonly members: readonly string[];
}

/** All copies in the tree: vmwgfx's `tdev->ops = *ops; tdev->ops.release = f`, and by memcpy(). */
function findCopies(codebase: Codebase, tables: readonly OpsTable[], embedders: Embedders): readonly TableCopy[] {
  const holders = new Set([...embedders.values()].flat().flatMap((path) => path.slice(-1)));
  const names = new Set(tables.map((table) => table.name));
  const copyPattern = /\b(\w+)\s*=\s*\*?\s*(\w+)\s*;|\bmemcpy\s*\(/g;
  const namesOps = new RegExp(
    `\\b(?:${[...embedders.keys(), ...names].map((name) => name.replace(/\W.*/, '')).join('|')})\\b`,
  );
  const copies: TableCopy[] = [];
  for (const path of codebase.program.candidatesWith(namesOps)) {
    const file = codebase.program.file(path);
    if (!file) continue;
    const found = new Map<number, FunctionRef>();
    for (const match of file.code.matchAll(copyPattern)) {
      const [, target, source] = match;
      if (target !== undefined && !holders.has(target) && !names.has(source ?? '')) continue;
      const ref = functionAt(codebase.program, path, match.index);
      if (ref && namesOps.test(file.code.slice(ref.outline.start, ref.outline.end))) found.set(ref.outline.start, ref);
    }
    for (const ref of found.values()) copies.push(...copiesIn(codebase, ref, [...embedders.keys()]));
  }
  return copies;
}

function copiesIn(codebase: Codebase, ref: FunctionRef, tags: readonly string[]): readonly TableCopy[] {
  const unit = codebase.program.lower(ref);
  const copies: TableCopy[] = [];
  const add = (target: string | null, source: Expression, byPointer: boolean): void => {
    if (target === null) return;
    const members = assignedMembers(unit, target).filter((member) => !member.isNull);
    copies.push({ ref, source, byPointer, members: members.map((member) => member.field) });
  };
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || expression.operator !== '=') return;
    const { value } = expression;
    if (value.kind === 'name') add(lvalueText(expression.target), value, false);
    if (value.kind === 'unary' && value.operator === '*' && isOpsPointer(unit, value.operand, tags))
      add(lvalueText(expression.target), value.operand, true);
  });
  for (const { call, name } of callsIn(unit.body)) {
    const [target, source] = call.arguments;
    if (name === 'memcpy' && target && source && isOpsPointer(unit, source, tags))
      add(lvalueText(target.kind === 'unary' && target.operator === '&' ? target.operand : target), source, true);
  }
  return copies;
}

/** Whether an expression is declared as a pointer to an ops struct, or takes a table's address. */
function isOpsPointer(unit: FunctionUnit, source: Expression, tags: readonly string[]): boolean {
  if (source.kind === 'unary' && source.operator === '&') return true;
  if (source.kind !== 'name') return false;
  const types = unit.parameters
    .filter((parameter) => parameter.name === source.name)
    .map((parameter) => parameter.type);
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'declaration' && statement.name === source.name) types.push(statement.type);
  });
  return types.some((type) => tags.some((tag) => new RegExp(`\\bstruct ${tag}\\b`).test(type)));
}

/** Members that are assigned to a copy of the table, or null where it is never copied. */
function completedMembers(codebase: Codebase, copies: readonly TableCopy[], table: OpsTable): readonly string[] | null {
  const own = copies.filter(({ ref, source, byPointer }) =>
    byPointer ? pointsTo(codebase, ref, source, table, 4) : source.kind === 'name' && source.name === table.name,
  );
  return own.length === 0 ? null : [...new Set(own.flatMap((copy) => copy.members))];
}

function pointsTo(codebase: Codebase, ref: FunctionRef, value: Expression, table: OpsTable, depth: number): boolean {
  return originsOf(codebase.program.lower(ref), value).some((origin) => {
    if (origin.kind === 'address')
      return origin.name === table.name && origin.path.join('.') === table.memberPath.join('.');
    if (origin.kind !== 'parameter' || origin.path.length > 0 || depth === 0) return false;
    return codebase.references.callersOf(ref).some(({ caller, call }) => {
      const handed = call.arguments[origin.index];
      return handed !== undefined && pointsTo(codebase, caller, handed, table, depth - 1);
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
