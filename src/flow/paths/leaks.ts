import type { FlowExit } from '../model/results.js';
import { reachable } from '../state/heap.js';
import type { Resource } from '../state/resource.js';
import { answerKeys, type State } from '../state/state.js';
import type { Value } from '../state/value.js';

/** A resource that is still held at an exit, and that the caller does not get. */
export interface Leak {
  readonly resource: Resource;
  /** Whether code outside knows its handle: it may still release the resource, unless the function failed. */
  readonly isKnownOutside: boolean;
  /** For a descriptor: whether its number was handed out before the function failed. */
  readonly wasTold: boolean;
}

/** The resources that are lost at an exit. */
export function leaksAt(exit: FlowExit): readonly Leak[] {
  const { state, value } = exit;
  const held = state.resources.filter(
    (resource) => resource.status === 'held' || isPublished(exit, resource) || isRefused(exit, resource),
  );
  if (held.length === 0) return [];
  const returned = value === null || exit.outcome === 'error' ? new Set<Value>() : reachable(state, [value]);
  return held.flatMap((resource): Leak[] => {
    const isReturned =
      returned.has(resource.handle) ||
      (resource.of !== null && resource.kind !== 'attachment' && returned.has(resource.of));
    if (isReturned) return [];
    const wasTold = resource.kind === 'fd' && resource.status === 'given';
    return [{ resource, isKnownOutside: !isForgotten(resource) && isKnown(state, resource), wasTold }];
  });
}

/** Whether a descriptor was handed out, and the function fails: user space has it, and is told that it has not. */
function isPublished({ outcome }: FlowExit, resource: Resource): boolean {
  const { kind, status, end, wasPassedOn, isElement } = resource;
  return (
    kind === 'fd' &&
    outcome === 'error' &&
    status === 'given' &&
    !wasPassedOn &&
    !isElement &&
    (end?.kind === 'stored' || end?.kind === 'given-to-caller' || end?.kind === 'copied-to-user')
  );
}

/** Whether an export that is kept in a member was left there, though its descriptor could not be made. */
function isRefused({ outcome }: FlowExit, { kind, status, refused, end, wasPassedOn }: Resource): boolean {
  return (
    kind === 'reference' &&
    outcome === 'error' &&
    status === 'given' &&
    refused !== null &&
    end?.kind === 'stored' &&
    !wasPassedOn
  );
}

/** Whether a path puts the reference that a descriptor has. */
export function wasOverPut({ state }: FlowExit, { of }: Resource): boolean {
  return of !== null && state.answers.has(answerKeys.overPut(of));
}

/** Whether nobody finds the resource any more: what held it was freed, or holds something else now. */
function isForgotten({ holderFreed, isOverwritten }: Resource): boolean {
  return holderFreed || isOverwritten;
}

/** Whether code outside knows the handle, or an object from which the handle is reachable. */
function isKnown(state: State, resource: Resource): boolean {
  return state.shared.has(resource.handle) || reachable(state, [...state.shared.keys()]).has(resource.handle);
}
