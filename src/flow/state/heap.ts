import { exporterPrivateMember } from '../../kernel/index.js';
import type { State } from './state.js';
import type { Value } from './value.js';

/** All values reachable from some values: through members, and between an embedded object and its whole, either way. */
export function reachable(state: State, from: readonly Value[]): ReadonlySet<Value> {
  const members = state.heap.derived(linksOfMembers);
  const wholes = state.wholes.derived(linksOfWholes);
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

/** From each object to the values of its members. */
function linksOfMembers(heap: State['heap']): Links {
  const found = new Map<Value, Value[]>();
  heap.forEach((member, key) => {
    link(found, objectOfKey(key), member);
  });
  return found;
}

/** From each embedded object to its whole, and back. */
function linksOfWholes(wholes: State['wholes']): Links {
  const found = new Map<Value, Value[]>();
  wholes.forEach((whole, part) => {
    link(found, part, whole);
    link(found, whole, part);
  });
  return found;
}

/** The object of a heap key. */
export function objectOfKey(key: string): Value {
  return Number(key.slice(0, key.indexOf('.')));
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
  const key = keyHolding(state, value);
  return key === undefined ? undefined : objectOfKey(key);
}

/** The heap key of the place that a value was read from. */
export function keyHolding(state: State, value: Value): string | undefined {
  for (const [key, held] of state.heap) if (held === value) return key;
  return undefined;
}

/**
 * The name of the member that a heap key stands for: of `x->done[0]`, and of what a pointer to it leads to, it is that of the
 * array.
 */
export function memberAround(state: State, key: string): string {
  const name = key.slice(key.indexOf('.') + 1);
  const around = /^[[*]/.test(name) ? keyHolding(state, objectOfKey(key)) : undefined;
  return around === undefined ? name : around.slice(around.indexOf('.') + 1);
}

/** The outermost object in which an object is embedded; undefined where it is in none. */
export function wholeOf({ wholes }: State, part: Value): Value | undefined {
  let whole = wholes.get(part);
  for (let next = whole; next !== undefined && next !== part; next = wholes.get(next)) whole = next;
  return whole;
}

/** Whether a member of an object is known. */
export function hasMembers({ heap }: State, object: Value): boolean {
  return heap.derived(linksOfMembers).has(object);
}

/** The members of an object that the path has named otherwise than for their address, as in `&p->member`. */
export function membersTouched({ heap, wholes }: State, object: Value): readonly string[] {
  if (!heap.derived(linksOfMembers).has(object)) return [];
  const found: string[] = [];
  heap.forEach((member, key) => {
    if (objectOfKey(key) === object && wholes.get(member) !== object) found.push(key.slice(key.indexOf('.') + 1));
  });
  return found;
}

/**
 * The member of a buffer's own private data that points back to the buffer. The buffer owns its data until `.release`: a
 * pointer back that owned the buffer would keep both for ever.
 */
export function memberOfOwnData({ heap }: State, buffer: Value): string | undefined {
  const data = heap.get(`${buffer}.${exporterPrivateMember}`);
  if (data === undefined) return undefined;
  for (const [place, held] of heap)
    if (held === buffer && objectOfKey(place) === data) return place.slice(place.indexOf('.') + 1);
  return undefined;
}
