import { type Expression, type FunctionUnit, visitStatements } from '../../c/index.js';

/** Returns the expressions in the `return` statements of a function. */
export function returnedValues(unit: FunctionUnit): readonly Expression[] {
  const values: Expression[] = [];
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'return' && statement.value) values.push(statement.value);
  });
  return values;
}
