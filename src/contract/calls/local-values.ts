import { type Expression, type FunctionUnit, subexpressions } from '../../c/index.js';
import { assignmentsOf } from '../../program/index.js';

/**
 * Visits an expression and everything inside it. Where it meets a variable, it also visits all values that the function
 * assigns to that variable, each variable once.
 */
export function visitThroughLocals(
  unit: FunctionUnit,
  expression: Expression,
  visit: (inner: Expression) => void,
): void {
  const seen = new Set<string>();
  const { values } = assignmentsOf(unit);
  const enter = (inner: Expression): void => {
    visit(inner);
    if (inner.kind === 'name' && !seen.has(inner.name)) {
      seen.add(inner.name);
      for (const value of values.get(inner.name) ?? []) enter(value);
    }
    for (const part of subexpressions(inner)) enter(part);
  };
  enter(expression);
}
