// Does a map that first undoes the mapping before it do so in the new direction?

import {
  type Expression,
  expressionsOf,
  expressionText,
  type FunctionUnit,
  lvalueText,
  type Statement,
  stripCasts,
  subexpressions,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { graphOf, leadsTo, nodeOfCall } from '../../flow/index.js';
import { exchangeMacro, isDirectionType, stepDirection } from '../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import type { CodeEvent } from '../calls/calls-in-order.js';
import type { Undoing } from '../model/mappings.js';

/**
 * Returns the calls of a map that undo an earlier mapping of the attachment in the direction which the map was called with: a
 * mapping that is kept until another direction is asked for had another one. Only calls in the op itself are looked at.
 * @param does the calls that do the step
 * @param undoes those that undo it
 */
export function earlierUndone(
  codebase: Codebase,
  does: readonly CodeEvent[],
  undoes: readonly CodeEvent[],
  about: Pick<Undoing, 'map' | 'unmap' | 'step' | 'does'>,
): readonly Undoing[] {
  const { map } = about;
  const parameter = map.outline.parameters.find(({ type }) => isDirectionType(type))?.name;
  const isOwn = ({ point, chain }: CodeEvent): boolean => chain.length === 0 && point.ref === map;
  const first = does.find(isOwn)?.point.at;
  const unit = codebase.program.lower(map);
  if (parameter === undefined || first === undefined || does.some((event) => !isOwn(event))) return [];
  return undoes.filter(isOwn).flatMap(({ name, point }): readonly Undoing[] => {
    const index = stepDirection(name);
    const value = index === undefined ? undefined : point.call?.arguments[index];
    if (!value || point.at > first || comparesWithOwn(point.around, parameter)) return [];
    if (isWritten(unit, parameter) || isToldApart(unit, parameter, point.at)) return [];
    if (does.some((event) => comesBefore(unit, event, point))) return [];
    if (!isNew(codebase, map, stripCasts(value), parameter, point.at)) return [];
    const undone = { ref: map, at: point.at, api: name };
    return [
      {
        ...about,
        kind: 'direction',
        undoes: undone,
        mapped: 'that of the mapping before',
        unmapped: "the importer's new direction",
      },
    ];
  });
}

/** Whether a test around the call compares the new direction with something. */
function comparesWithOwn(around: CodeEvent['point']['around'], parameter: string): boolean {
  const word = new RegExp(`\\b${parameter}\\b`);
  return around.some((outer) => outer.kind === 'if' && word.test(expressionText(outer.test)));
}

/** Whether the parameter may hold another direction than the importer's: the map assigns it, or gives it to another one. */
function isWritten(unit: FunctionUnit, parameter: string): boolean {
  const isParameter = (value: Expression): boolean => value.kind === 'name' && value.name === parameter;
  let found = false;
  visitExpressions(unit.body, (one) => {
    if (one.kind === 'assignment') found ||= isParameter(one.target);
    else if (one.kind === 'update') found ||= isParameter(one.operand);
    else if (one.kind === 'unary') found ||= one.operator === '&' && isParameter(one.operand);
    else if (one.kind === 'call' && one.callee.kind === 'name' && one.callee.name === exchangeMacro)
      found ||= one.arguments.some(isParameter);
  });
  return found;
}

/**
 * Whether code before an offset may leave only mappings in the new direction: `if (a->dir != dir) return`. An `if` that
 * returns where the two are the same leaves the others.
 */
function isToldApart(unit: FunctionUnit, parameter: string, at: number): boolean {
  const isTold = (one: Expression, isPlain: boolean, isAsked: boolean): boolean => {
    if (one.kind === 'name') return isAsked && one.name === parameter;
    const isQuestion = one.kind === 'binary' && comparisons.has(one.operator);
    if (isQuestion && one.operator === '==' && isPlain) return false;
    const isStraight = isPlain && (one.kind !== 'unary' || one.operator !== '!');
    return subexpressions(one).some((inner) => isTold(inner, isStraight, isAsked || isQuestion));
  };
  let found = false;
  visitStatements(unit.body, (statement) => {
    if (statement.at > at) return;
    const isPlain = statement.kind === 'if' && statement.otherwise.length === 0 && leaves(statement.then);
    found ||= expressionsOf(statement).some((one) => isTold(one, isPlain, deciding.has(statement.kind)));
  });
  return found;
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);
const deciding: ReadonlySet<Statement['kind']> = new Set(['if', 'while', 'do', 'for', 'switch']);

/** Whether a branch ends with a jump. */
function leaves(body: readonly Statement[]): boolean {
  const last = body.at(-1);
  return last?.kind === 'block' ? leaves(last.body) : last?.kind === 'return' || last?.kind === 'goto';
}

/** Whether one call may run before another one: in the round of a loop before, too. */
function comesBefore(unit: FunctionUnit, { point }: CodeEvent, later: CodeEvent['point']): boolean {
  if (!point.call || !later.call) return true;
  const graph = graphOf(unit);
  return leadsTo(graph, nodeOfCall(graph, point.call), nodeOfCall(graph, later.call));
}

/** Whether a value is the new direction, or a member that holds it by then: the last store before the call is of it. */
function isNew(codebase: Codebase, map: FunctionRef, value: Expression, parameter: string, at: number): boolean {
  if (value.kind === 'name') return value.name === parameter;
  const member = value.kind === 'member' ? lvalueText(value) : null;
  let last: Expression | undefined;
  visitExpressions(codebase.program.lower(map).body, (expression) => {
    if (expression.kind !== 'assignment' || expression.operator !== '=' || expression.at > at) return;
    if (member !== null && lvalueText(expression.target) === member) last = expression.value;
  });
  return last?.kind === 'name' && last.name === parameter;
}
