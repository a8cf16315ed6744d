import { type FunctionUnit, visitStatements } from '../../c/index.js';

/** Returns the types with which a function declares a name: of its parameter first, then of its local variables. */
export function declaredTypes(unit: FunctionUnit, name: string): readonly string[] {
  const types = unit.parameters.filter((parameter) => parameter.name === name).map(({ type }) => type);
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'declaration' && statement.name === name) types.push(statement.type);
  });
  return types;
}
