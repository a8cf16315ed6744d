import {
  callsIn,
  type Expression,
  type FunctionUnit,
  stripCasts,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { isAllocator, isInsertion, isNamedForAllocation, returnPointer, takers } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';

/** Through how many wrappers an allocation is looked for. */
const deepest = 2;

/**
 * Whether a call returns a new object that nobody outside knows. Every other result is known to the code that it comes
 * from: a look-up finds an object that is stored somewhere.
 * @param target the callee, where its body is found; else its name decides
 */
export function returnsFresh(codebase: Codebase, name: string | null, target: FunctionRef | undefined): boolean {
  if (name === null) return false;
  return target ? allocates(codebase, target, deepest) : isNamedForAllocation(name);
}

/** Whether a function returns what it has allocated and stored nowhere else. */
function allocates(codebase: Codebase, ref: FunctionRef, depth: number): boolean {
  return memoByFunction(codebase, ref, `allocates\0${depth}`, () => {
    const unit = codebase.program.lower(ref);
    const isNew = (value: Expression): boolean => {
      if (value.kind === 'cast') return isNew(value.operand);
      if (value.kind !== 'call' || value.callee.kind !== 'name') return false;
      const { name } = value.callee;
      if (isAllocator(name)) return true;
      const callee = codebase.definitions.findCandidate(name, ref.path);
      return callee ? depth > 0 && allocates(codebase, callee, depth - 1) : isNamedForAllocation(name);
    };
    if (callsIn(unit.body).some(({ name }) => name !== null && isInsertion(name))) return false;
    const made = new Set<string>();
    for (const [name, value] of localAssignments(unit)) if (isNew(value)) made.add(name);
    if (isLinked(unit, made)) return false;
    return returnedBy(unit).some((value) => isNew(value) || leadsTo(value, made));
  });
}

/** Whether a function stores what it has made in another object: `list->top = item;`. */
function isLinked(unit: FunctionUnit, made: ReadonlySet<string>): boolean {
  let found = false;
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || expression.operator !== '=') return;
    const { target, value } = expression;
    // A value that is read from a member is another object.
    const isObject = stripCasts(value).kind !== 'member' && leadsTo(value, made);
    if (isObject && target.kind !== 'name') found ||= rootOf(target, made) === undefined;
  });
  return found;
}

/** The variable that a place begins with, if it is one of these names: the x of `x->next`. */
function rootOf(place: Expression, names: ReadonlySet<string>): string | undefined {
  switch (place.kind) {
    case 'name':
      return names.has(place.name) ? place.name : undefined;
    case 'member':
    case 'index':
      return rootOf(place.object, names);
    case 'unary':
    case 'cast':
      return rootOf(place.operand, names);
    default:
      return undefined;
  }
}

/** What a function returns. */
function returnedBy(unit: FunctionUnit): readonly Expression[] {
  const found: Expression[] = [];
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'return' && statement.value) found.push(statement.value);
  });
  const pointers = callsIn(unit.body).filter(({ name }) => name === returnPointer);
  return [...found, ...pointers.map(({ call }) => call)];
}

/** The values that a function assigns to names. */
function localAssignments(unit: FunctionUnit): readonly (readonly [string, Expression])[] {
  const found: [string, Expression][] = [];
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'declaration' && statement.value) found.push([statement.name, statement.value]);
  });
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment' && expression.target.kind === 'name')
      found.push([expression.target.name, expression.value]);
  });
  return found;
}

/** Whether an expression is one of some variables, or an object embedded in what it points to. */
function leadsTo(expression: Expression, names: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case 'name':
      return names.has(expression.name);
    case 'cast':
      return leadsTo(expression.operand, names);
    case 'unary':
      return expression.operator === '&' && leadsTo(expression.operand, names);
    case 'member':
      return leadsTo(expression.object, names);
    case 'call':
      // no_free_ptr(obj), return_ptr(obj)
      return (
        expression.callee.kind === 'name' &&
        (takers.has(expression.callee.name) || expression.callee.name === returnPointer) &&
        expression.arguments.some((argument) => leadsTo(argument, names))
      );
    default:
      return false;
  }
}
