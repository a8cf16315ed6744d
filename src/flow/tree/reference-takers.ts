// May the put of a counted object, of which the path has not seen the count, be the last one?

import { callsIn } from '../../c/index.js';
import { kref } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';
import type { CallFrame } from '../model/engine.js';

/**
 * Whether the put may drop a reference that a function of the path has taken, by itself or by a helper: then it need not drop
 * the one that keeps the object.
 * @param frame that of the put
 */
export function mayDropOwn(codebase: Codebase, frame: CallFrame): boolean {
  for (let one: CallFrame | undefined = frame; one; one = one.from?.frame)
    if (takesReference(codebase, one.ref, deepestTake)) return true;
  return false;
}

/** A reference may be taken by a helper: `foo_get(foo)`. */
const deepestTake = 1;

function takesReference(codebase: Codebase, ref: FunctionRef, depth: number): boolean {
  return memoByFunction(
    codebase,
    ref,
    `takes a reference\0${depth}`,
    () =>
      callsIn(codebase.program.lower(ref).body).some(({ name }) => {
        if (name === kref.get) return true;
        const helper = name !== null && depth > 0 ? codebase.definitions.findNear(name, ref.path) : undefined;
        return helper !== undefined && takesReference(codebase, helper, depth - 1);
      }),
    plain(),
  );
}
