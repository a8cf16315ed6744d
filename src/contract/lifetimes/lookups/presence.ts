// What does a test say about the object that a variable holds?

import { type Expression, stripCasts, subexpressions } from '../../../c/index.js';
import { isNullPointer, predicates } from '../../../kernel/index.js';

/** Whether an expression is a variable, with casts or without. */
export function isVariable(expression: Expression, variable: string): boolean {
  const bare = stripCasts(expression);
  return bare.kind === 'name' && bare.name === variable;
}

/** Whether a test is true where the variable holds an object; undefined for a test of something else. */
export function tellsPresence(test: Expression, variable: string): boolean | undefined {
  if (isVariable(test, variable)) return true;
  if (test.kind === 'unary' && test.operator === '!') {
    const inner = tellsPresence(test.operand, variable);
    return inner === undefined ? undefined : !inner;
  }
  if (test.kind === 'call' && test.callee.kind === 'name' && predicates.has(test.callee.name))
    return test.arguments.some((one) => isVariable(one, variable)) ? false : undefined;
  if (test.kind !== 'binary' || !/^[=!]=$/.test(test.operator)) return undefined;
  const isNull =
    (isVariable(test.left, variable) && isNullPointer(test.right)) ||
    (isVariable(test.right, variable) && isNullPointer(test.left));
  return isNull ? test.operator === '!=' : undefined;
}

/** Whether an expression has the variable itself, and not only a member of its object: `PTR_ERR(b) == -ENOENT`. */
export function names(expression: Expression, variable: string): boolean {
  if (isVariable(expression, variable)) return true;
  if (expression.kind === 'member' && isVariable(expression.object, variable)) return false;
  return subexpressions(expression).some((one) => names(one, variable));
}
