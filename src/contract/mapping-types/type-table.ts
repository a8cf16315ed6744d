// Which ops of a mapping type does an exporter's entry name?

import { mapOp, type TypeOps, unmapOp } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import type { TypeTable } from '../model/mapping-types.js';
import { memberNamesIn } from '../tables/named-by-macro.js';
import type { OpsTable, TableMember } from '../tables/ops-table.js';
import { initialisedMembers } from '../tables/table-members.js';
import type { MappingDialect } from './mapping-dialect.js';
import { type Bound, resolved } from './scope.js';

/** The ops that one of the values of an entry is, or points to; null where none does. */
export function typeTable(codebase: Codebase, dialect: MappingDialect, values: readonly Bound[]): TypeTable | null {
  for (const value of values) {
    const found = fromValue(codebase, dialect, value);
    if (found) return found;
  }
  return null;
}

function fromValue(codebase: Codebase, { typeOps }: MappingDialect, bound: Bound): TypeTable | null {
  const { expression, scope } = withoutMembers(resolved(bound));
  if (expression.kind === 'compound-literal') {
    const ops = typeOps.find(({ tag }) => expression.type.includes(`struct ${tag}`));
    const names = memberNamesIn(codebase, scope.path, ops?.fields ?? []);
    return ops
      ? tableOf(
          ops,
          initialisedMembers(expression.value, ops.fields, names, () => null),
        )
      : null;
  }
  if (expression.kind !== 'name') return null;
  const unit = codebase.program.translationUnit(scope.path);
  const isVisible = (table: OpsTable): boolean => unit.includes(table.path) || !table.isStatic;
  for (const ops of typeOps) {
    const table = ops.tables.find((one) => one.name === expression.name && isVisible(one));
    if (table) return tableOf(ops, table.members);
  }
  return null;
}

/** The struct in which the ops are: `x` of `&x.ops`. */
function withoutMembers({ expression, scope }: Bound): Bound {
  if (expression.kind === 'unary' && expression.operator === '&')
    return withoutMembers(resolved({ expression: expression.operand, scope }));
  return expression.kind === 'member' && !expression.arrow
    ? withoutMembers(resolved({ expression: expression.object, scope }))
    : { expression, scope };
}

/** The members of a type's ops in the names of the exporter's ops. */
function tableOf({ map, unmap, isTable }: TypeOps, members: readonly TableMember[]): TypeTable {
  const ours = new Map([
    [map, mapOp],
    [unmap, unmapOp],
  ]);
  return {
    isTable,
    members: members.flatMap((member) => {
      const field = ours.get(member.field);
      return field === undefined ? [] : [{ ...member, field }];
    }),
  };
}
