// Is a value in a function the object that a callback was called for, or something reached from it?

import { type Expression, type FunctionUnit, lvalueText, visitStatements } from '../../c/index.js';
import { isLookup, isNamedForConversion } from '../../kernel/index.js';
import { assignmentsOf } from '../../program/index.js';

/** `same`: the value is the object, a part of it, or the whole that contains it. `reachable`: the object leads to it. */
export type ObjectRelation = 'same' | 'reachable';

/** For each parameter of a function that is the object, or that the object leads to: which of the two. */
export type ParameterRelations = ReadonlyMap<number, ObjectRelation>;

/** Members that lead from an object to the same object on another layer, as `priv` does. */
const ownMember = /priv/;

/** Returns how a value in a function relates to the object, given how the function's parameters do; null for no relation. */
export function relationTo(
  unit: FunctionUnit,
  expression: Expression,
  parameters: ParameterRelations,
): ObjectRelation | null {
  return relationIn({ unit, parameters, seen: new Set() }, expression);
}

interface RelationQuery {
  readonly unit: FunctionUnit;
  readonly parameters: ParameterRelations;
  readonly seen: Set<string>;
}

type Found = ObjectRelation | null;

function closestOf(found: readonly Found[]): Found {
  return found.includes('same') ? 'same' : found.includes('reachable') ? 'reachable' : null;
}

function relationIn(query: RelationQuery, expression: Expression): Found {
  const again = (inner: Expression): Found => relationIn(query, inner);
  switch (expression.kind) {
    case 'name':
      return nameRelation(query, expression.name);
    case 'member': {
      const stored = assignedRelation(query, lvalueText(expression));
      if (stored !== null) return stored;
      const object = again(expression.object);
      return object === 'same' && ownMember.test(expression.member) ? 'same' : object && 'reachable';
    }
    case 'unary':
      return expression.operator === '&' ? addressRelation(query, expression.operand) : again(expression.operand);
    case 'index':
      return again(expression.object);
    case 'cast':
      return again(expression.operand);
    case 'conditional':
      return closestOf([again(expression.then ?? expression.test), again(expression.otherwise)]);
    case 'assignment':
    case 'compound-literal':
      return again(expression.value);
    case 'initialiser':
      return closestOf(expression.entries.map((entry) => again(entry.value)));
    case 'binary':
      return closestOf([again(expression.left), again(expression.right)]);
    case 'call': {
      const name = expression.callee.kind === 'name' ? expression.callee.name : '';
      const passed = closestOf(expression.arguments.map(again));
      if (isNamedForConversion(name)) return passed;
      if (isLookup(name)) return passed === 'same' ? 'same' : null;
      return passed && 'reachable';
    }
    default:
      return null;
  }
}

/** `&object->member` points into the object: it relates to it as the object itself does. */
function addressRelation(query: RelationQuery, operand: Expression): Found {
  if (operand.kind === 'member')
    return operand.arrow ? relationIn(query, operand.object) : addressRelation(query, operand.object);
  return relationIn(query, operand);
}

function nameRelation(query: RelationQuery, name: string): Found {
  const index = query.unit.parameters.findIndex((parameter) => parameter.name === name);
  return closestOf([query.parameters.get(index) ?? null, assignedRelation(query, name), cursorRelation(query, name)]);
}

/** The closest relation of all values assigned to an lvalue, or to a member of it. */
function assignedRelation(query: RelationQuery, text: string | null): Found {
  if (text === null || query.seen.has(text)) return null;
  query.seen.add(text);
  const found: Found[] = [];
  for (const [target, values] of assignmentsOf(query.unit).values)
    if (target === text || target.startsWith(`${text}.`))
      found.push(...values.map((value) => relationIn(query, value)));
  query.seen.delete(text);
  return closestOf(found);
}

const loops = new WeakMap<FunctionUnit, readonly (readonly Expression[])[]>();

/** The arguments of the loop macros of a function; kept, since the search asks once for every name in the function. */
function loopsOf(unit: FunctionUnit): readonly (readonly Expression[])[] {
  let known = loops.get(unit);
  if (!known) {
    const found: (readonly Expression[])[] = [];
    visitStatements(unit.body, (statement) => {
      if (statement.kind === 'macro-block') found.push(statement.arguments);
    });
    known = found;
    loops.set(unit, known);
  }
  return known;
}

/** The relation of a loop's cursor: an element of the object's own list belongs to the object; one of another list may belong to any. */
function cursorRelation(query: RelationQuery, name: string): Found {
  const key = `cursor ${name}`;
  if (query.seen.has(key)) return null;
  query.seen.add(key);
  const found: Found[] = [];
  const isCursor = (argument: Expression): boolean => argument.kind === 'name' && argument.name === name;
  for (const loop of loopsOf(query.unit)) {
    if (!loop.some(isCursor)) continue;
    const lists = loop.filter((argument) => !isCursor(argument));
    found.push(closestOf(lists.map((list) => relationIn(query, list))) === 'same' ? 'same' : null);
  }
  query.seen.delete(key);
  return closestOf(found);
}
