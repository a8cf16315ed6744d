// Does a helper of the module move the address of a map on whenever it is called?

import {
  type Expression,
  type FunctionUnit,
  subexpressions,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { isBorrower, movesMap, roleOf } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';
import { runAlways } from '../importers/run-always.js';

/**
 * Returns whether a helper moves the map that a parameter points to on every time it runs, and gives it no other address.
 * @param index of the parameter, 0-based
 */
export function helperMoves(codebase: Codebase, helper: FunctionRef, index: number): boolean {
  const parameter = helper.outline.parameters[index]?.name;
  if (parameter === undefined) return false;
  return memoByFunction(
    codebase,
    helper,
    `moves-map\0${index}`,
    () => {
      const unit = codebase.program.lower(helper);
      if (unit.unparsed.length > 0 || mayPutBack(unit, parameter)) return false;
      const { expressions, rounds } = runAlways(unit.body, () => false);
      return [...expressions, ...rounds.flatMap((round) => round.expressions)].some((one) => isMove(one, parameter));
    },
    plain(),
  );
}

function isMove(expression: Expression, parameter: string): boolean {
  const { kind } = expression;
  if (kind !== 'call' || expression.callee.kind !== 'name' || !movesMap(expression.callee.name)) return false;
  const [moved] = expression.arguments;
  return moved !== undefined && isName(moved, parameter);
}

/** Whether a helper may move its map back, give it a value, or pass it to something that may. */
function mayPutBack(unit: FunctionUnit, parameter: string): boolean {
  let may = false;
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'variants') may = true;
    if (statement.kind === 'declaration' && statement.value && isName(statement.value, parameter)) may = true;
  });
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment')
      may ||= leadsThrough(expression.target, parameter) || isName(expression.value, parameter);
    if (expression.kind === 'unary' && expression.operator === '&') may ||= leadsThrough(expression.operand, parameter);
    if (expression.kind !== 'call' || !expression.arguments.some((given) => mayPass(given, parameter))) return;
    const name = expression.callee.kind === 'name' ? expression.callee.name : null;
    const isHarmless =
      name !== null && (movesMap(name) ? !mayGoBack(unit, expression.arguments[1], isDifference) : isRead(name));
    may ||= !isHarmless;
  });
  return may;
}

/** Whether a function of the kernel only reads the map that it gets. */
const isRead = (name: string): boolean => isBorrower(name) && roleOf(name) === undefined;

/** Whether an argument is the map, or what the parameter points to: `map`, `*map`. */
function mayPass(given: Expression, parameter: string): boolean {
  return (
    isName(given, parameter) || (given.kind === 'unary' && given.operator === '*' && mayPass(given.operand, parameter))
  );
}

/** Whether an expression is this name. */
export const isName = (value: Expression, name: string): boolean => value.kind === 'name' && value.name === name;

/** Whether a place is what a variable points to, or a member of it. */
function leadsThrough(place: Expression, name: string): boolean {
  return isName(place, name) || subexpressions(place).some((inner) => leadsThrough(inner, name));
}

/** Whether an expression has an address in it. */
export function hasAddress(value: Expression): boolean {
  return (value.kind === 'unary' && value.operator === '&') || subexpressions(value).some(hasAddress);
}

/** Whether an expression reverses a distance: `-offset`, `-64`. */
export function isReversed(value: Expression): boolean {
  if (value.kind === 'literal') return value.text.startsWith('-');
  return value.kind === 'unary' && value.operator === '-';
}

/** Whether an expression is a difference, which may be negative: `end - start`, `-offset`. */
export function isDifference(value: Expression): boolean {
  return isReversed(value) || (value.kind === 'binary' && value.operator === '-');
}

/**
 * Whether a distance may be negative: it, a part of it, or what a variable in it is given, is so by a test. The type alone tells
 * nothing: a size wraps.
 */
export function mayGoBack(
  unit: FunctionUnit,
  distance: Expression | undefined,
  isNegative: (value: Expression) => boolean,
): boolean {
  if (!distance) return false;
  const holds = (value: Expression): boolean => isNegative(value) || subexpressions(value).some(holds);
  const names = (value: Expression): readonly string[] =>
    value.kind === 'name' ? [value.name] : subexpressions(value).flatMap(names);
  const { values } = assignmentsOf(unit);
  return holds(distance) || names(distance).some((name) => values.get(name)?.some(holds));
}
