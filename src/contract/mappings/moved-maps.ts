// Which kernel mappings are ended by a map whose address was moved on?

import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionUnit,
  subexpressions,
  visitExpressions,
} from '../../c/index.js';
import { expressionsIn, graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { dmaBufCore, functionsWithRole, isBorrower, movesMap, parameterIndex, roleOf } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, memoByFunction, plain } from '../../program/index.js';
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

function movedIn(codebase: Codebase, ref: FunctionRef): readonly MovedMap[] {
  const unit = codebase.program.lower(ref);
  const calls = callsIn(unit.body);
  const isMove = (call: CallExpression): boolean =>
    (nameOf(call) !== null && movesMap(nameOf(call) ?? '') && !movesBack(call)) || movesByHelper(codebase, ref, call);
  const moves = calls.filter(({ call }) => isMove(call));
  if (moves.length === 0) return [];
  return calls.flatMap(({ call, name }): readonly MovedMap[] => {
    if (name === null || roleOf(name) !== 'vunmap') return [];
    const map = variableAt(call.arguments[parameterIndex('vunmap', 'kernel-mapping')]);
    const move = moves.find(
      (one) => map !== undefined && one.call.arguments.some((given) => variableAt(given) === map),
    );
    return map !== undefined && move && isStillMoved(unit, move.call, call, map, isMove)
      ? [{ ref, at: call.at, api: name, movedAt: move.call.at }]
      : [];
  });
}

function nameOf({ callee }: CallExpression): string | null {
  return callee.kind === 'name' ? callee.name : null;
}

/** Whether a call gives the address of a map to a helper that moves it on and gives it no other address. */
function movesByHelper(codebase: Codebase, from: FunctionRef, call: CallExpression): boolean {
  const name = nameOf(call);
  const helper = name === null || movesMap(name) ? undefined : codebase.definitions.findInModule(name, from.path);
  const index = call.arguments.findIndex((argument) => variableAt(argument) !== undefined);
  const parameter = helper?.outline.parameters[index]?.name;
  if (!helper || parameter === undefined) return false;
  return memoByFunction(
    codebase,
    helper,
    `moves-map\0${index}`,
    () => {
      const { body, unparsed } = codebase.program.lower(helper);
      const given = callsIn(body).filter((one) => one.call.arguments.some((argument) => isName(argument, parameter)));
      const areMoves = given.every(
        (one) =>
          one.name !== null &&
          (movesMap(one.name) ? !movesBack(one.call) : isBorrower(one.name) && roleOf(one.name) === undefined),
      );
      let isOnlyRead = areMoves && unparsed.length === 0;
      visitExpressions(body, (expression) => {
        if (expression.kind === 'assignment' && leadsThrough(expression.target, parameter)) isOnlyRead = false;
      });
      return isOnlyRead && given.some((one) => one.name !== null && movesMap(one.name));
    },
    plain(),
  );
}

const isName = (value: Expression, name: string): boolean => value.kind === 'name' && value.name === name;

/** Whether a place is what a variable points to, or a member of it. */
function leadsThrough(place: Expression, name: string): boolean {
  return isName(place, name) || subexpressions(place).some((inner) => leadsThrough(inner, name));
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
function isStillMoved(
  unit: FunctionUnit,
  move: CallExpression,
  end: CallExpression,
  map: string,
  isMove: (call: CallExpression) => boolean,
): boolean {
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
      return isAnew || expressionsIn(node).some((one) => mayFill(one, map, isMove));
    },
    next: successors,
  });
}

function mayFill(expression: Expression, map: string, isMove: (call: CallExpression) => boolean): boolean {
  if (expression.kind === 'call' && isMove(expression)) return false;
  return fills(expression, map) || subexpressions(expression).some((inner) => mayFill(inner, map, isMove));
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
