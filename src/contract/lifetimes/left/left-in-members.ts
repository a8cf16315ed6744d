// Which resources does a failing function leave in a member, though another failing path releases them and leaves the object alike?

import { type FlowExit, type FunctionFlow, isError, objectOfKey, type Resource } from '../../../flow/index.js';
import { resourceLives } from '../../../kernel/index.js';
import { placeKey } from '../defects.js';

/**
 * Returns the resources that a function leaves in a member of a caller's object when it fails, where the caller cannot tell
 * that from another failure, after which the member still shows the same, and the resource is released. Either the caller
 * releases what is gone, or nobody releases what is left.
 */
export function leftInMembers({ exits }: FunctionFlow, exit: FlowExit): readonly Resource[] {
  if (exit.outcome !== 'error') return [];
  return exit.state.resources.filter((resource) => {
    const { status, end, isElement, wasPassedOn, kind, leftByFailure } = resource;
    if (status !== 'given' || end?.kind !== 'stored' || isElement || wasPassedOn || leftByFailure) return false;
    if (resourceLives[kind].releasedBy !== 'holder') return false;
    const places = placesOf(exit, resource);
    return (
      places.length > 0 &&
      exits.some(
        (other) => other.outcome === 'error' && releases(other, resource, places) && isAlike(exit, other, places),
      )
    );
  });
}

/** The members that hold the handle of a resource. An attachment owns no reference to its buffer. */
function placesOf({ state }: FlowExit, { handle }: Resource): readonly string[] {
  const attachments = new Set(state.resources.filter(({ kind }) => kind === 'attachment').map((one) => one.handle));
  return [...state.heap].flatMap(([place, held]) =>
    held === handle && !attachments.has(objectOfKey(place)) ? [place] : [],
  );
}

/**
 * Whether a way out has released a resource from the same place, and has left its handle in the same members. The object of an
 * exporter goes with the last reference to its buffer.
 */
function releases({ state }: FlowExit, resource: Resource, places: readonly string[]): boolean {
  const isThere = (object: Resource['handle'], handle: Resource['handle']): boolean =>
    !state.freed.has(object) || state.heap.get(`${handle}.priv`) === object;
  return state.resources.some(
    (same) =>
      placeKey(same) === placeKey(resource) &&
      same.status === 'released' &&
      same.count > 0 &&
      places.every((place) => state.heap.get(place) === same.handle && isThere(objectOfKey(place), same.handle)),
  );
}

/** Whether the objects of some members show nothing after one way out that they do not show after another. */
function isAlike(one: FlowExit, other: FlowExit, places: readonly string[]): boolean {
  const objects = new Set(places.map(objectOfKey));
  const members = new Set(
    [...one.state.heap, ...other.state.heap].flatMap(([place]) => (objects.has(objectOfKey(place)) ? [place] : [])),
  );
  return [...members].every(
    (place) =>
      places.includes(place) ||
      one.state.heap.get(place) === other.state.heap.get(place) ||
      [one, other].every((exit) => tellsNothing(exit, place)),
  );
}

/** Whether a member holds nothing that a caller could ask for: nothing that the function stored, what it released, or an error. */
function tellsNothing({ state }: FlowExit, place: string): boolean {
  const held = state.heap.get(place);
  return (
    held === undefined ||
    isError(state, held) ||
    state.resources.some(({ handle, status }) => handle === held && status === 'released')
  );
}
