// May a put of a counted object be the last one, if the path does not know the count?

import { callsIn } from '../../c/index.js';
import { kref } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';
import type { CallFrame } from '../model/engine.js';

/**
 * Whether the put may drop a reference that a function of the path has taken, directly or through a helper. Then the object
 * may still have another reference.
 * @param frame the frame of the put
 */
export function mayDropOwn(codebase: Codebase, frame: CallFrame): boolean {
  for (let one: CallFrame | undefined = frame; one; one = one.from?.frame)
    if (takesReference(codebase, one.ref, deepestTake)) return true;
  return false;
}

/** A helper may take the reference: `foo_get(foo)`. */
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
