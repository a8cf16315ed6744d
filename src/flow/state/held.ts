import type { FlowExit } from '../paths/model.js';
import type { Resource } from './resource.js';
import type { State, Value } from './state.js';

/** Everything that can be reached from a value: its members, the whole that it is part of, and theirs. */
export function reachable(state: State, from: readonly Value[]): ReadonlySet<Value> {
  const members = membersOf(state.heap);
  const wholes = wholesOf(state.answers);
  const found = new Set<Value>();
  const queue = [...from];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    if (found.has(value)) continue;
    found.add(value);
    queue.push(...(members.get(value) ?? []), ...(wholes.get(value) ?? []));
  }
  return found;
}

type Links = ReadonlyMap<Value, readonly Value[]>;

// Many states share what they know of objects: it is looked through once.
const knownMembers = new WeakMap<State['heap'], Links>();
const knownWholes = new WeakMap<State['answers'], Links>();

/** What the members of each object hold. */
function membersOf(heap: State['heap']): Links {
  let links = knownMembers.get(heap);
  if (!links) {
    const found = new Map<Value, Value[]>();
    for (const [key, member] of heap) link(found, Number(key.slice(0, key.indexOf('.'))), member);
    links = found;
    knownMembers.set(heap, links);
  }
  return links;
}

/** The whole that each object is part of, and the parts of each whole. */
function wholesOf(answers: State['answers']): Links {
  let links = knownWholes.get(answers);
  if (!links) {
    const found = new Map<Value, Value[]>();
    for (const [key, whole] of answers)
      if (typeof whole === 'number' && key.startsWith('whole:')) {
        const part = Number(key.slice('whole:'.length));
        link(found, part, whole);
        link(found, whole, part);
      }
    links = found;
    knownWholes.set(answers, links);
  }
  return links;
}

function link(links: Map<Value, Value[]>, one: Value, other: Value): void {
  const known = links.get(one);
  if (known) known.push(other);
  else links.set(one, [other]);
}

/** What an exit leaves held without anybody to release it. */
export interface Leak {
  readonly resource: Resource;
  /** Whether the handle is known outside: then the holder may still release it, and only an error exit tells. */
  readonly isKnownOutside: boolean;
}

/** The resources that are lost at an exit. */
export function leaksAt(exit: FlowExit): readonly Leak[] {
  const { state, value } = exit;
  const held = state.resources.filter((resource) => resource.status === 'held');
  if (held.length === 0) return [];
  const returned = value === null || exit.outcome === 'error' ? new Set<Value>() : reachable(state, [value]);
  return held.flatMap((resource): Leak[] => {
    if (
      returned.has(resource.handle) ||
      (resource.of !== null && resource.kind !== 'attachment' && returned.has(resource.of))
    )
      return [];
    return [{ resource, isKnownOutside: !resource.holderFreed && isKnown(state, resource) }];
  });
}

/** Whether somebody outside knows the handle, or an object that leads to it. */
function isKnown(state: State, resource: Resource): boolean {
  if (state.shared.has(resource.handle)) return true;
  for (const value of reachable(state, [...state.shared.keys()])) if (value === resource.handle) return true;
  return false;
}
