import { type Expression, type FunctionUnit, visitStatements } from '../../c/index.js';

const known = new WeakMap<FunctionUnit, ReadonlySet<Expression>>();

/** Whether a call is a statement of its own: nobody asks for its result. */
export function isDropped(unit: FunctionUnit, call: Expression): boolean {
  let found = known.get(unit);
  if (!found) {
    const statements = new Set<Expression>();
    visitStatements(unit.body, (statement) => {
      if (statement.kind === 'expression') statements.add(statement.expression);
    });
    found = statements;
    known.set(unit, found);
  }
  return found.has(call);
}
