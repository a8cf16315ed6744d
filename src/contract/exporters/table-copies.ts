// Which tables does code copy by value, and which members does it set on the copy?

import { callsIn, type Expression, type FunctionUnit, lvalueText, visitExpressions } from '../../c/index.js';
import { type Codebase, type FunctionRef, originsOf } from '../../program/index.js';
import type { ContainingStructs } from '../tables/containing-structs.js';
import { declaredTypes } from '../tables/declared-types.js';
import { functionsMatching } from '../tables/functions-matching.js';
import type { OpsTable } from '../tables/ops-table.js';
import { assignedMembers } from '../tables/table-members.js';

/** A statement that copies an ops struct by value. */
interface TableCopy {
  readonly ref: FunctionRef;
  /** The expression copied: a table's name, or the pointer behind a `*`. */
  readonly source: Expression;
  readonly byPointer: boolean;
  /** The members that the same function sets on the copy. */
  readonly members: readonly string[];
}

/** Finds all copies in the tree: `tdev->ops = *ops; tdev->ops.release = f` in vmwgfx, and those by memcpy(). */
export function findCopies(
  codebase: Codebase,
  tables: readonly OpsTable[],
  containers: ContainingStructs,
): readonly TableCopy[] {
  const holders = new Set([...containers.values()].flat().flatMap((path) => path.slice(-1)));
  const names = new Set(tables.map((table) => table.name));
  const copyPattern = /\b(\w+)\s*=\s*\*?\s*(\w+)\s*;|\bmemcpy\s*\(/g;
  const namesOps = new RegExp(
    `\\b(?:${[...containers.keys(), ...names].map((name) => name.replace(/\W.*/, '')).join('|')})\\b`,
  );
  const mayCopy = ([, target, source]: RegExpMatchArray): boolean =>
    target === undefined || holders.has(target) || names.has(source ?? '');
  return codebase.program.candidatesWith(namesOps).flatMap((path) => {
    const code = codebase.program.file(path)?.code ?? '';
    return functionsMatching(codebase, path, copyPattern, mayCopy)
      .filter(({ outline }) => namesOps.test(code.slice(outline.start, outline.end)))
      .flatMap((ref) => copiesIn(codebase, ref, [...containers.keys()]));
  });
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

/** Whether an expression takes an address, or is declared as a pointer to an ops struct. */
function isOpsPointer(unit: FunctionUnit, source: Expression, tags: readonly string[]): boolean {
  if (source.kind === 'unary' && source.operator === '&') return true;
  if (source.kind !== 'name') return false;
  return declaredTypes(unit, source.name).some((type) =>
    tags.some((tag) => new RegExp(`\\bstruct ${tag}\\b`).test(type)),
  );
}

/** Returns the members that code sets on copies of a table, or null where nothing copies it. */
export function completedMembers(
  codebase: Codebase,
  copies: readonly TableCopy[],
  table: OpsTable,
): readonly string[] | null {
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
      const passed = call.arguments[origin.index];
      return passed !== undefined && pointsTo(codebase, caller, passed, table, depth - 1);
    });
  });
}
