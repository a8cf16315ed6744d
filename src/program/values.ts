import {
  type CallExpression,
  type Expression,
  type FunctionUnit,
  lvalueText,
  visitExpressions,
  visitStatements,
} from '../c/index.js';

/** Where a value in a function comes from. `path` names the members that lead from there to it, outermost first. */
export type Origin =
  | { readonly kind: 'address'; readonly name: string; readonly path: readonly string[]; readonly at: number }
  | { readonly kind: 'null'; readonly at: number }
  | { readonly kind: 'parameter'; readonly index: number; readonly path: readonly string[]; readonly at: number }
  | { readonly kind: 'call'; readonly call: CallExpression; readonly path: readonly string[]; readonly at: number }
  /** A file-level variable, or a local one that is never assigned by name. */
  | { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[]; readonly at: number }
  | { readonly kind: 'unknown'; readonly path: readonly string[]; readonly at: number };

/** What a function assigns to what, in no order: every value that an lvalue may have. */
export interface Assignments {
  readonly values: ReadonlyMap<string, readonly Expression[]>;
  readonly locals: ReadonlySet<string>;
}

const known = new WeakMap<FunctionUnit, Assignments>();

/** All assignments and initialised declarations of a function, by the text of the lvalue. */
export function assignmentsOf(unit: FunctionUnit): Assignments {
  const cached = known.get(unit);
  if (cached) return cached;
  const values = new Map<string, Expression[]>();
  const locals = new Set<string>();
  const add = (target: string | null, value: Expression): void => {
    if (target === null) return;
    const list = values.get(target);
    if (list) list.push(value);
    else values.set(target, [value]);
  };
  visitStatements(unit.body, (statement) => {
    if (statement.kind !== 'declaration') return;
    locals.add(statement.name);
    if (statement.value) add(statement.name, statement.value);
  });
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment' && expression.operator === '=')
      add(lvalueText(expression.target), expression.value);
  });
  const result = { values, locals };
  known.set(unit, result);
  return result;
}

/** All origins of a value, following local variables and fields that the function itself assigns. */
export function originsOf(unit: FunctionUnit, expression: Expression): readonly Origin[] {
  const seen = new Set<string>();
  const origins: Origin[] = [];
  collect(unit, expression, [], seen, origins);
  const keys = new Set<string>();
  return origins.filter((origin) => {
    const key = JSON.stringify([
      origin.kind,
      origin.at,
      'path' in origin ? origin.path : [],
      'name' in origin ? origin.name : '',
    ]);
    return !keys.has(key) && keys.add(key);
  });
}

function collect(
  unit: FunctionUnit,
  expression: Expression,
  path: readonly string[],
  seen: Set<string>,
  origins: Origin[],
): void {
  const again = (inner: Expression, further: readonly string[] = path): void =>
    collect(unit, inner, further, seen, origins);
  switch (expression.kind) {
    case 'name':
      collectName(unit, expression.name, expression.at, path, seen, origins);
      break;
    case 'member': {
      const text = lvalueText(expression);
      const stored = text === null || seen.has(text) ? [] : (assignmentsOf(unit).values.get(text) ?? []);
      if (text === null || stored.length === 0) {
        again(expression.object, [expression.member, ...path]);
        break;
      }
      // A field that the function assigns itself is taken to hold that, not what it held before.
      seen.add(text);
      for (const value of stored) again(value);
      seen.delete(text);
      break;
    }
    case 'index':
      again(expression.object);
      break;
    case 'cast':
      again(expression.operand);
      break;
    case 'unary':
      if (expression.operator === '&') collectAddress(unit, expression.operand, path, seen, origins);
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
      origins.push({ kind: 'call', call: expression, path, at: expression.at });
      break;
    case 'literal': {
      const isNull = /^0[uUlL]*$/.test(expression.text);
      origins.push(isNull ? { kind: 'null', at: expression.at } : { kind: 'unknown', path, at: expression.at });
      break;
    }
    default:
      origins.push({ kind: 'unknown', path, at: expression.at });
  }
}

function collectName(
  unit: FunctionUnit,
  name: string,
  at: number,
  path: readonly string[],
  seen: Set<string>,
  origins: Origin[],
): void {
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
    for (const value of assigned) collect(unit, value, path, seen, origins);
    seen.delete(name);
  } else if (index < 0 && !(seen.has(name) && locals.has(name))) {
    origins.push({ kind: 'variable', name, path, at });
  }
}

function collectAddress(
  unit: FunctionUnit,
  operand: Expression,
  path: readonly string[],
  seen: Set<string>,
  origins: Origin[],
): void {
  if (operand.kind === 'name') {
    origins.push({ kind: 'address', name: operand.name, path, at: operand.at });
  } else if (operand.kind === 'member') {
    collectAddress(unit, operand.object, [operand.member, ...path], seen, origins);
  } else if (operand.kind === 'index') {
    collectAddress(unit, operand.object, path, seen, origins);
  } else {
    collect(unit, operand, path, seen, origins);
  }
}
