import { type CallExpression, type Expression, type FunctionUnit, lvalueText } from '../../c/index.js';
import { assignmentsOf } from './assignments.js';

/**
 * Where a value in a function comes from. `path` names the members that lead from the origin to the value, outermost
 * first: for `x = a->b->c` it is `b`, `c`.
 */
export type Origin =
  | { readonly kind: 'address'; readonly name: string; readonly path: readonly string[]; readonly at: number }
  | { readonly kind: 'null'; readonly at: number }
  | { readonly kind: 'parameter'; readonly index: number; readonly path: readonly string[]; readonly at: number }
  | { readonly kind: 'call'; readonly call: CallExpression; readonly path: readonly string[]; readonly at: number }
  /** A file-level variable, or a local one that the function never assigns by its name. */
  | { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[]; readonly at: number }
  | { readonly kind: 'unknown'; readonly path: readonly string[]; readonly at: number };

/** What a search for origins knows: the function, the lvalues on the way, and the origins found so far. */
interface Search {
  readonly unit: FunctionUnit;
  readonly seen: Set<string>;
  readonly origins: Origin[];
}

/** All origins of a value, through the local variables and fields that the function assigns. Each is listed once. */
export function originsOf(unit: FunctionUnit, expression: Expression): readonly Origin[] {
  const search: Search = { unit, seen: new Set(), origins: [] };
  collect(search, expression, []);
  const keys = new Set<string>();
  return search.origins.filter((origin) => {
    const key = JSON.stringify([
      origin.kind,
      origin.at,
      'path' in origin ? origin.path : [],
      'name' in origin ? origin.name : '',
    ]);
    return !keys.has(key) && keys.add(key);
  });
}

function collect(search: Search, expression: Expression, path: readonly string[]): void {
  const again = (inner: Expression): void => collect(search, inner, path);
  const { at } = expression;
  const { origins } = search;
  switch (expression.kind) {
    case 'name':
      collectName(search, expression.name, at, path);
      break;
    case 'member':
      collectMember(search, expression, path);
      break;
    case 'index':
      again(expression.object);
      break;
    case 'cast':
      again(expression.operand);
      break;
    case 'unary':
      if (expression.operator === '&') collectAddress(search, expression.operand, path);
      else again(expression.operand);
      break;
    case 'conditional':
      again(expression.then ?? expression.test);
      again(expression.otherwise);
      break;
    case 'assignment':
      again(expression.value);
      break;
    case 'sequence':
      for (const last of expression.items.slice(-1)) again(last);
      break;
    case 'statements':
      for (const last of expression.body.slice(-1)) if (last.kind === 'expression') again(last.expression);
      break;
    case 'call':
      origins.push({ kind: 'call', call: expression, path, at });
      break;
    case 'literal':
      origins.push(isZero(expression.text) ? { kind: 'null', at } : { kind: 'unknown', path, at });
      break;
    default:
      origins.push({ kind: 'unknown', path, at });
  }
}

function isZero(literal: string): boolean {
  return /^0[uUlL]*$/.test(literal);
}

/** A field that the function assigns itself holds what was assigned, and not what it held before. */
function collectMember(
  search: Search,
  expression: Extract<Expression, { kind: 'member' }>,
  path: readonly string[],
): void {
  const { unit, seen } = search;
  const text = lvalueText(expression);
  const stored = text === null || seen.has(text) ? [] : (assignmentsOf(unit).values.get(text) ?? []);
  if (text === null || stored.length === 0) {
    collect(search, expression.object, [expression.member, ...path]);
    return;
  }
  seen.add(text);
  for (const value of stored) collect(search, value, path);
  seen.delete(text);
}

function collectName(search: Search, name: string, at: number, path: readonly string[]): void {
  const { unit, seen, origins } = search;
  if (name === 'NULL') {
    origins.push({ kind: 'null', at });
    return;
  }
  const { values, locals } = assignmentsOf(unit);
  const index = unit.parameters.findIndex((parameter) => parameter.name === name);
  if (index >= 0) origins.push({ kind: 'parameter', index, path, at });
  const assigned = seen.has(name) ? [] : (values.get(name) ?? []);
  if (assigned.length > 0) {
    seen.add(name);
    for (const value of assigned) collect(search, value, path);
    seen.delete(name);
  } else if (index < 0 && !(seen.has(name) && locals.has(name))) {
    origins.push({ kind: 'variable', name, path, at });
  }
}

function collectAddress(search: Search, operand: Expression, path: readonly string[]): void {
  if (operand.kind === 'name') search.origins.push({ kind: 'address', name: operand.name, path, at: operand.at });
  else if (operand.kind === 'member') collectAddress(search, operand.object, [operand.member, ...path]);
  else if (operand.kind === 'index') collectAddress(search, operand.object, path);
  else collect(search, operand, path);
}
