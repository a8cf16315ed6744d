// Where does a function take locks one after the other: in a loop of its own, or in one of a helper?

import {
  type CallExpression,
  callsIn,
  type FunctionUnit,
  isLoop,
  visitExpressions,
  visitStatements,
} from '../../../../c/index.js';
import type { Resource } from '../../../../flow/index.js';
import { type Codebase, type FunctionRef, functionAt, functionKey } from '../../../../program/index.js';

/** Where the locks of a loop are all taken: after a call of the helper with the loop, or behind the loop in the function itself. */
export type Taken =
  | { readonly kind: 'by-helper'; readonly call: CallExpression }
  | { readonly kind: 'by-loop'; readonly end: number };

/** How many helpers may be called in a row until the lock is taken, besides the one that takes it. */
const deepest = 2;

/** Where a function takes the locks of a loop; undefined where no loop is around the lock, and where several calls may take it. */
export function loopOfLocks(codebase: Codebase, ref: FunctionRef, lock: Resource): Taken | undefined {
  const taker = functionAt(codebase.program, lock.path, lock.at);
  const way = taker && wayTo(codebase, ref, taker, deepest);
  if (!way) return undefined;
  const [first] = way;
  const own = loopAround(codebase.program.lower(ref), first?.call.at ?? lock.at);
  if (own) return { kind: 'by-loop', end: own.end };
  if (!first) return undefined;
  const isInLoop =
    way.slice(1).some(({ unit, call }) => loopAround(unit, call.at)) ||
    loopAround(codebase.program.lower(taker), lock.at) !== undefined;
  return isInLoop ? { kind: 'by-helper', call: first.call } : undefined;
}

/** A call on the way to the function that takes a lock, and the function that makes it. */
interface Step {
  readonly unit: FunctionUnit;
  readonly call: CallExpression;
}

/** The calls that lead from a function to another, from the outermost on: none for itself; undefined where not one way does. */
function wayTo(codebase: Codebase, ref: FunctionRef, taker: FunctionRef, depth: number): readonly Step[] | undefined {
  if (functionKey(ref) === functionKey(taker)) return [];
  if (depth < 0) return undefined;
  const unit = codebase.program.lower(ref);
  const ways = callsIn(unit.body).flatMap(({ name, call }): readonly (readonly Step[])[] => {
    const callee = name === null ? undefined : codebase.definitions.findCandidate(name, ref.path);
    const rest = callee && wayTo(codebase, callee, taker, depth - 1);
    return rest ? [[{ unit, call }, ...rest]] : [];
  });
  return ways.length === 1 ? ways[0] : undefined;
}

/** Where a loop begins and ends, as offsets. */
export interface LoopRange {
  readonly start: number;
  readonly end: number;
}

/** Where the outermost loop around an offset begins and ends; undefined if there is none. */
export function loopAround(unit: FunctionUnit, at: number): LoopRange | undefined {
  const ranges: LoopRange[] = [];
  visitStatements(unit.body, (statement) => {
    if (!isLoop(statement)) return;
    let end = statement.at;
    visitExpressions([statement], (expression) => {
      end = Math.max(end, expression.at);
    });
    ranges.push({ start: statement.at, end });
  });
  return ranges.find(({ start, end }) => start <= at && at <= end);
}
