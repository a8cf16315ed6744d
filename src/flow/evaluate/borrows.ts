import {
  type Expression,
  type FunctionUnit,
  subexpressions,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { borrowers } from '../../kernel/effects.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';

/** Whether a function only looks at what it is handed: it compares and reads, and neither stores nor passes it on. */
export function onlyLooksAt(codebase: Codebase, ref: FunctionRef, index: number): boolean {
  return memoByFunction(codebase, ref, `only-looks\0${index}`, () => {
    const unit = codebase.program.lower(ref);
    const name = unit.parameters[index]?.name;
    return name !== undefined && unit.unparsed.length === 0 && !escapes(unit, name);
  });
}

/** Whether a parameter leaves a function in any way but by being read. */
function escapes(unit: FunctionUnit, name: string): boolean {
  let found = false;
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'return' && statement.value && isWhole(statement.value, name)) found = true;
    if (statement.kind === 'declaration' && statement.value && isWhole(statement.value, name)) found = true;
    if (statement.kind === 'macro-block' && statement.arguments.some((argument) => isWhole(argument, name)))
      found = true;
  });
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment' && isWhole(expression.value, name)) found = true;
    if (expression.kind === 'initialiser' && expression.entries.some(({ value }) => isWhole(value, name))) found = true;
    if (expression.kind === 'call' && !isLook(expression) && expression.arguments.some((one) => isWhole(one, name)))
      found = true;
  });
  return found;
}

function isLook(call: Extract<Expression, { kind: 'call' }>): boolean {
  return call.callee.kind === 'name' && borrowers.test(call.callee.name);
}

/** Whether an expression may be the parameter itself, or lead to it: anything but a comparison or a member of it. */
function isWhole(expression: Expression, name: string): boolean {
  switch (expression.kind) {
    case 'name':
      return expression.name === name;
    case 'binary':
      return /^[-+]$/.test(expression.operator) && subexpressions(expression).some((inner) => isWhole(inner, name));
    case 'call':
      return false; // looked at by itself
    case 'member':
    case 'index':
      // What hangs on an object may lead back to it.
      return isWhole(expression.object, name);
    default:
      return subexpressions(expression).some((inner) => isWhole(inner, name));
  }
}
