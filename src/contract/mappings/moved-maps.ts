// Which kernel mappings are ended by a map whose address was moved on?

import { type CallExpression, callsIn, type Expression, type FunctionUnit, subexpressions } from '../../c/index.js';
import { expressionsIn, graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { dmaBufCore, functionsWithRole, isBorrower, movesMap, parameterIndex, roleOf } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import type { MovedMap } from '../model/mappings.js';

/** Finds the vunmaps that get a map of their function which was moved on, and not filled since. */
export function findMovedMaps(codebase: Codebase): readonly MovedMap[] {
  const { program, references } = codebase;
  const found = functionsWithRole('vunmap').flatMap((name) => references.of(name, program.candidates));
  const refs = new Map(
    found.flatMap(({ inside, isCall }) => (inside && isCall ? [[functionKey(inside), inside]] : [])),
  );
  return [...refs.values()].filter(({ path }) => path !== dmaBufCore).flatMap((ref) => movedIn(codebase, ref));
}

function movedIn({ program }: Codebase, ref: FunctionRef): readonly MovedMap[] {
  const unit = program.lower(ref);
  const calls = callsIn(unit.body);
  const moves = calls.filter(({ name, call }) => name !== null && movesMap(name) && !movesBack(call));
  if (moves.length === 0) return [];
  return calls.flatMap(({ call, name }): readonly MovedMap[] => {
    if (name === null || roleOf(name) !== 'vunmap') return [];
    const map = variableAt(call.arguments[parameterIndex('vunmap', 'kernel-mapping')]);
    const move = moves.find((one) => map !== undefined && variableAt(one.call.arguments[0]) === map);
    return map !== undefined && move && isStillMoved(unit, move.call, call, map)
      ? [{ ref, at: call.at, api: name, movedAt: move.call.at }]
      : [];
  });
}

/** The variable of `&map`. */
function variableAt(argument: Expression | undefined): string | undefined {
  const isAddress = argument?.kind === 'unary' && argument.operator === '&' && argument.operand.kind === 'name';
  return isAddress && argument.operand.kind === 'name' ? argument.operand.name : undefined;
}

/** Whether a move reverses another one: `iosys_map_incr(&map, -offset)`. */
function movesBack({ arguments: [, distance] }: CallExpression): boolean {
  const inner = distance?.kind === 'cast' ? distance.operand : distance;
  return inner?.kind === 'unary' && inner.operator === '-';
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
      return isAnew || expressionsIn(node).some((one) => mayFill(one, map));
    },
    next: successors,
  });
}

function mayFill(expression: Expression, map: string): boolean {
  return fills(expression, map) || subexpressions(expression).some((inner) => mayFill(inner, map));
}

/** Whether an expression may give a map another address: `map = old`, `map.vaddr -= offset`, `f(&map)`. */
function fills(expression: Expression, map: string): boolean {
  if (expression.kind === 'assignment') {
    const { target } = expression;
    const filled = target.kind === 'member' && !target.arrow ? target.object : target;
    return filled.kind === 'name' && filled.name === map;
  }
  if (expression.kind !== 'call' || !expression.arguments.some((argument) => variableAt(argument) === map))
    return false;
  const name = expression.callee.kind === 'name' ? expression.callee.name : null;
  if (name !== null && movesMap(name)) return movesBack(expression);
  return name === null || roleOf(name) === 'vmap' || !isBorrower(name);
}
