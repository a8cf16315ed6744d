// Which kernel mappings are ended by a map whose address was moved on?

import { type CallExpression, callsIn, type Expression, type FunctionUnit, subexpressions } from '../../c/index.js';
import { expressionsIn, graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { dmaBufCore, functionsWithRole, isBorrower, movesMap, parameterIndex, roleOf } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import type { MovedMap } from '../model/mappings.js';
import { hasAddress, helperMoves, isDifference, isName, isReversed, mayGoBack } from './moving-helpers.js';

/** Finds the vunmaps that get a map of their function which was moved on, and not filled since. */
export function findMovedMaps(codebase: Codebase): readonly MovedMap[] {
  const { program, references } = codebase;
  const found = functionsWithRole('vunmap').flatMap((name) => references.of(name, program.candidates));
  const refs = new Map(
    found.flatMap(({ inside, isCall }) => (inside && isCall ? [[functionKey(inside), inside]] : [])),
  );
  return [...refs.values()].filter(({ path }) => path !== dmaBufCore).flatMap((ref) => movedIn(codebase, ref));
}

function movedIn(codebase: Codebase, ref: FunctionRef): readonly MovedMap[] {
  const unit = codebase.program.lower(ref);
  const calls = callsIn(unit.body);
  const moves = calls.flatMap(({ call }) => {
    const map = movedBy(codebase, ref, call);
    return map === undefined ? [] : [{ call, map }];
  });
  if (moves.length === 0) return [];
  return calls.flatMap(({ call, name }): readonly MovedMap[] => {
    if (name === null || roleOf(name) !== 'vunmap') return [];
    const map = variableAt(call.arguments[parameterIndex('vunmap', 'kernel-mapping')]);
    const move = moves.find((one) => one.map === map && isStillMoved(unit, one.call, call, one.map));
    return move ? [{ ref, at: call.at, api: name, movedAt: move.call.at }] : [];
  });
}

/** The variable of the map that a call moves on, itself or by a helper of the module; undefined for any other call. */
function movedBy(codebase: Codebase, ref: FunctionRef, call: CallExpression): string | undefined {
  const { callee, arguments: given } = call;
  if (callee.kind !== 'name') return undefined;
  const unit = codebase.program.lower(ref);
  if (movesMap(callee.name)) return mayGoBack(unit, given[1], isReversed) ? undefined : variableAt(given[0]);
  const index = given.findIndex((argument) => variableAt(argument) !== undefined);
  const isOnlyAddress = given.every((argument, at) => at === index || !hasAddress(argument));
  const helper = isOnlyAddress ? codebase.definitions.findInModule(callee.name, ref.path) : undefined;
  const isBack = (argument: Expression): boolean =>
    mayGoBack(unit, argument, isDifference) ||
    (argument.kind === 'name' && codebase.definitions.macro(argument.name, ref.path)?.includes('-') === true);
  if (!helper || given.some(isBack)) return undefined;
  return helperMoves(codebase, helper, index) ? variableAt(given[index]) : undefined;
}

/** The variable of `&map`. */
function variableAt(argument: Expression | undefined): string | undefined {
  const isAddress = argument?.kind === 'unary' && argument.operator === '&' && argument.operand.kind === 'name';
  return isAddress && argument.operand.kind === 'name' ? argument.operand.name : undefined;
}

/** Whether a way leads from one call to another on which nothing gives the variable another value. */
function isStillMoved(unit: FunctionUnit, move: CallExpression, end: CallExpression, map: string): boolean {
  const graph = graphOf(unit);
  const from = nodeOfCall(graph, move);
  const goal = nodeOfCall(graph, end);
  if (from < 0 || goal < 0) return false;
  return isReachable(graph, from, {
    isGoal: (_, index) => index === goal,
    isBlocked: (index) => {
      const node = graph.nodes[index];
      if (index === from || node === undefined) return false;
      const isAnew = node.kind === 'declare' && node.name === map;
      return isAnew || expressionsIn(node).some((one) => mayFill(unit, one, map));
    },
    next: successors,
  });
}

function mayFill(unit: FunctionUnit, expression: Expression, map: string): boolean {
  return fills(unit, expression, map) || subexpressions(expression).some((inner) => mayFill(unit, inner, map));
}

/**
 * Whether an expression may give a map another address: `map = old`, `map.vaddr -= offset`, `swap(map, old)`, `f(&map)`. A
 * helper that moves a map on may move it back the next time.
 */
function fills(unit: FunctionUnit, expression: Expression, map: string): boolean {
  if (expression.kind === 'assignment') {
    const { target } = expression;
    const filled = target.kind === 'member' && !target.arrow ? target.object : target;
    return isName(filled, map);
  }
  if (expression.kind !== 'call') return false;
  const { callee, arguments: given } = expression;
  const isNamed = given.some((argument) => isName(argument, map));
  if (!isNamed && !given.some((argument) => variableAt(argument) === map)) return false;
  const name = callee.kind === 'name' ? callee.name : null;
  if (name !== null && movesMap(name)) return mayGoBack(unit, given[1], isReversed);
  return isNamed || name === null || roleOf(name) === 'vmap' || !isBorrower(name);
}
