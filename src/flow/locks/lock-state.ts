import {
  isHarmless,
  isNamedForKeptLock,
  lockContext,
  mayGuardReservation,
  mayHideReservation,
} from '../../kernel/index.js';
import type { LockOfData } from '../callers/exported-data.js';
import type { CallSite } from '../calls/call-site.js';
import { addressKey } from '../evaluate/dereference.js';
import type { CallFrame, Engine, Evaluated, LockWatch } from '../model/engine.js';
import { reachable } from '../state/heap.js';
import { type CodePlace, newResource, type Resource, type ResourceEnd } from '../state/resource.js';
import { answerKeys, mayHideLock, type State, stateWith } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';
import { ownerOf, relation } from './lock-relations.js';

/** The `api` of a lock that the caller held on entry. */
const entryName = 'entry';

/** The locks of a state with one status. */
export function locksOf(state: State, status: Resource['status']): readonly Resource[] {
  return state.resources.filter((resource) => resource.kind === 'lock' && resource.status === status);
}

/** The state in which a function is entered, with the lock that its caller holds. */
export function enterLocked(
  engine: Engine,
  { lockOfFirst, lockOfData }: LockWatch,
  first: Value | undefined,
  state: State,
  frame: CallFrame,
): State {
  if (lockOfFirst === null || first === undefined) return state;
  const buffer = readMembers(engine, { value: first, state }, lockOfFirst.slice(0, -1));
  const lock = readMembers(engine, buffer, lockOfFirst.slice(-1));
  const after = lockOfData ? withLockOfData(engine, buffer.value, lock, lockOfData) : lock.state;
  return withCallersLock(after, lock.value, { path: frame.ref.path, at: frame.ref.outline.nameAt }, frame);
}

function readMembers(engine: Engine, from: Evaluated, members: readonly string[]): Evaluated {
  let { value, state } = from;
  for (const member of members) {
    const read = readMember(engine, value, member, state);
    state = stateWith(read.state, { shared: read.state.shared.with(read.value, true) });
    value = read.value;
  }
  return { value, state };
}

/** The state in which the private data of a buffer leads to its lock, too. */
function withLockOfData(engine: Engine, buffer: Value, lock: Evaluated, { members, isEmbedded }: LockOfData): State {
  const path = ['priv', ...members.slice(0, -1)];
  const { value: owner, state } = readMembers(engine, { value: buffer, state: lock.state }, path);
  const place = `${owner}.${members.at(-1)}`;
  const heap = state.heap.with(place, lock.value);
  if (!isEmbedded) return stateWith(state, { heap });
  // The lock is its own address.
  return stateWith(state, {
    heap: heap.with(addressKey(place), lock.value),
    wholes: state.wholes.with(lock.value, owner),
  });
}

function readMember(engine: Engine, base: Value, member: string, state: State): Evaluated {
  const key = `${base}.${member}`;
  const known = state.heap.get(key);
  if (known !== undefined) return { value: known, state };
  const value = engine.newValue();
  return { value, state: stateWith(state, { heap: state.heap.with(key, value) }) };
}

/** The state with a lock held, whose API function, place and so on are given. */
export function withLock(
  state: State,
  lock: Pick<Resource, 'handle' | 'path' | 'at' | 'function' | 'api'> & Partial<Resource>,
): State {
  const others = state.resources.filter((known) => known.handle !== lock.handle);
  return stateWith(state, { resources: [...others, newResource({ ...lock, kind: 'lock' })] });
}

/** The state with a lock that the caller holds; `place` is where that becomes known. */
export function withCallersLock(
  state: State,
  handle: Value,
  { path, at }: CodePlace,
  frame: CallFrame,
  isElement = false,
): State {
  const lock = { handle, path, at, function: frame.ref.outline.name, api: entryName };
  return withLock(state, { ...lock, isCallers: true, isElement });
}

/** The state after a function that drops a lock. A lock that the path has not taken was the caller's. */
export function dropLock({ engine, name, call, frame }: CallSite, lock: Value, state: State): State {
  const held = locksOf(state, 'held').filter(({ api }) => api !== lockContext.begin);
  const owner = ownerOf(state, lock);
  const dropped =
    held.find((one) => one.handle === lock) ?? held.findLast((one) => relation(one, owner, state) !== 'other');
  const place: CodePlace = { path: frame.ref.path, at: call.at };
  const end: ResourceEnd = { kind: 'lock-dropped', by: name, ...place };
  const isElement = engine.elements.has(lock);
  const before = dropped ? state : withCallersLock(state, lock, place, frame, isElement);
  const isDropped = (one: Resource): boolean =>
    dropped ? one === dropped : one.kind === 'lock' && one.handle === lock;
  return stateWith(before, {
    resources: before.resources.map((one) =>
      isDropped(one) ? { ...one, handle: lock, status: 'released', end } : one,
    ),
  });
}

/**
 * Marks a result where its call cannot be followed and may have taken or dropped the lock: by its name, or since it got a
 * context of locks. `foo_fill_locked()` leaves the lock that the path holds as it is.
 */
export function noteHiddenLock(name: string | null, values: readonly Value[], result: Evaluated): Evaluated {
  const held = locksOf(result.state, 'held');
  const getsContext = held.some(({ api, handle }) => api === lockContext.begin && values.includes(handle));
  if (!getsContext && (name === null || !mayHideReservation(name)))
    return notePassed(name, values, held.length, result);
  if (!getsContext && name !== null && held.length > 0 && isNamedForKeptLock(name)) return result;
  return { ...result, state: hideLocks(result.state) };
}

/** Takes note of what a call got that may take a lock without saying so, where the path holds none. */
function notePassed(name: string | null, values: readonly Value[], held: number, result: Evaluated): Evaluated {
  if (held > 0 || (name !== null && isHarmless(name))) return result;
  let { answers } = result.state;
  for (const value of values) if (value !== zeroValue) answers = answers.with(answerKeys.passedUnseen(value), true);
  return { ...result, state: stateWith(result.state, { answers }) };
}

/** Whether a call that was not followed got something that leads to a lock: `ops->begin(bo)` may have taken it. */
export function wasPassedUnseen(state: State, lock: Value): boolean {
  for (const key of state.answers.keys()) {
    const value = answerKeys.valuePassed(key);
    if (value !== undefined && reachable(state, [value]).has(lock)) return true;
  }
  return false;
}

/** Marks a state after a guard of which nothing is known: it may hold the lock. */
export function noteHiddenGuard(name: string, state: State): State {
  return mayGuardReservation(name) ? hideLocks(state) : state;
}

/** The state from which on nothing is said of locks. */
export function hideLocks(state: State): State {
  return mayHideLock(state) ? state : stateWith(state, { answers: state.answers.with(answerKeys.hiddenLock, true) });
}
