// Is a resource left only because loops within loops are followed for fewer rounds than they run?

import { type FunctionUnit, isLoop, visitExpressions, visitStatements } from '../../../c/index.js';
import type { FlowExit, Resource } from '../../../flow/index.js';
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
