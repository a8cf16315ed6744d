// Which mapping types does an exporter offer?

import { callsIn, visitExpressions } from '../../c/index.js';
import { matchOp } from '../../kernel/index.js';
import { type FunctionRef, functionsIn } from '../../program/index.js';
import type { MappingTypes } from '../model/mapping-types.js';
import { isSet, membersFor, type OpsTable, opFunction } from '../tables/ops-table.js';
import { alternatives, nothing, readList } from './lists.js';
import type { MappingReader } from './mapping-dialect.js';
import { type Bound, calleeScope, type Scope, scopeOf } from './scope.js';

/** The mapping types that an exporter offers: those of its op, of a list in its ops, or those that the core offers for it. */
export function exporterTypes(reader: MappingReader, table: OpsTable): MappingTypes {
  const { codebase, dialect } = reader;
  const lists = dialect.listMembers.flatMap((member) => membersFor(table, member)).filter(({ isNull }) => !isNull);
  if (lists.length > 0)
    return alternatives(
      lists.map(({ value }) => readList(reader, { expression: value, scope: scopeOf(table.path, table.local) })),
    );
  if (!isSet(table, matchOp)) return offeredByCore(reader);
  const ref = opFunction(codebase, table, matchOp);
  if (!ref) return nothing(`its ${matchOp} is not in the tree`);
  const passed = passedLists(reader, scopeOf(ref.path, ref));
  return passed.length === 0
    ? nothing(`${ref.outline.name}() passes no list that can be followed`)
    : alternatives(passed.map((list) => readList(reader, list)));
}

/** The lists that a function, or a helper of it, passes to the core. */
function passedLists(reader: MappingReader, scope: Scope): readonly Bound[] {
  const { codebase, dialect } = reader;
  if (!scope.ref || scope.depth > deepest) return [];
  return callsIn(codebase.program.lower(scope.ref).body).flatMap(({ call, name }): readonly Bound[] => {
    if (name === null) return [];
    const index = dialect.takers.get(name);
    const list = index === undefined ? undefined : call.arguments[index];
    if (list) return [{ expression: list, scope }];
    const callee = index === undefined ? calleeScope(reader, { expression: call, scope }) : undefined;
    return callee && !dialect.core.includes(callee.path) ? passedLists(reader, callee) : [];
  });
}

const deepest = 3;

/** What the core offers for an exporter that says nothing: the list that it takes where it asks for the op. */
function offeredByCore(reader: MappingReader): MappingTypes {
  const asking = reader.dialect.core.flatMap((path) =>
    functionsIn(reader.codebase.program, path).filter((ref) => asksForOp(reader, ref)),
  );
  const lists = asking.flatMap((ref) =>
    callsIn(reader.codebase.program.lower(ref).body).flatMap(({ call, name }) => {
      const index = name === null ? undefined : reader.dialect.takers.get(name);
      const list = index === undefined ? undefined : call.arguments[index];
      return list ? [readList(reader, { expression: list, scope: scopeOf(ref.path, ref) })] : [];
    }),
  );
  return lists.length === 0
    ? nothing(`it has no ${matchOp}, and the core shows no list for such an exporter`)
    : alternatives(lists);
}

function asksForOp({ codebase }: MappingReader, ref: FunctionRef): boolean {
  let asks = false;
  visitExpressions(codebase.program.lower(ref).body, (expression) => {
    asks ||= expression.kind === 'member' && expression.member === matchOp;
  });
  return asks;
}
