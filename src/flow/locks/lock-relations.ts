import { reachable } from '../state/held.js';
import type { Resource } from '../state/resource.js';
import type { State, Value } from '../state/state.js';

/** The object whose `resv` a lock is, as far as it was read from one. */
export function ownerOf(state: State, lock: Value): Value | undefined {
  for (const [key, value] of state.heap) if (value === lock && key.endsWith('.resv')) return Number(key.slice(0, -5));
  return undefined;
}

/** How a lock that is held stands to the object whose lock is asked for. */
export function relation(held: Resource, owner: Value | undefined, state: State): 'same' | 'related' | 'other' {
  if (owner === undefined) return 'related';
  if (state.heap.get(`${owner}.resv`) === held.handle) return 'same';
  const holder = ownerOf(state, held.handle);
  // A lock under a name that tells no owner may be any.
  if (holder === undefined || holder === owner) return 'related';
  return reachable(state, [holder]).has(owner) || reachable(state, [owner]).has(holder) ? 'related' : 'other';
}

/** How a lock stands to the buffer of a call, which may be known by its attachment only. */
export function callRelation(
  held: Resource,
  value: Value,
  buffer: Value | undefined,
  state: State,
): ReturnType<typeof relation> {
  const object = ownerOf(state, held.handle);
  if (object !== undefined && isImportOf(state, object, value, buffer)) return 'same';
  return buffer === undefined ? attachmentRelation(held, value, state) : relation(held, buffer, state);
}

/** The lock of a GEM object that was imported, or exported, is that of its dma-buf. Source: drm_gem_prime_import_dev(). */
function isImportOf(state: State, object: Value, value: Value, buffer: Value | undefined): boolean {
  const attachment = state.heap.get(`${object}.import_attach`);
  if (attachment !== undefined && attachment === value) return true;
  if (buffer === undefined) return false;
  return (
    state.heap.get(`${object}.dma_buf`) === buffer ||
    (attachment !== undefined && state.heap.get(`${attachment}.dmabuf`) === buffer)
  );
}

/** The same for an attachment whose buffer was never named: two structures that do not lead to each other differ. */
function attachmentRelation(held: Resource, attachment: Value, state: State): 'related' | 'other' {
  const holder = ownerOf(state, held.handle);
  const buffers = holder === undefined ? undefined : baseOf(state, holder);
  const structure = baseOf(state, attachment);
  if (buffers === undefined || structure === undefined || buffers === structure) return 'related';
  const isLinked = reachable(state, [buffers]).has(structure) || reachable(state, [structure]).has(buffers);
  return isLinked ? 'related' : 'other';
}

/** The object that a value was read from. */
function baseOf(state: State, value: Value): Value | undefined {
  for (const [key, member] of state.heap) if (member === value) return Number(key.slice(0, key.indexOf('.')));
  return undefined;
}

/**
 * Whether an object is the buffer of the attachment that a callback was called for, by a way of its own: through the
 * importer's structure, not through a further attachment of the exporter's.
 */
export function isBufferOfCallback(state: State, entry: Resource, buffer: Value): boolean {
  const own = ownerOf(state, entry.handle);
  if (own === undefined) return false;
  if (own === buffer) return true;
  for (const [key, value] of state.heap) {
    if (!key.endsWith('.importer_priv')) continue;
    if (reachable(state, [value]).has(buffer)) return true;
  }
  return false;
}
