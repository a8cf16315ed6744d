import { mayKeepOut } from '../../kernel/index.js';
import { isNewReference } from '../calls/acquire-release.js';
import { resolve } from '../evaluate/arithmetic.js';
import type { FlowExit } from '../model/results.js';
import { isFileOf } from '../state/files.js';
import { memberOfOwnData, objectOfKey, reachable } from '../state/heap.js';
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
  /** Whether the function itself has released what the release of this one needs. */
  readonly isStranded: boolean;
  /** Whether others have seen it, who are not to release it, and the path has freed all that holds it. */
  readonly wasOnlyShown: boolean;
  /** Whether the function returns an object that a test found to hold the same buffer: its receiver may put it from there. */
  readonly isWithReceiver: boolean;
}

/** The resources that are lost at an exit. */
export function leaksAt(exit: FlowExit): readonly Leak[] {
  const { state, value } = exit;
  const held = state.resources.filter(
    (resource, index) =>
      (resource.status === 'held' ||
        isPublished(exit, resource) ||
        isRefused(exit, resource) ||
        isLeftInOwnData(exit, resource) ||
        isLeftStranded(exit, resource)) &&
      !exit.guessed?.includes(index),
  );
  if (held.length === 0) return [];
  const returned = value === null || exit.outcome === 'error' ? new Set<Value>() : reachable(state, [value]);
  return held.flatMap((resource): Leak[] => {
    const isReturned =
      returned.has(resource.handle) ||
      isReturnedAsFile(exit, resource) ||
      (resource.of !== null && resource.kind !== 'attachment' && returned.has(resource.of));
    if (isReturned) return [];
    const wasTold = resource.kind === 'fd' && resource.status === 'given';
    const stranded = isStranded(exit, resource);
    const wasOnlyShown = isShownAndGone(state, resource);
    const isKnownOutside =
      !isForgotten(resource) &&
      !wasOnlyShown &&
      !(stranded && (isOnlyLent(state, resource) || isInFreed(state, resource))) &&
      isKnown(state, resource);
    const isWithReceiver = [...returned].some((one) => resolve(state, one) === resource.handle);
    return [{ resource, isKnownOutside, wasTold, isStranded: stranded, wasOnlyShown, isWithReceiver }];
  });
}

/** Whether a function returns the file of a buffer: `return dmabuf->file;` hands over the reference. */
function isReturnedAsFile({ outcome, state, value }: FlowExit, { kind, handle }: Resource): boolean {
  return kind === 'reference' && outcome !== 'error' && value !== null && isFileOf(state, handle, value);
}

/** What a resource needs for its release, by kind. */
const foundations: Partial<Record<Resource['kind'], Resource['kind']>> = {
  mapping: 'attachment',
  attachment: 'reference',
};

/**
 * Whether the function that mapped has detached the attachment, or the one that attached has put the buffer that it got
 * itself: nobody can unmap, or detach, any more.
 */
function isStranded({ state }: FlowExit, { kind, of, function: taker }: Resource): boolean {
  const foundation = foundations[kind];
  return (
    foundation !== undefined &&
    state.resources.some(
      (below) =>
        below.kind === foundation &&
        (foundation !== 'reference' || isNewReference(below.api)) &&
        below.handle === of &&
        below.status === 'released' &&
        below.count > 0 &&
        below.function === taker,
    )
  );
}

/** Whether only the table of a mapping was shown to others, who cannot unmap it: they never knew its attachment. */
function isOnlyLent({ shared }: State, { kind, status, of }: Resource): boolean {
  return kind === 'mapping' && status === 'held' && of !== null && !shared.has(of);
}

/**
 * Whether the function left one in a member whose release is no longer possible. What a function keeps without a reference
 * to its buffer, where it succeeds, is another question.
 */
function isLeftStranded(exit: FlowExit, resource: Resource): boolean {
  const { kind, status, end, wasPassedOn, wasLeftToCallee, isElement } = resource;
  if (status === 'given' && end?.kind === 'passed' && mayKeepOut(end.to ?? ''))
    return isInFreed(exit.state, resource) && isStranded(exit, resource);
  // If a callee fails and its caller detaches, the callee has not unmapped.
  const mayBeReleased = exit.outcome === 'error' && kind === 'mapping' ? wasLeftToCallee : wasPassedOn;
  const isLeft = status === 'given' && end?.kind === 'stored' && !mayBeReleased && !isElement;
  return isLeft && (exit.outcome === 'error' || kind === 'mapping') && isStranded(exit, resource);
}

/** Whether the path has freed the object that holds it. An example is the loser of a race for an index. */
function isInFreed({ heap, freed }: State, { handle, of }: Resource): boolean {
  return [...heap].some(([place, held]) => {
    const object = objectOfKey(place);
    return held === handle && object !== of && freed.has(object);
  });
}

/**
 * Whether the table of a mapping was shown to callees that do not unmap, and everything in which the path has stored it was
 * freed.
 */
function isShownAndGone({ heap, freed, shared }: State, { kind, status, handle, of }: Resource): boolean {
  if (kind !== 'mapping' || status !== 'held' || !shared.has(handle)) return false;
  const holders = [...heap].flatMap(([place, held]) => (held === handle ? [objectOfKey(place)] : []));
  const others = holders.filter((object) => object !== of);
  return others.length > 0 && others.every((object) => freed.has(object));
}

/**
 * Whether a descriptor was handed out and the function fails: user space has the descriptor, but is told that there is
 * none. Code cannot undo that by closing it.
 */
function isPublished({ outcome }: FlowExit, resource: Resource): boolean {
  const { kind, status, end, wasPassedOn } = resource;
  return (
    kind === 'fd' &&
    outcome === 'error' &&
    status === 'given' &&
    (end?.kind === 'closed' ||
      (!wasPassedOn && (end?.kind === 'stored' || end?.kind === 'given-to-caller' || end?.kind === 'copied-to-user')))
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

/** Whether an export of which no descriptor could be made was left to its own private data. */
function isLeftInOwnData({ outcome, state }: FlowExit, { kind, status, refused, handle }: Resource): boolean {
  const isLeft = kind === 'reference' && status === 'given' && refused !== null && outcome === 'error';
  return isLeft && memberOfOwnData(state, handle) !== undefined;
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
