import { type Expression, type Statement, visitExpressions } from '../../c/index.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';

/** A longer function does more than to fill members. */
const mostStatements = 16;

/**
 * Whether a function returns nothing and fills members of what it is given, one after the other: `obj->kind = kind;`. It does
 * not touch the API, but what it fills may decide how the object is released.
 */
export function isSetter(codebase: Codebase, ref: FunctionRef): boolean {
  return memoByFunction(codebase, ref, 'is a setter', () => {
    const { body, parameters, unparsed } = codebase.program.lower(ref);
    if (unparsed.length > 0 || body.length > mostStatements || !body.every(isPlain)) return false;
    const names = new Set(parameters.map(({ name }) => name));
    let [fills, doesMore] = [false, false];
    visitExpressions(body, (expression) => {
      if (expression.kind !== 'assignment') return;
      const { operator, target, value } = expression;
      const isGiven = operator === '=' && (value.kind === 'name' || value.kind === 'literal');
      if (isGiven && names.has(objectOf(target))) fills = true;
      else doesMore = true;
    });
    return fills && !doesMore;
  });
}

function isPlain(statement: Statement): boolean {
  const { kind } = statement;
  return kind === 'expression' || kind === 'declaration' || (kind === 'return' && !statement.value);
}

/** The variable of which an expression is a member; '' for what is no member. */
function objectOf(target: Expression): string {
  if (target.kind !== 'member') return '';
  let object: Expression = target;
  while (object.kind === 'member') object = object.object;
  return object.kind === 'name' ? object.name : '';
}

/** Whether a function does nothing but return a structure that it makes of its parameters: `return (struct foo){ .bar = bar };`. */
export function isMaker(codebase: Codebase, ref: FunctionRef): boolean {
  return memoByFunction(codebase, ref, 'is a maker', () => {
    const { body, unparsed } = codebase.program.lower(ref);
    const [only, ...others] = body;
    if (unparsed.length > 0 || others.length > 0 || only?.kind !== 'return') return false;
    if (only.value?.kind !== 'compound-literal') return false;
    let calls = false;
    visitExpressions(body, ({ kind }) => {
      if (kind === 'call' || kind === 'statements') calls = true;
    });
    return !calls;
  });
}

/** A function with more statements does more than count a step. */
const mostSteps = 4;

/**
 * Whether a function only counts up or down what a parameter points to, or a member of that, or sets what the parameter
 * points to to a number or constant: `(*count)++;`, `++x->steps;`, `*stage = 2;`.
 */
export function isStep(codebase: Codebase, ref: FunctionRef): boolean {
  return memoByFunction(codebase, ref, 'is a step', () => {
    const { body, parameters, unparsed } = codebase.program.lower(ref);
    if (unparsed.length > 0 || body.length === 0 || body.length > mostSteps) return false;
    const names = new Set(parameters.map(({ name }) => name));
    if (!body.every((statement) => statement.kind === 'expression' || statement.kind === 'return')) return false;
    let [counts, doesMore] = [false, false];
    visitExpressions(body, (expression) => {
      const { kind } = expression;
      if (kind === 'call' || kind === 'statements' || kind === 'unparsed') doesMore = true;
      if (kind !== 'update' && kind !== 'assignment') return;
      const target = kind === 'update' ? expression.operand : expression.target;
      const isNumber = kind === 'update' || expression.value.kind === 'literal' || expression.value.kind === 'name';
      if (isNumber && (names.has(pointerOf(target)) || (kind === 'update' && names.has(objectOf(target)))))
        counts = true;
      else doesMore = true;
    });
    return counts && !doesMore;
  });
}

/** The p of `*p`; '' for any other place. */
function pointerOf(target: Expression): string {
  const isBehind = target.kind === 'unary' && target.operator === '*' && target.operand.kind === 'name';
  return isBehind && target.operand.kind === 'name' ? target.operand.name : '';
}
