import type { FunctionRef } from '../../program/index.js';
import { slotFunctionName } from '../expansion/cleanup.js';
import { reachable } from '../state/heap.js';
import type { State } from '../state/state.js';
import type { AnyCallSite, CallSite } from './call-site.js';

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

/**
 * The function that a call through a member leads to, where the path itself has stored the function there, or the table that
 * holds it: `x->free = ex_free; … x->free(x)`, `x->ops = &ex_ops; … x->ops->map(x)`.
 */
export function pointerTarget({ engine, call, frame }: AnyCallSite, state: State): FunctionRef | undefined {
  const { callee } = call;
  if (callee.kind !== 'member' || engine.locks) return undefined;
  const [pointer] = engine.evaluate(callee, state, frame);
  const stored = pointer && engine.globals.get(pointer.value);
  const [table] = stored === undefined ? engine.evaluate(callee.object, state, frame) : [];
  const tableName = table && engine.globals.get(table.value);
  // A static function, or a table, is that of the file which stores it, wherever the call stands.
  const from = stored === undefined ? table : pointer;
  const path = (from && engine.globalFiles.get(from.value)) ?? frame.ref.path;
  const name = stored ?? (tableName && slotFunctionName(engine.codebase, tableName, callee.member, path));
  const target = name === undefined ? undefined : engine.codebase.definitions.findCandidate(name, path);
  return target && engine.relevance.matters(target) ? target : undefined;
}
