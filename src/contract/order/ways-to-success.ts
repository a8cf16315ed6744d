// Does a way lead from an attach to success, with the attachment kept in a structure?

import { type CallExpression, callsIn, type Expression, type FunctionUnit, visitExpressions } from '../../c/index.js';
import {
  type ControlFlowGraph,
  type ControlFlowNode,
  expressionsIn,
  graphOf,
  isReachable,
  nodeOfCall,
  successors,
} from '../../flow/index.js';
import { isFailureTest, isZeroLiteral, roleOf, takers } from '../../kernel/index.js';
import { type Codebase, memoByFunction, originsOf, plain } from '../../program/index.js';
import { rootOf } from '../owners/members.js';

/** Whether a value is the result of a call. */
export function isOf(unit: FunctionUnit, value: Expression | undefined, from: CallExpression): boolean {
  if (!value) return false;
  return originsOf(unit, takenOut(value)).some(
    (origin) => origin.kind === 'call' && origin.call.at === from.at && origin.path.length === 0,
  );
}

/**
 * The variable that `no_free_ptr(variable)` clears, or that `return_ptr(variable)` returns; any other value unchanged.
 */
function takenOut(value: Expression): Expression {
  const [variable] = value.kind === 'call' ? value.arguments : [];
  const isTaker = value.kind === 'call' && value.callee.kind === 'name' && takers.has(value.callee.name);
  return isTaker && variable ? variable : value;
}

/** Whether a structure that is reached by a pointer keeps the attachment. */
export function isStored(unit: FunctionUnit, attach: CallExpression): boolean {
  return holdersOf(unit, attach).size > 0;
}

/**
 * Whether a way leads from the attach over the put to success, past no detach, and past no other buffer of a loop.
 * @param got the call that got the buffer; null where a caller lends it
 * @param put the node of the put; null where none is needed: the end of the scope puts, or the caller
 */
export function leads(
  codebase: Codebase,
  unit: FunctionUnit,
  attach: CallExpression,
  got: CallExpression | null,
  put: number | null,
): boolean {
  const graph = graphOf(unit);
  const holders = holdersOf(unit, attach);
  const stored = Math.min(...holders.values());
  const detaches = new Set(
    callsIn(unit.body).flatMap(({ name, call }) => {
      // What a helper detaches before the structure has this attachment is an earlier one.
      const isOfEarlier = (name === null || roleOf(name) !== 'detach') && call.at > attach.at && call.at < stored;
      const isGiven = call.arguments.some((argument) => isOf(unit, argument, attach));
      return name !== null && (isGiven || !isOfEarlier) && detachesBy(codebase, name, unit.path, deepestDetach)
        ? [nodeOfCall(graph, call)]
        : [];
    }),
  );
  const from = nodeOfCall(graph, attach);
  const next = got && nodeOfCall(graph, got);
  // A variable that is set to an error is returned, too.
  const isReset = (index: number): boolean => {
    const node = graph.nodes[index];
    return index !== from && node !== undefined && resets(node, holders);
  };
  const isBlocked = (index: number): boolean =>
    detaches.has(index) || (index === next && index !== from) || isReset(index);
  const leadsTo = (isSuccess: IsGoal, isOff: (index: number) => boolean, zeroResult: string | null): boolean => {
    const next = (node: ControlFlowNode): readonly number[] => whereItWorked(node, zeroResult);
    const reaches = (start: number, isGoal: IsGoal): boolean =>
      start >= 0 && isReachable(graph, start, { isGoal, isBlocked: isOff, next });
    if (put === null) return reaches(from, isSuccess);
    return put >= 0 && reaches(from, (_, index) => index === put) && reaches(put, isSuccess);
  };
  const isSuccess: IsGoal = (node) =>
    node.kind === 'return' &&
    node.value !== null &&
    (isZeroLiteral(node.value) || isPartOf(takenOut(node.value), holders));
  if (leadsTo(isSuccess, isBlocked, null)) return true;
  return zeroResults(graph, from).some((name) =>
    leadsTo(
      (node) => node.kind === 'return' && node.value?.kind === 'name' && node.value.name === name,
      (index) => isBlocked(index) || assigned(graph.nodes[index], name) === 'other',
      name,
    ),
  );
}

/** How many levels of helpers are searched for a detach. */
const deepestDetach = 2;

/** Whether a call, or a function that the callee calls, detaches. */
function detachesBy(codebase: Codebase, name: string, path: string, depth: number): boolean {
  if (roleOf(name) === 'detach') return true;
  const helper = depth > 0 ? codebase.definitions.findCandidate(name, path) : undefined;
  return (
    helper !== undefined &&
    memoByFunction(
      codebase,
      helper,
      `detaches\0${depth}`,
      () =>
        callsIn(codebase.program.lower(helper).body).some(
          ({ name: inner }) => inner !== null && detachesBy(codebase, inner, helper.path, depth - 1),
        ),
      plain(),
    )
  );
}

type IsGoal = (node: ControlFlowNode, index: number) => boolean;

/**
 * The variables that some `return` returns, and that are 0 at a node: `int ret = 0;` comes before it, and no other
 * assignment.
 */
function zeroResults(graph: ControlFlowGraph, at: number): readonly string[] {
  const returned = new Set(
    graph.nodes.flatMap((node) => (node.kind === 'return' && node.value?.kind === 'name' ? [node.value.name] : [])),
  );
  return [...returned].filter((name) =>
    graph.nodes.some(
      (node, index) =>
        assigned(node, name) === 'zero' &&
        isReachable(graph, index, {
          isGoal: (_, other) => other === at,
          isBlocked: (other) => other !== index && assigned(graph.nodes[other], name) === 'other',
          next: successors,
        }),
    ),
  );
}

/** What a node assigns to a variable: 0 or something else; null if it assigns nothing. */
function assigned(node: ControlFlowNode | undefined, name: string): 'zero' | 'other' | null {
  if (!node) return null;
  if (node.kind === 'declare' && node.name === name) return node.value && isZeroLiteral(node.value) ? 'zero' : 'other';
  const found = expressionsIn(node).flatMap((expression) =>
    expression.kind === 'assignment' && expression.target.kind === 'name' && expression.target.name === name
      ? [isZeroLiteral(expression.value) ? ('zero' as const) : ('other' as const)]
      : [],
  );
  return found.at(-1) ?? null;
}

/** Whether a node gives one of the variables another value, once its structure keeps the attachment. */
function resets(node: ControlFlowNode, holders: ReadonlyMap<string, number>): boolean {
  return expressionsIn(node).some(
    (expression) =>
      expression.kind === 'assignment' &&
      expression.target.kind === 'name' &&
      expression.at > (holders.get(expression.target.name) ?? Number.POSITIVE_INFINITY),
  );
}

/** Whether a value points to what one of some variables points to, or to a part of it. */
function isPartOf(value: Expression, names: ReadonlyMap<string, unknown>): boolean {
  const isPointer = value.kind === 'name' || (value.kind === 'unary' && value.operator === '&');
  const root = isPointer ? rootOf(value) : null;
  return root !== null && names.has(root);
}

/**
 * The variables that lead by a pointer to the member that keeps the attachment, with the offset where it is stored: to
 * return one is to succeed.
 */
export function holdersOf(unit: FunctionUnit, attach: CallExpression): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || !isBehindPointer(expression.target)) return;
    const root = rootOf(expression.target);
    if (root !== null && isOf(unit, expression.value, attach)) found.set(root, expression.at);
  });
  return found;
}

function isBehindPointer(target: Expression): boolean {
  if (target.kind === 'index') return isBehindPointer(target.object);
  return target.kind === 'member' && (target.arrow || isBehindPointer(target.object));
}

/**
 * The nodes after a node, except those behind a test that found an error.
 * @param zeroResult a variable that is 0 on the path; null for none
 */
function whereItWorked(node: ControlFlowNode, zeroResult: string | null): readonly number[] {
  if (node.kind !== 'test') return successors(node);
  const { test } = node;
  const isFailure = test.kind === 'call' && test.callee.kind === 'name' && isFailureTest(test.callee.name);
  if (isFailure || isNamed(test, zeroResult)) return [node.whenFalse];
  const isZeroTest = test.kind === 'binary' && isNamed(test.left, zeroResult) && isZeroLiteral(test.right);
  if (!isZeroTest) return successors(node);
  return [/^(?:==|>=|<=)$/.test(test.operator) ? node.whenTrue : node.whenFalse];
}

const isNamed = (value: Expression, name: string | null): boolean => value.kind === 'name' && value.name === name;
