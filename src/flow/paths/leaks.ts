import type { FlowExit } from '../model/results.js';
import { reachable } from '../state/heap.js';
import type { Resource } from '../state/resource.js';
import type { State } from '../state/state.js';
import type { Value } from '../state/value.js';

/** A resource that is still held at an exit, and that the caller does not get. */
export interface Leak {
  readonly resource: Resource;
  /** Whether code outside knows its handle: it may still release the resource, unless the function failed. */
  readonly isKnownOutside: boolean;
}

/** The resources that are lost at an exit. */
export function leaksAt(exit: FlowExit): readonly Leak[] {
  const { state, value } = exit;
  const held = state.resources.filter((resource) => resource.status === 'held');
  if (held.length === 0) return [];
  const returned = value === null || exit.outcome === 'error' ? new Set<Value>() : reachable(state, [value]);
  return held.flatMap((resource): Leak[] => {
    const isReturned =
      returned.has(resource.handle) ||
      (resource.of !== null && resource.kind !== 'attachment' && returned.has(resource.of));
    if (isReturned) return [];
    return [{ resource, isKnownOutside: !isForgotten(resource) && isKnown(state, resource) }];
  });
}

/** Whether nobody finds the resource any more: what held it was freed, or holds something else now. */
function isForgotten({ holderFreed, isOverwritten }: Resource): boolean {
  return holderFreed || isOverwritten;
}

/** Whether code outside knows the handle, or an object from which the handle is reachable. */
function isKnown(state: State, resource: Resource): boolean {
  return state.shared.has(resource.handle) || reachable(state, [...state.shared.keys()]).has(resource.handle);
}
