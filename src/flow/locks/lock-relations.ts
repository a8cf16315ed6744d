import { reservationMember } from '../../kernel/index.js';
import { keyHolding, objectHolding, objectOfKey, objectWith, reachable, wholeOf } from '../state/heap.js';
import type { Resource } from '../state/resource.js';
import { answerKeys, type State } from '../state/state.js';
import type { Value } from '../state/value.js';

/** The object whose `resv` member a lock is; undefined where the path did not read the lock from one. */
export function ownerOf(state: State, lock: Value): Value | undefined {
  return objectWith(state, reservationMember, lock);
}

/**
 * The relation of a held lock to the lock of an object: the `same`, the lock of a `related` object, or of an `other` one.
 * @param owner the object; undefined where it is not known, which makes every lock related
 */
export function relation(held: Resource, owner: Value | undefined, state: State): 'same' | 'related' | 'other' {
  if (owner === undefined) return 'related';
  if (state.heap.get(`${owner}.resv`) === held.handle) return 'same';
  const holder = ownerOf(state, held.handle);
  // A lock whose owner is not known may be any.
  if (holder === undefined || holder === owner) return 'related';
  return reachable(state, [holder]).has(owner) || reachable(state, [owner]).has(holder) ? 'related' : 'other';
}

/**
 * The relation of a held lock to the lock of the buffer that a call is about.
 * @param value the argument: the buffer, or its attachment
 * @param buffer the buffer; undefined where only the attachment is known
 */
export function callRelation(
  held: Resource,
  value: Value,
  buffer: Value | undefined,
  state: State,
): ReturnType<typeof relation> {
  const object = ownerOf(state, held.handle);
  if (object !== undefined && isImportOf(state, object, value, buffer)) return 'same';
  const found = buffer === undefined ? attachmentRelation(held, value, state) : relation(held, buffer, state);
  return found === 'other' && isFoundEqual(state, [held.handle, object]) ? 'related' : found;
}

/** Whether the path has found that one of some locks and buffers equals another: `if (a->resv != b->resv) lock(b);`. */
function isFoundEqual({ answers }: State, objects: readonly (Value | undefined)[]): boolean {
  let found = false;
  answers.forEach((answer, key) => {
    const pair = answer === true ? answerKeys.compared(key) : undefined;
    found ||= pair?.operator === '==' && (objects.includes(pair.left) || objects.includes(pair.right));
  });
  return found;
}

/**
 * Whether an object is a GEM object that was imported from a dma-buf, or exported as one: both have the same lock.
 * Source: drm_gem_prime_import_dev().
 */
export function isImportOf(state: State, object: Value, value: Value, buffer: Value | undefined): boolean {
  const attachment = state.heap.get(`${object}.import_attach`);
  if (attachment !== undefined && attachment === value) return true;
  if (buffer === undefined) return false;
  return (
    state.heap.get(`${object}.dma_buf`) === buffer ||
    (attachment !== undefined && state.heap.get(`${attachment}.dmabuf`) === buffer)
  );
}

/** The relation where only the attachment is known: its lock is another one if neither structure is reachable from the other. */
function attachmentRelation(held: Resource, attachment: Value, state: State): 'related' | 'other' {
  const holder = ownerOf(state, held.handle);
  const buffers = holder === undefined ? undefined : objectHolding(state, holder);
  const structure = objectHolding(state, attachment);
  if (buffers === undefined || structure === undefined || buffers === structure) return 'related';
  return areLinked(state, buffers, structure) || isSameMember(state, buffers, attachment) ? 'related' : 'other';
}

function areLinked(state: State, one: Value, other: Value): boolean {
  return reachable(state, [one]).has(other) || reachable(state, [other]).has(one);
}

/**
 * Whether two attachments stand in members of one name, of an object and of a part of it: `to_base(x)->att` and
 * `to_whole(x)->base.att` may be one, since a conversion that is known by its name alone does not say to which part it leads.
 */
function isSameMember(state: State, one: Value, other: Value): boolean {
  const keys = [one, other].map((value) => keyHolding(state, value) ?? '');
  const [first = '', second = ''] = keys;
  const [holder, otherHolder] = keys.map(objectOfKey);
  if (first === '' || first.slice(first.indexOf('.')) !== second.slice(second.indexOf('.'))) return false;
  return holder !== undefined && otherHolder !== undefined && areLinked(state, holder, otherHolder);
}

/**
 * Whether an object inside a structure shares that structure with an object that has a lock: `to_foo(obj)` leads from
 * the private data of a buffer to the structure around it, and `foo->base.resv` names the part again.
 * @param structure the structure around the object, as the code names it
 */
export function isPartOfOwner(state: State, lock: Value, structure: Value | undefined): boolean {
  return (
    structure !== undefined &&
    [...state.heap].some(([key, held]) => held === lock && wholeOf(state, objectOfKey(key)) === structure)
  );
}

/**
 * Whether an object is the buffer whose lock a callback is entered with: the owner of that lock, or reachable from the
 * importer's private data. An object reached through another attachment of the exporter is not.
 * @param entry the lock held on entry
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
