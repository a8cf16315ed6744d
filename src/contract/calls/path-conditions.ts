// Under which conditions does a point in the program run?

import {
  type Expression,
  expressionsOf,
  type FunctionUnit,
  type Statement,
  subexpressions,
  visitStatements,
} from '../../c/index.js';
import { isHarmless } from '../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import { macroMembers } from '../tables/state-members.js';
import type { CodeEvent } from './calls-in-order.js';
import { visitThroughLocals } from './local-values.js';
import type { ProgramPoint } from './program-point.js';

/**
 * Returns the tests that decide whether the code at a point runs: those of the statements around it, and those before
 * it of which a branch leaves.
 * @param from tests at this offset or before are left out, unless they stand around the point
 */
export function pathConditions(
  codebase: Codebase,
  { ref, at, around }: ProgramPoint,
  from = -1,
): readonly Expression[] {
  const tests: Expression[] = around.flatMap((outer) =>
    outer.kind === 'if' || outer.kind === 'while' ? [outer.test] : outer.kind === 'switch' ? [outer.subject] : [],
  );
  const { body } = codebase.program.lower(ref);
  visitStatements(body, (statement, outer) => {
    if (statement.kind !== 'if' || statement.at >= at || statement.at <= from || around.includes(statement)) return;
    if (!outer.every((one) => around.includes(one))) return;
    if (leaves(statement.then, body, at) || leaves(statement.otherwise, body, at)) tests.push(statement.test);
  });
  return tests;
}

/** Whether a branch ends with a jump past an offset. */
function leaves(branch: readonly Statement[], body: readonly Statement[], past: number): boolean {
  const last = branch.at(-1);
  if (!last) return false;
  if (last.kind === 'block') return leaves(last.body, body, past);
  if (last.kind === 'goto') return labelAt(body, last.label) > past;
  return last.kind === 'return' || last.kind === 'continue' || last.kind === 'break';
}

function labelAt(body: readonly Statement[], name: string): number {
  let found = Number.POSITIVE_INFINITY;
  visitStatements(body, (statement) => {
    if (statement.kind === 'label' && statement.name === name) found = statement.at;
  });
  return found;
}

/** Returns whether an event stands in the other branch of an `if` than a point, so that one path runs only one of them. */
export function isInOtherBranch(point: ProgramPoint, event: CodeEvent): boolean {
  const { at, around } = event.chain[0] ?? event.point;
  return around.some((outer) => {
    if (outer.kind !== 'if' || !point.around.includes(outer)) return false;
    const other = outer.otherwise[0]?.at ?? Number.POSITIVE_INFINITY;
    return point.at >= other !== at >= other;
  });
}

/**
 * Returns the members on which the value of a test depends: those in the test, in the values of its variables, in the
 * conditions under which these variables get a value, and in the helpers that the test calls.
 */
export function membersTested(codebase: Codebase, ref: FunctionRef, test: Expression): ReadonlySet<string> {
  const unit = codebase.program.lower(ref);
  const members = new Set(membersIn(unit, test));
  for (const name of variablesIn(test))
    visitStatements(unit.body, (statement, around) => {
      // `if (buf->revoked) first = true;` makes `first` depend on `revoked`.
      if (expressionsOf(statement).some((expression) => assigns(expression, name)))
        for (const outer of around)
          if (outer.kind === 'if') for (const member of membersIn(unit, outer.test)) members.add(member);
    });
  for (const name of calleesIn(test)) {
    for (const member of macroMembers(codebase, name, ref.path)) members.add(member);
    const target = isHarmless(name) ? undefined : codebase.definitions.find(name, ref.path);
    if (!target) continue;
    const helper = codebase.program.lower(target);
    visitStatements(helper.body, (statement) => {
      for (const expression of expressionsOf(statement))
        for (const member of membersIn(helper, expression)) members.add(member);
    });
  }
  return members;
}

/** The members in an expression, and in the values of its local variables. */
function membersIn(unit: FunctionUnit, expression: Expression): ReadonlySet<string> {
  const members = new Set<string>();
  visitThroughLocals(unit, expression, (inner) => {
    if (inner.kind === 'member') members.add(inner.member);
  });
  return members;
}

function assigns(expression: Expression, name: string): boolean {
  return expression.kind === 'assignment' && expression.target.kind === 'name' && expression.target.name === name;
}

function variablesIn(expression: Expression): readonly string[] {
  return [...(expression.kind === 'name' ? [expression.name] : []), ...subexpressions(expression).flatMap(variablesIn)];
}

/** Returns the functions that an expression calls by name. */
export function calleesIn(expression: Expression): readonly string[] {
  return [
    ...(expression.kind === 'call' && expression.callee.kind === 'name' ? [expression.callee.name] : []),
    ...subexpressions(expression).flatMap(calleesIn),
  ];
}
