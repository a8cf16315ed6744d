// `return obj;` of a parameter: the caller gets back what it gave.

import { type Expression, stripCasts, visitExpressions, visitStatements } from '../../c/index.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';

/** Whether a function may return a pointer that it was given, itself or by way of a variable of its own. */
export function handsBack(codebase: Codebase, ref: FunctionRef): boolean {
  return memoByFunction(codebase, ref, 'hands back', () => {
    const { parameters, body } = codebase.program.lower(ref);
    if (!ref.outline.returnType.includes('*')) return false;
    const names = new Set(parameters.flatMap(({ name, type }) => (type.includes('*') ? [name] : [])));
    for (let size = -1; size < names.size; ) {
      size = names.size;
      visitStatements(body, (statement) => {
        if (statement.kind === 'declaration' && statement.value && mayBe(statement.value, names))
          names.add(statement.name);
      });
      visitExpressions(body, (expression) => {
        if (expression.kind === 'assignment' && expression.target.kind === 'name' && mayBe(expression.value, names))
          names.add(expression.target.name);
      });
    }
    let isReturned = false;
    visitStatements(body, (statement) => {
      if (statement.kind === 'return' && statement.value && mayBe(statement.value, names)) isReturned = true;
    });
    return isReturned;
  });
}

function mayBe(value: Expression, names: ReadonlySet<string>): boolean {
  const bare = stripCasts(value);
  if (bare.kind === 'conditional') return [bare.then ?? bare.test, bare.otherwise].some((one) => mayBe(one, names));
  return bare.kind === 'name' && names.has(bare.name);
}
