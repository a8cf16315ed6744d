import type { FunctionRef } from '../../program/index.js';
import { reachable } from '../state/heap.js';
import type { State } from '../state/state.js';
import type { CallSite } from './call-site.js';

/**
 * The callee that gets what the path holds, and that stands in a file of the module which does not itself use the API:
 * `ib_umem_release()` calls the release function of its kind, and is in another file than both it and its caller.
 * @returns undefined where the call passes nothing that the path holds, or the callee does not reach the API
 */
export function receiverOfHoldings({ engine, name, values, frame }: CallSite, state: State): FunctionRef | undefined {
  if (engine.locks || state.resources.length === 0) return undefined;
  const passed = reachable(state, values);
  if (!state.resources.some(({ handle, holder }) => passed.has(handle) || (holder !== null && passed.has(holder))))
    return undefined;
  const target = engine.codebase.definitions.findInModule(name, frame.ref.path);
  return target && engine.relevance.matters(target) ? target : undefined;
}
