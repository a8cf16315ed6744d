// `return obj;` of a parameter, or `return &obj->base;`: the caller gets back what it gave, or a part of it.

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

/** Whether all that a function does is to return a member of its only parameter, or where that is: `return &bo->base;`. */
export function returnsPart(codebase: Codebase, ref: FunctionRef): boolean {
  const { parameters, returnType } = ref.outline;
  if (parameters.length !== 1 || !returnType.includes('*') || ref.outline.end - ref.outline.bodyStart > longestPart)
    return false;
  return memoByFunction(codebase, ref, 'returns a part', () => {
    const { body, unparsed } = codebase.program.lower(ref);
    const [only, ...others] = body;
    if (unparsed.length > 0 || others.length > 0 || only?.kind !== 'return' || !only.value) return false;
    const value = stripCasts(only.value);
    let place = value.kind === 'unary' && value.operator === '&' ? value.operand : value;
    if (place.kind !== 'member') return false;
    while (place.kind === 'member') place = place.object;
    return place.kind === 'name' && place.name === parameters[0]?.name;
  });
}

/** A longer body, in characters, does more than that. */
const longestPart = 120;
