// When does a function return an error?

import { callsIn, type Expression, type Statement, visitExpressions, visitStatements } from '../../c/index.js';
import { isErrorCode, isErrorValue, isReadOfMember } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, originsOf } from '../../program/index.js';
import { returnedValues } from '../calls/returned-values.js';

/**
 * Returns whether every value that a function returns is an error.
 * @param depth how many calls deep returned results are followed
 */
export function returnsOnlyErrors(codebase: Codebase, ref: FunctionRef, depth: number): boolean {
  const unit = codebase.program.lower(ref);
  const isError = (value: Expression): boolean => {
    if (isErrorValue(value)) return true;
    const origins = originsOf(unit, value);
    return (
      origins.length > 0 &&
      origins.every((origin) => {
        if (origin.kind === 'variable') return isErrorCode(origin.name);
        if (origin.kind !== 'call' || depth === 0 || origin.call.callee.kind !== 'name') return false;
        const target = codebase.definitions.find(origin.call.callee.name, ref.path);
        return target !== undefined && returnsOnlyErrors(codebase, target, depth - 1);
      })
    );
  };
  const values = returnedValues(unit);
  return values.length > 0 && values.every(isError);
}

/** Returns whether a branch ends in an error: it returns one, jumps to a label, or sets one. */
export function fails(body: readonly Statement[]): boolean {
  let failed = false;
  visitStatements(body, (statement) => {
    if (
      statement.kind === 'goto' ||
      (statement.kind === 'return' && (isErrorValue(statement.value) || statement.value?.kind === 'name'))
    )
      failed = true;
  });
  visitExpressions(body, (expression) => {
    if (expression.kind === 'assignment' && isErrorValue(expression.value)) failed = true;
  });
  return failed;
}

/**
 * Returns whether a function returns an error where a member of the given name is set.
 * @param depth how many calls deep callees are followed
 */
export function refusesWhenSet(codebase: Codebase, ref: FunctionRef, member: string, depth: number): boolean {
  const unit = codebase.program.lower(ref);
  let refuses = false;
  visitStatements(unit.body, (statement) => {
    if (
      statement.kind === 'if' &&
      testsMember(statement.test, member) &&
      (fails(statement.then) || fails(statement.otherwise))
    )
      refuses = true;
  });
  if (refuses || depth === 0) return refuses;
  return callsIn(unit.body).some(({ name }) => {
    const target = name ? codebase.definitions.findNear(name, ref.path) : undefined;
    return (
      target !== undefined &&
      functionKey(target) !== functionKey(ref) &&
      refusesWhenSet(codebase, target, member, depth - 1)
    );
  });
}

/** Whether a test uses a member as a truth value, and not in a comparison or as an argument. */
function testsMember(test: Expression, member: string): boolean {
  switch (test.kind) {
    case 'member':
      return test.member === member;
    case 'unary':
    case 'cast':
      return testsMember(test.operand, member);
    case 'binary':
      return /^(&&|\|\|)$/.test(test.operator) && [test.left, test.right].some((side) => testsMember(side, member));
    case 'call':
      return (
        test.callee.kind === 'name' &&
        isReadOfMember(test.callee.name) &&
        test.arguments.some((argument) => testsMember(argument, member))
      );
    default:
      return false;
  }
}
