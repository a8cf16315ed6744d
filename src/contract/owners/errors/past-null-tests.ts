// Is a test for NULL in vain, since nothing but a call of the API gives the value?

import { bodiesOf, type Expression, type Statement, subexpressions, visitStatements } from '../../../c/index.js';
import type { FlowEvent } from '../../../flow/index.js';
import { apiFunctions, isHarmless, returnsErrorPointer } from '../../../kernel/index.js';
import { assignmentsOf, type Codebase, functionAt } from '../../../program/index.js';

/**
 * Whether the variable behind a test for NULL may be NULL: something else is assigned to it, too, and the test does not
 * follow the call at once; or the call returns NULL as well. Where the function returns the error, the test is only in vain
 * if it was to undo something.
 */
export function mayBeNullThere({ program }: Codebase, { origin, nullTest, isReturned }: FlowEvent): boolean {
  if (!nullTest || !origin) return false;
  if (apiFunctions.get(origin.api)?.result !== 'pointer-or-error' && !returnsErrorPointer(origin.api)) return true;
  const maker = functionAt(program, origin.path, origin.at);
  if (!maker || functionAt(program, nullTest.path, nullTest.at)?.outline.start !== maker.outline.start) return true;
  const unit = program.lower(maker);
  if (isReturned && !undoesAfter(unit.body, nullTest.at)) return true;
  for (const values of assignmentsOf(unit).values.values())
    if (values.some((value) => isCallAt(value, origin.at)))
      return values.length > 1 && !isTestedAtOnce(unit.body, origin.at, nullTest.at);
  return true;
}

/** Whether the branch behind a test does more than to return: it jumps to what is undone, or calls something. */
function undoesAfter(body: readonly Statement[], test: number): boolean {
  let found = false;
  visitStatements(body, (statement) => {
    if (statement.kind !== 'if' || !containsAt(statement.test, test)) return;
    visitStatements(statement.then, (inner) => {
      const calls = inner.kind === 'expression' && inner.expression.kind === 'call' ? inner.expression.callee : null;
      found ||= inner.kind === 'goto' || (calls?.kind === 'name' && !isHarmless(calls.name));
    });
  });
  return found;
}

function isCallAt({ kind, at }: Expression, place: number): boolean {
  return kind === 'call' && at === place;
}

/** Whether an `if` with this test is the statement behind the one that assigns the result of this call. */
function isTestedAtOnce(body: readonly Statement[], call: number, test: number): boolean {
  return body.some((statement, index) => {
    const next = body[index + 1];
    if (isResultOf(statement, call) && next?.kind === 'if') return containsAt(next.test, test);
    return bodiesOf(statement).some((inner) => isTestedAtOnce(inner, call, test));
  });
}

function isResultOf(statement: Statement, call: number): boolean {
  if (statement.kind === 'declaration') return statement.value !== null && isCallAt(statement.value, call);
  if (statement.kind !== 'expression' || statement.expression.kind !== 'assignment') return false;
  return isCallAt(statement.expression.value, call);
}

function containsAt(expression: Expression, at: number): boolean {
  return expression.at === at || subexpressions(expression).some((inner) => containsAt(inner, at));
}
