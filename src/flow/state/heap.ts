import type { State } from './state.js';
import type { Value } from './value.js';

/** All values reachable from some values: through members, and between an embedded object and its whole, either way. */
export function reachable(state: State, from: readonly Value[]): ReadonlySet<Value> {
  const members = membersOf(state.heap);
  const wholes = embeddingOf(state.wholes);
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

// Many states share a heap: its links are collected once.
const knownMembers = new WeakMap<State['heap'], Links>();
const knownEmbedding = new WeakMap<State['wholes'], Links>();

/** From each object to the values of its members. */
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

/** From each embedded object to its whole, and back. */
function embeddingOf(wholes: State['wholes']): Links {
  let links = knownEmbedding.get(wholes);
  if (!links) {
    const found = new Map<Value, Value[]>();
    for (const [part, whole] of wholes) {
      link(found, part, whole);
      link(found, whole, part);
    }
    links = found;
    knownEmbedding.set(wholes, links);
  }
  return links;
}

function link(links: Map<Value, Value[]>, one: Value, other: Value): void {
  const known = links.get(one);
  if (known) known.push(other);
  else links.set(one, [other]);
}

/** The object of whose member `member` a value is; undefined where no object is known to hold it. */
export function objectWith(state: State, member: string, value: Value): Value | undefined {
  const suffix = `.${member}`;
  for (const [key, held] of state.heap)
    if (held === value && key.endsWith(suffix)) return Number(key.slice(0, -suffix.length));
  return undefined;
}

/** The object that a value was read from, whatever the member. */
export function objectHolding(state: State, value: Value): Value | undefined {
  for (const [key, held] of state.heap) if (held === value) return Number(key.slice(0, key.indexOf('.')));
  return undefined;
}

/** The outermost object in which an object is embedded; undefined where it is in none. */
export function wholeOf({ wholes }: State, part: Value): Value | undefined {
  let whole = wholes.get(part);
  for (let next = whole; next !== undefined && next !== part; next = wholes.get(next)) whole = next;
  return whole;
}

/** Whether a member of an object is known. */
export function hasMembers({ heap }: State, object: Value): boolean {
  return membersOf(heap).has(object);
}
