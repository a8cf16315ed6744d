import { type Expression, type FunctionUnit, isLoop, visitExpressions, visitStatements } from '../../c/index.js';

const known = new WeakMap<FunctionUnit, ReadonlySet<Expression>>();

/** Whether an expression stands in a loop, its head included: it may be evaluated any number of times. */
export function standsInLoop(unit: FunctionUnit, expression: Expression): boolean {
  let found = known.get(unit);
  if (!found) {
    found = expressionsInLoops(unit);
    known.set(unit, found);
  }
  return found.has(expression);
}

function expressionsInLoops({ body }: FunctionUnit): ReadonlySet<Expression> {
  const found = new Set<Expression>();
  visitStatements(body, (statement) => {
    if (isLoop(statement)) visitExpressions([statement], (expression) => found.add(expression));
  });
  return found;
}
