import {
  type Expression,
  type FunctionUnit,
  subexpressions,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { isBorrower } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';

/**
 * Whether a parameter may escape a function: the function stores, returns or passes it on, and does not just read it.
 * @param index the position of the parameter, from 0
 */
export function parameterEscapes(codebase: Codebase, ref: FunctionRef, index: number): boolean {
  return memoByFunction(codebase, ref, `escapes\0${index}`, () => {
    const unit = codebase.program.lower(ref);
    const name = unit.parameters[index]?.name;
    return name === undefined || unit.unparsed.length > 0 || escapes(unit, name);
  });
}

/** Whether a function does with a parameter anything but read it. */
function escapes(unit: FunctionUnit, name: string): boolean {
  let found = false;
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'return' && statement.value && mayBe(statement.value, name)) found = true;
    if (statement.kind === 'declaration' && statement.value && mayBe(statement.value, name)) found = true;
    if (statement.kind === 'macro-block' && statement.arguments.some((argument) => mayBe(argument, name))) found = true;
  });
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment' && mayBe(expression.value, name)) found = true;
    if (expression.kind === 'initialiser' && expression.entries.some(({ value }) => mayBe(value, name))) found = true;
    if (expression.kind === 'call' && !keepsNothing(expression) && expression.arguments.some((one) => mayBe(one, name)))
      found = true;
  });
  return found;
}

/** Whether a callee is known to keep nothing that it is given. */
function keepsNothing(call: Extract<Expression, { kind: 'call' }>): boolean {
  return call.callee.kind === 'name' && isBorrower(call.callee.name);
}

/** Whether the value of an expression may be the parameter, or lead to it. */
function mayBe(expression: Expression, name: string): boolean {
  switch (expression.kind) {
    case 'name':
      return expression.name === name;
    case 'binary':
      return /^[-+]$/.test(expression.operator) && subexpressions(expression).some((inner) => mayBe(inner, name));
    case 'call':
      return false; // its arguments are checked where the call itself is visited
    case 'member':
    case 'index':
      // A member of an object may lead back to the object.
      return mayBe(expression.object, name);
    default:
      return subexpressions(expression).some((inner) => mayBe(inner, name));
  }
}
