import type { FlowExit } from './model.js';
import type { Resource, State, Value } from './state.js';

/** Everything that can be reached from a value: its members, the whole that it is part of, and theirs. */
export function reachable(state: State, from: readonly Value[]): ReadonlySet<Value> {
  const links = new Map<Value, Value[]>();
  const link = (one: Value, other: Value): void => {
    const known = links.get(one);
    if (known) known.push(other);
    else links.set(one, [other]);
  };
  for (const [key, member] of state.heap) link(Number(key.slice(0, key.indexOf('.'))), member);
  for (const [key, whole] of state.answers)
    if (key.startsWith('whole:') && typeof whole === 'number') {
      const part = Number(key.slice('whole:'.length));
      link(part, whole);
      link(whole, part);
    }
  const found = new Set<Value>();
  const queue = [...from];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    if (found.has(value)) continue;
    found.add(value);
    queue.push(...(links.get(value) ?? []));
  }
  return found;
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
  for (const value of reachable(state, [...state.shared])) if (value === resource.handle) return true;
  return false;
}
