// Which members does code give to an ops table?

import { type Expression, type FunctionUnit, lvalueText, visitExpressions } from '../../c/index.js';
import { isNullPointer } from '../../kernel/index.js';
import type { MemberNames } from './named-by-macro.js';
import type { TableMember } from './ops-table.js';

/**
 * Reads the members of an ops table from its initialiser.
 * @param fields of the ops struct in order, for positional initialisers
 * @param conditionOf the `#if` around an offset, or null
 */
export function initialisedMembers(
  value: Expression | undefined,
  fields: readonly string[],
  names: MemberNames,
  conditionOf: (at: number) => string | null,
): readonly TableMember[] {
  if (value?.kind !== 'initialiser') return [];
  let next = 0;
  return value.entries.map(names.entryOf).flatMap((entry) => {
    const [written] = entry.designators;
    const designator = written === undefined ? undefined : names.nameOf(written);
    if (designator !== undefined) next = fields.indexOf(designator);
    const field = designator ?? fields[next];
    next++;
    return field === undefined ? [] : [tableMember(field, entry.value, entry.at, conditionOf(entry.at))];
  });
}

const asWritten: Pick<MemberNames, 'nameOf'> = { nameOf: (designator) => designator };

/** Reads the members that a function assigns to a table, as in `x.ops.release = f`. */
export function assignedMembers(
  unit: FunctionUnit,
  table: string,
  names: Pick<MemberNames, 'nameOf'> = asWritten,
): readonly TableMember[] {
  const members: TableMember[] = [];
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || expression.target.kind !== 'member') return;
    if (lvalueText(expression.target.object) === table)
      members.push(tableMember(names.nameOf(expression.target.member), expression.value, expression.at, null));
  });
  return members;
}

/** Returns the part of an initialiser that initialises a nested member; undefined where it leaves that member out. */
export function nestedInitialiser(
  value: Expression | undefined,
  memberPath: readonly string[],
): Expression | undefined {
  const [first, ...rest] = memberPath;
  if (first === undefined || !value) return value;
  if (value.kind !== 'initialiser') return undefined;
  const entries = value.entries.filter((entry) => entry.designators[0] === first);
  const nested = entries.find((entry) => entry.designators.length === 1);
  if (nested) return nestedInitialiser(nested.value, rest);
  // `.ops.pin = x` initialises the inner table from outside.
  const inner = entries.map((entry) => ({ ...entry, designators: entry.designators.slice(1) }));
  return inner.length > 0 ? nestedInitialiser({ kind: 'initialiser', entries: inner, at: value.at }, rest) : undefined;
}

function tableMember(field: string, value: Expression, at: number, condition: string | null): TableMember {
  const bare = withoutAddress(value);
  const isNull = isNullPointer(bare);
  const functionName = bare.kind === 'name' && !isNull ? bare.name : null;
  return { field, value, functionName, isNull, at, condition };
}

function withoutAddress(value: Expression): Expression {
  if (value.kind === 'cast') return withoutAddress(value.operand);
  if (value.kind === 'unary' && value.operator === '&') return withoutAddress(value.operand);
  return value;
}
