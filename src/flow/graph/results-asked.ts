import { type Expression, type FunctionUnit, visitExpressions, visitStatements } from '../../c/index.js';

const known = new WeakMap<FunctionUnit, ReadonlySet<string>>();

/** Whether a comparison is about what a call returned: `EX_OK == check(x)`, or a variable to which that was assigned. */
export function asksForResult(unit: FunctionUnit, test: Expression): boolean {
  if (test.kind !== 'binary') return false;
  return [test.left, test.right].some(
    (side) => side.kind === 'call' || (side.kind === 'name' && resultVariables(unit).has(side.name)),
  );
}

/** The variables of a function to which it assigns what a call returns. */
function resultVariables(unit: FunctionUnit): ReadonlySet<string> {
  let names = known.get(unit);
  if (!names) {
    const found = new Set<string>();
    visitStatements(unit.body, (statement) => {
      if (statement.kind === 'declaration' && statement.value?.kind === 'call') found.add(statement.name);
    });
    visitExpressions(unit.body, (expression) => {
      if (expression.kind === 'assignment' && expression.target.kind === 'name' && expression.value.kind === 'call')
        found.add(expression.target.name);
    });
    names = found;
    known.set(unit, names);
  }
  return names;
}
