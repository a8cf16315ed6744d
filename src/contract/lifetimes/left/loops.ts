// Is a resource left only because loops within loops are followed for fewer rounds than they run?

import {
  type CallExpression,
  type Expression,
  type FunctionUnit,
  isLoop,
  type Statement,
  visitExpressions,
  visitStatements,
} from '../../../c/index.js';
import { type FlowExit, hasIndex, objectOfKey, type Resource } from '../../../flow/index.js';
import { apiFunction } from '../../../kernel/index.js';
import { type Codebase, functionAt } from '../../../program/index.js';
import { placeKey } from '../defects.js';

/** From here on, the rounds that are followed of the loops that fill and of those that empty need not match. */
const doubtfulDepth = 2;

/**
 * Whether a resource that is still held was acquired in a loop within a loop, and another one from the same place was
 * released: the planes of all views, say. Loops are followed for a few rounds, and nested ones that unwind for fewer than
 * were filled.
 */
export function isLeftOfNestedLoops(unit: FunctionUnit, { state }: FlowExit, resource: Resource): boolean {
  const isOneOfSeveral = state.resources.some(
    (other) => other.status === 'released' && other.count > 0 && placeKey(other) === placeKey(resource),
  );
  return isOneOfSeveral && loopsAround(unit, resource.at) >= doubtfulDepth;
}

/**
 * Whether a resource that is still held is in an array whose elements were filled one by one, and the path has passed a
 * loop that releases the elements. The analysis follows such a loop for fewer rounds than its bound says.
 */
export function isLeftOfCountedLoop(
  unit: FunctionUnit,
  exits: readonly FlowExit[],
  exit: FlowExit,
  resource: Resource,
): boolean {
  const { kind, at, path } = resource;
  if (path !== unit.path || !isInArray(exit.state, resource.handle) || loopsAround(unit, at) > 0) return false;
  const ends = new Set(
    exits.flatMap(({ state }) =>
      state.resources.flatMap((one) =>
        one.kind === kind && one.status === 'released' && one.count > 0 && one.path === path && one.end?.path === path
          ? [one.end.at]
          : [],
      ),
    ),
  );
  let found = false;
  visitExpressions(unit.body, (call, statement, around) => {
    if (call.kind !== 'call' || call.at < at || !(ends.has(call.at) || releases(call, kind))) return;
    const isReleased = (loop: Statement): boolean => isLoop(loop) && hasPassed(exit, loop) && takesElement(call, loop);
    found ||= [...around, statement].some(isReleased);
  });
  return found;
}

/**
 * Whether a callee has released in a loop over an array what stands in it beside a resource: `for (i = 0; i < 2; i++)
 * dma_buf_put(x->bufs[i]);`. Loops are followed for fewer rounds than they have.
 */
export function isLeftOfCalleesLoop({ program }: Codebase, { state }: FlowExit, { kind, handle }: Resource): boolean {
  if (!isInArray(state, handle)) return false;
  return state.resources.some(({ kind: other, status, count, end }) => {
    if (other !== kind || status !== 'released' || count === 0 || !end) return false;
    const callee = functionAt(program, end.path, end.at);
    return callee !== undefined && isInLoopOverArray(program.lower(callee), end.at);
  });
}

/** Whether a call releases one element of an array after the other. */
function isInLoopOverArray(unit: FunctionUnit, at: number): boolean {
  let found = false;
  visitExpressions(unit.body, (call, statement, around) => {
    if (call.kind !== 'call' || call.at !== at) return;
    found ||= [...around, statement].some((loop) => isLoop(loop) && takesElement(call, loop));
  });
  return found;
}

function releases({ callee, arguments: list }: CallExpression, kind: Resource['kind']): boolean {
  const api = callee.kind === 'name' ? apiFunction(callee.name, list.length) : undefined;
  return api?.effects.some((effect) => effect.kind === 'release' && effect.resource === kind) ?? false;
}

/** Whether a call gets an element of an array in each round of a loop. */
function takesElement({ arguments: list }: CallExpression, loop: Statement): boolean {
  return list.some((one) => hasIndex(one) || isStepped(loop, one));
}

/** Whether an argument is what a pointer leads to that a loop steps: `*p`, `p->buf`. */
function isStepped(loop: Statement, argument: Expression): boolean {
  let root = argument;
  while (root.kind === 'member' || (root.kind === 'unary' && root.operator === '*'))
    root = root.kind === 'member' ? root.object : root.operand;
  if (root === argument || root.kind !== 'name') return false;
  const { name } = root;
  let found = false;
  visitExpressions([loop], (one) => {
    found ||= one.kind === 'update' && one.operand.kind === 'name' && one.operand.name === name;
  });
  return found;
}

/** Whether a path has passed a test in a loop. */
function hasPassed({ state }: FlowExit, loop: Statement): boolean {
  let end = loop.at;
  visitExpressions([loop], ({ at }) => {
    end = Math.max(end, at);
  });
  return state.decisions.some(({ kind, at }) => kind === 'test' && loop.at <= at && at <= end);
}

/** Whether an element of an array is a value, or a structure that holds it. */
function isInArray({ heap }: FlowExit['state'], value: Resource['handle']): boolean {
  for (const [key, held] of heap) {
    if (held !== value) continue;
    if (element.test(key)) return true;
    const holder = objectOfKey(key);
    for (const [outer, inner] of heap) if (inner === holder && element.test(outer)) return true;
  }
  return false;
}

const element = /\.\[\w+\]$/;

/** Whether a function has a loop. */
export function hasLoop({ body }: FunctionUnit): boolean {
  let found = false;
  visitStatements(body, (statement) => {
    found ||= isLoop(statement);
  });
  return found;
}

/** How many loops stand around the expression at an offset. */
export function loopsAround(unit: FunctionUnit, at: number): number {
  let depth = 0;
  visitExpressions(unit.body, (expression, statement, around) => {
    if (expression.at === at) depth = Math.max(depth, [...around, statement].filter(isLoop).length);
  });
  return depth;
}

/** Whether the expressions at two offsets are in the same loop. */
export function areInOneLoop(unit: FunctionUnit, one: number, other: number): boolean {
  const loopsOf = (at: number): readonly number[] => {
    const found: number[] = [];
    visitExpressions(unit.body, (expression, statement, around) => {
      if (expression.at === at) found.push(...[...around, statement].filter(isLoop).map((loop) => loop.at));
    });
    return found;
  };
  const first = loopsOf(one);
  return loopsOf(other).some((loop) => first.includes(loop));
}
