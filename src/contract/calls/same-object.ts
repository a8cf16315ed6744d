import { type Expression, type FunctionUnit, lvalueText, visitStatements } from '../../c/index.js';
import { assignmentsOf } from '../../program/index.js';

/** How near a value is to the object that a callback was given: that one, a part or the whole around it; or come to from it. */
export type Nearness = 'self' | 'reached';

/** The parameters of a function that are near the object. */
export type Given = ReadonlyMap<number, Nearness>;

/** Members that lead from an object to the same thing one floor up or down. */
const ownMember = /priv/;
/** Functions and macros that turn one view of an object into another. */
const conversion = /(?:^|_)(?:to|container_of\w*|from)(?:_|$)|priv|drvdata/;
/** Functions that take a member out of a collection: one of the object's own holds what is the object's. */
const lookup = /^(?:h?list|llist|rb|xa|idr)_\w*(?:entry|first|last|next|find|load)\w*$/;

/** How near a value in a function is to the object, given how near the function's parameters are. */
export function nearnessOf(unit: FunctionUnit, expression: Expression, given: Given): Nearness | null {
  return nearnessIn({ unit, given, seen: new Set() }, expression);
}

interface Search {
  readonly unit: FunctionUnit;
  readonly given: Given;
  readonly seen: Set<string>;
}

type Found = Nearness | null;

function nearest(found: readonly Found[]): Found {
  return found.includes('self') ? 'self' : found.includes('reached') ? 'reached' : null;
}

function nearnessIn(search: Search, expression: Expression): Found {
  const again = (inner: Expression): Found => nearnessIn(search, inner);
  switch (expression.kind) {
    case 'name':
      return nameOf(search, expression.name);
    case 'member': {
      const stored = storedIn(search, lvalueText(expression));
      if (stored !== null) return stored;
      const object = again(expression.object);
      return object === 'self' && ownMember.test(expression.member) ? 'self' : object && 'reached';
    }
    case 'unary':
      return expression.operator === '&' ? placeOf(search, expression.operand) : again(expression.operand);
    case 'index':
      return again(expression.object);
    case 'cast':
      return again(expression.operand);
    case 'conditional':
      return nearest([again(expression.then ?? expression.test), again(expression.otherwise)]);
    case 'assignment':
    case 'compound-literal':
      return again(expression.value);
    case 'initialiser':
      return nearest(expression.entries.map((entry) => again(entry.value)));
    case 'binary':
      return nearest([again(expression.left), again(expression.right)]);
    case 'call': {
      const name = expression.callee.kind === 'name' ? expression.callee.name : '';
      const handed = nearest(expression.arguments.map(again));
      if (conversion.test(name)) return handed;
      if (lookup.test(name)) return handed === 'self' ? 'self' : null;
      return handed && 'reached';
    }
    default:
      return null;
  }
}

/** The nearness of what `&x` points to: a part of what it is a part of. */
function placeOf(search: Search, operand: Expression): Found {
  if (operand.kind === 'member')
    return operand.arrow ? nearnessIn(search, operand.object) : placeOf(search, operand.object);
  return nearnessIn(search, operand);
}

function nameOf(search: Search, name: string): Found {
  const index = search.unit.parameters.findIndex((parameter) => parameter.name === name);
  return nearest([search.given.get(index) ?? null, storedIn(search, name), walkedTo(search, name)]);
}

/** What is assigned to an lvalue, or to a member of it. */
function storedIn(search: Search, text: string | null): Found {
  if (text === null || search.seen.has(text)) return null;
  search.seen.add(text);
  const found: Found[] = [];
  for (const [target, values] of assignmentsOf(search.unit).values)
    if (target === text || target.startsWith(`${text}.`))
      found.push(...values.map((value) => nearnessIn(search, value)));
  search.seen.delete(text);
  return nearest(found);
}

const loops = new WeakMap<FunctionUnit, readonly (readonly Expression[])[]>();

/** The arguments of the loop macros of a function: it is asked for every name in it. */
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

/** The cursor of a loop over a list: what hangs on the object's own list is the object's, on another's it may be anybody's. */
function walkedTo(search: Search, name: string): Found {
  const key = `walk ${name}`;
  if (search.seen.has(key)) return null;
  search.seen.add(key);
  const found: Found[] = [];
  const isCursor = (argument: Expression): boolean => argument.kind === 'name' && argument.name === name;
  for (const loop of loopsOf(search.unit)) {
    if (!loop.some(isCursor)) continue;
    const lists = loop.filter((argument) => !isCursor(argument));
    found.push(nearest(lists.map((list) => nearnessIn(search, list))) === 'self' ? 'self' : null);
  }
  search.seen.delete(key);
  return nearest(found);
}
