import { addressMembers, mayKeepOut } from '../../kernel/index.js';
import { isFileOf } from './files.js';
import { objectOfKey, reachable } from './heap.js';
import type { Resource, ResourceEnd } from './resource.js';
import type { State } from './state.js';
import { answerKeys, stateWith } from './state.js';
import type { Value } from './value.js';

/** How a value is given away. */
export interface Transfer {
  /** How the resources that the value stands for end. */
  readonly end: ResourceEnd;
  /** Whether the receiver may release also what code outside knew before: a callee whose name says release may. */
  readonly takesOver?: boolean;
  /** Whether the receiver only uses a mapping: a callee that does not reach the API, and whose name does not say release. */
  readonly isLent?: boolean;
  /** The object that the value is stored in. */
  readonly holder?: Value | undefined;
}

/** Gives a value, and all that is reachable from it, to code outside: from here on that code may release it. */
export function share(state: State, value: Value, transfer: Transfer): State {
  const reached = new Set([...reachable(state, [value]), ...buffersOfFile(state, value, transfer.end)]);
  let after = giveStoredReferences(state, reached, transfer.end);
  for (const one of reached) {
    const isKnown = after.shared.has(one);
    // Code that knew a buffer before does not take over a pin of it: only a transfer of the object itself says that.
    const isLent = transfer.isLent === true && one === value && isMapping(after, one);
    if (!isLent && (transfer.takesOver || one === value || !isKnown || isOverwritten(after, one)))
      after = give(
        after,
        one,
        one === value ? transfer : { ...transfer, holder: holderAmong(after, one, reached, transfer.end) },
      );
    if (!isKnown) after = stateWith(after, { shared: after.shared.with(one, true) });
  }
  return passOn(after, reached, transfer, state);
}

/** Whether a resource is in no place any more where others found it: they find it again in what is given to them now. */
function isOverwritten({ resources }: State, value: Value): boolean {
  return resources.some((one) => one.handle === value && one.status === 'held' && one.isOverwritten);
}

/** The buffers whose file is stored where others find it: fput() drops their reference. */
function buffersOfFile(state: State, file: Value, { kind: how }: ResourceEnd): readonly Value[] {
  if (how !== 'stored' && how !== 'given-to-caller') return [];
  return state.resources.flatMap(({ kind, handle, status }) =>
    kind === 'reference' && status === 'held' && isFileOf(state, handle, file) ? [handle] : [],
  );
}

/**
 * Gives the references that a path took of buffers which others know, and stored in an object which nobody else knew: that
 * object owns them, and goes.
 */
function giveStoredReferences(state: State, reached: ReadonlySet<Value>, end: ResourceEnd): State {
  const isOwn = ({ kind, status, count, handle }: Resource): boolean =>
    kind === 'reference' && status === 'held' && count > 0 && reached.has(handle) && state.shared.has(handle);
  if (!state.resources.some(isOwn)) return state;
  const attachments = attachmentsIn(state);
  const holderOf = (buffer: Value): Value | undefined => {
    for (const [key, held] of state.heap) {
      const object = held === buffer ? objectOfKey(key) : undefined;
      const isOwner = object !== undefined && !attachments.has(object) && !state.shared.has(object);
      if (isOwner && reached.has(object)) return object;
    }
    return undefined;
  };
  return stateWith(state, {
    resources: state.resources.map((resource): Resource => {
      const holder = isOwn(resource) ? holderOf(resource.handle) : undefined;
      return holder === undefined ? resource : { ...resource, status: 'given', holder, end };
    }),
  });
}

/** The only object among some that a value is stored in, which takes it along; undefined where there is none, or several. */
function holderAmong(state: State, value: Value, objects: ReadonlySet<Value>, end: ResourceEnd): Value | undefined {
  const isTakenAlong = end.kind === 'stored' || (end.kind === 'passed' && mayKeepOut(end.to ?? ''));
  if (!isTakenAlong || !state.resources.some(({ handle, status }) => handle === value && status === 'held'))
    return undefined;
  const attachments = attachmentsIn(state);
  const holders = new Set<Value>();
  state.heap.forEach((held, key) => {
    const object = objectOfKey(key);
    if (held === value && objects.has(object) && !attachments.has(object)) holders.add(object);
  });
  const [only] = holders;
  return holders.size === 1 ? only : undefined;
}

/**
 * Notes which stored resources a callee can find, and which of those that an entry took along somebody else has got.
 * @param before the state before the transfer: what goes with it is not found by it
 */
function passOn(
  state: State,
  reached: ReadonlySet<Value>,
  { end: now, isLent = false }: Transfer,
  before: State,
): State {
  const isNew = (resource: Resource): boolean => isTakenAlong(resource) && !before.resources.includes(resource);
  const isFound = (resource: Resource): boolean => {
    const { status, wasPassedOn, wasLeftToCallee, handle } = resource;
    if (status !== 'given' || !reached.has(handle) || isNew(resource)) return false;
    return now.kind === 'passed' ? !(wasPassedOn && (isLent || wasLeftToCallee)) : isTakenAlong(resource);
  };
  if (!state.resources.some(isFound)) return state;
  return stateWith(state, {
    resources: state.resources.map(
      (resource): Resource =>
        isFound(resource)
          ? { ...resource, wasPassedOn: true, wasLeftToCallee: resource.wasLeftToCallee || !isLent }
          : resource,
    ),
  });
}

/** Whether a resource went along with an entry that may come back, `xa_cmpxchg(xa, id, NULL, entry, …)`. */
function isTakenAlong({ status, holder, end }: Resource): boolean {
  return status === 'given' && holder !== null && end?.kind === 'passed';
}

function isMapping(state: State, value: Value): boolean {
  return state.resources.some(({ kind, handle }) => kind === 'mapping' && handle === value);
}

/** Marks the resources of one value as given. */
function give(state: State, value: Value, { end, takesOver, holder }: Transfer): State {
  const isGiven = (resource: Resource): boolean =>
    (resource.handle === value && resource.status === 'held' && resource.kind !== 'lock') ||
    // Whoever releases an object may release what the object holds.
    (takesOver === true && resource.status === 'given' && resource.holder === value);
  if (!state.resources.some(isGiven)) return state;
  return stateWith(state, {
    resources: state.resources.map(
      (resource): Resource =>
        isGiven(resource) ? { ...resource, status: 'given', holder: holder ?? null, end } : resource,
    ),
  });
}

/** Marks an object as freed. */
export function freeObject(state: State, value: Value): State {
  return stateWith(state, { freed: state.freed.with(value, true) });
}

/**
 * Takes note that an object which a test found to hold the path's buffer holds it no more. What the path put through its
 * member was the reference of the object, then, and not its own.
 * @param member the value that the member had
 */
function leaveKeeper(state: State, member: Value): State {
  const buffer = state.answers.get(answerKeys.equal(member));
  if (typeof buffer !== 'number') return state;
  const wasPut = state.answers.get(answerKeys.putThroughKeeper(buffer)) === true;
  const answers = wasPut
    ? state.answers.with(answerKeys.putThroughKeeper(buffer), false)
    : state.answers.with(answerKeys.leftByKeeper(buffer), true);
  if (!wasPut) return stateWith(state, { answers });
  return stateWith(state, {
    answers,
    resources: state.resources.map((one): Resource => {
      if (one.kind !== 'reference' || one.handle !== buffer || one.count === 0) return one;
      return one.status === 'released' ? { ...one, status: 'held', end: null } : { ...one, count: one.count + 1 };
    }),
  });
}

/** Takes the same note of all members of an object that goes: an entry that is freed, an attachment that is detached. */
export function leaveKeepers(state: State, object: Value): State {
  let left = state;
  for (const [key, held] of state.heap) if (objectOfKey(key) === object) left = leaveKeeper(left, held);
  return left;
}

/** Frees an object with kfree() or its like: resources stored in it are held again, and lost. */
export function freeHolder(state: State, value: Value): State {
  const freed = freeObject(leaveKeepers(state, value), value);
  const isLost = (resource: Resource): boolean => {
    const { status, holder, wasPassedOn } = resource;
    // What somebody else got after the entry came back is theirs.
    if (status !== 'given' || holder === null || (wasPassedOn && isTakenAlong(resource))) return false;
    return holder === value || isPartOf(freed, holder, value);
  };
  if (!freed.resources.some(isLost)) return freed;
  return stateWith(freed, {
    resources: freed.resources.map(
      (resource): Resource =>
        isLost(resource) ? { ...resource, status: 'held', holderFreed: true, end: null } : resource,
    ),
  });
}

/** Whether an object is embedded in another one, or an element of it: each stands in the next, as the path has seen. */
function isPartOf({ wholes, heap }: State, part: Value, object: Value): boolean {
  let inner = part;
  for (let whole = wholes.get(part); whole !== undefined && whole !== part; whole = wholes.get(whole)) {
    if (!holds(heap, whole, inner)) return false;
    if (whole === object) return true;
    inner = whole;
  }
  return false;
}

function holds(heap: State['heap'], object: Value, part: Value): boolean {
  for (const [key, value] of heap) if (value === part && objectOfKey(key) === object) return true;
  return false;
}

/**
 * Takes note that a place which held a value holds another one now. A resource that was given away by being stored there,
 * and that no other place holds, is held again, and lost.
 * @param place whether it is the element of an array that was filled before by the same index; else no element is meant
 */
export function overwrite(before: State, old: Value | undefined, place = { isElement: false }): State {
  if (old === undefined) return before;
  const state = leaveKeeper(before, old);
  const isLost = ({ handle, status, end, isElement }: Resource): boolean =>
    handle === old &&
    status === 'given' &&
    (!isElement || place.isElement) &&
    (end?.kind === 'stored' || end?.kind === 'given-to-caller');
  if (!state.resources.some(isLost) || isStored(state, old)) return state;
  return stateWith(state, {
    resources: state.resources.map(
      (resource): Resource =>
        isLost(resource) ? { ...resource, status: 'held', isOverwritten: true, end: null } : resource,
    ),
  });
}

/** Whether a member or a variable that outlives the function holds a value. The attachment of a buffer owns no reference to it. */
function isStored(state: State, value: Value): boolean {
  const { heap, variables } = state;
  const attachments = attachmentsIn(state);
  for (const [key, held] of heap)
    if (held === value && !(key.endsWith('.dmabuf') && attachments.has(objectOfKey(key))) && !isInOwnMap(state, key))
      return true;
  for (const [key, held] of variables) if (held === value && key.startsWith('global:')) return true;
  return false;
}

/** Whether a place is that of the address in a map which nobody else knows: the map ends with the function. */
function isInOwnMap({ shared, wholes }: State, key: string): boolean {
  const object = objectOfKey(key);
  return addressMembers.some((member) => key.endsWith(`.${member}`)) && !shared.has(object) && !wholes.has(object);
}

function attachmentsIn({ resources }: State): ReadonlySet<Value> {
  return new Set(resources.filter(({ kind }) => kind === 'attachment').map(({ handle }) => handle));
}
