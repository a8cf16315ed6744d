import { callsIn } from '../../c/index.js';
import { type BufferArgument, bufferArgument, lockFunctions } from '../../kernel/index.js';
import { hasIndex } from '../calls/acquire-release.js';
import type { CallSite } from '../calls/call-site.js';
import type { LockWatch } from '../model/engine.js';
import type { LockEvent, LockOrigin } from '../model/results.js';
import { objectHolding } from '../state/heap.js';
import type { Resource } from '../state/resource.js';
import { answerKeys, mayHideLock, type State } from '../state/state.js';
import type { Value } from '../state/value.js';
import { bufferBeside } from './attached-members.js';
import { contextLocking, contextThatLocked } from './lock-contexts.js';
import { callRelation, isBufferOfCallback, isImportOf, isPartOfOwner, ownerOf } from './lock-relations.js';
import { hideLocks, locksOf } from './lock-state.js';
import { noteOpen } from './open-calls.js';

/** Records a call that is made in a state of the lock that is not allowed. */
export function reportLock(
  { engine, name, call, frame }: CallSite,
  event: Pick<LockEvent, 'kind' | 'verdict' | 'lock' | 'isAsserted'>,
  state: State,
): LockEvent {
  const { path, outline } = frame.ref;
  const { decisions } = state;
  const isInLastPut = state.answers.get(answerKeys.inLastPut) === true;
  const reported: LockEvent = {
    ...event,
    api: name,
    path,
    at: call.at,
    function: outline.name,
    decisions,
    ...(isInLastPut && { isInLastPut }),
  };
  engine.lockEvents.push(reported);
  return reported;
}

/** Reports a lock that is taken while it is held, which waits for ever. */
export function checkAlreadyHeld(site: CallSite, lock: Value, state: State): void {
  const owner = ownerOf(state, lock);
  for (const one of locksOf(state, 'held')) {
    const isSame = one.handle === lock;
    const isOfBuffer = (): boolean =>
      owner !== undefined &&
      (isBufferOfCallback(state, one, owner) || isPartOfOwner(state, one.handle, structureAround(site, owner, state)));
    if (!isSame && !(one.isCallers && isOfBuffer())) continue;
    reportLock(site, { kind: 'forbidden', verdict: isSame ? 'same' : 'related', lock: originOf(one) }, state);
    return;
  }
}

/** The structure that contains the owner of a lock by value, as the call names it: `bo` of `bo->base.resv`. */
function structureAround({ call }: CallSite, owner: Value, state: State): Value | undefined {
  let structure: Value | undefined = owner;
  let [place] = call.arguments;
  if (place?.kind !== 'member' || place.arrow) return undefined;
  for (; place?.kind === 'member' && !place.arrow; place = place.object)
    structure = structure === undefined ? undefined : objectHolding(state, structure);
  return structure;
}

/** Reports a lock that is dropped though this path has dropped it before. */
export function checkAlreadyDropped(site: CallSite, lock: Value, state: State): void {
  const { call, frame } = site;
  if (mayHideLock(state) || locksOf(state, 'held').length > 0 || call.arguments.some(hasIndex)) return;
  const before = locksOf(state, 'released').find((one) => one.handle === lock && !one.isElement);
  // The same call again is the next iteration of a loop.
  if (!before?.end || (before.end.path === frame.ref.path && before.end.at === call.at)) return;
  reportLock(site, { kind: 'required', verdict: 'dropped', lock: before.end }, state);
}

function originOf({ path, at, api, isCallers }: Resource): LockOrigin {
  return isCallers ? { kind: 'held-by-caller', path, at } : { kind: 'taken', by: api, path, at };
}

/** A call that the convention is about: whose lock it needs held or not held, and which locks the path holds. */
interface ConventionCall {
  readonly site: CallSite;
  readonly entry: LockWatch['entry'];
  readonly state: State;
  /** The buffer or attachment that is the argument. */
  readonly argument: Value;
  /** The buffer; undefined where only its attachment is known. */
  readonly buffer: Value | undefined;
  /** The locks held, each with its relation to the lock of the buffer. */
  readonly held: readonly { readonly lock: Resource; readonly relation: 'same' | 'related' | 'other' }[];
}

/** Checks a call of a function for which the locking convention has a rule. Returns the state after the check. */
export function checkConvention(site: CallSite, { convention, entry }: LockWatch, state: State): State {
  const { name, values } = site;
  const place = bufferArgument(name);
  const argument = place && values[place.index];
  if (!place || argument === undefined || lockFunctions.has(name) || mayHideLock(state)) return state;
  const buffer = bufferOf(place, argument, state);
  const beside = place.isAttachment && buffer === undefined ? besideOf(site, argument, state) : undefined;
  const isOfBeside = (lock: Resource): boolean =>
    beside !== undefined && state.heap.get(`${beside}.resv`) === lock.handle;
  const held = locksOf(state, 'held').map((lock) => ({
    lock,
    relation: isOfBeside(lock) ? ('same' as const) : callRelation(lock, argument, buffer, state),
  }));
  const checked: ConventionCall = { site, entry, state, argument, buffer, held };
  if (convention.mustHold.has(name)) return checkHeld(checked);
  return convention.mustNotHold.has(name) ? checkNotHeld(checked) : state;
}

function bufferOf({ isAttachment }: BufferArgument, argument: Value, state: State): Value | undefined {
  return isAttachment ? state.heap.get(`${argument}.dmabuf`) : argument;
}

/** The buffer that stands beside an attachment, as the driver fills its structures. */
function besideOf({ engine, frame }: CallSite, attachment: Value, state: State): Value | undefined {
  return locksOf(state, 'held').length === 0
    ? undefined
    : bufferBeside(engine.codebase, frame.ref.path, attachment, state);
}

function checkNotHeld({ site, entry, state, argument, buffer, held }: ConventionCall): State {
  const same =
    held.find(({ relation }) => relation === 'same')?.lock ??
    contextLocking(state, (object) => isImportOf(state, object, argument, buffer));
  const related = held.find(({ lock }) => lock.isCallers && isBufferOfCallback(state, lock, buffer ?? argument))?.lock;
  const lock = same ?? related;
  if (same && entry === 'unknown' && reportAssertedBefore(site, same, state)) return hideLocks(state);
  if (lock) reportLock(site, { kind: 'forbidden', verdict: same ? 'same' : 'related', lock: originOf(lock) }, state);
  // The task goes no further than this call.
  if (same || (lock && state.answers.get(answerKeys.inLastPut) === true)) return hideLocks(state);
  if (lock || entry !== 'unknown' || held.length > 0) return state;
  const open = reportLock(site, { kind: 'forbidden', verdict: 'open', lock: null }, state);
  return noteOpen(site, open, argument, state);
}

/**
 * Reports a call of a helper that asserts the lock of a buffer, where the same function then makes a call that takes it:
 * one of the two is wrong, whatever the caller holds.
 * @returns whether that is so
 */
function reportAssertedBefore(site: CallSite, { isCallers, function: asserter }: Resource, state: State): boolean {
  const { call, frame, name, engine } = site;
  const { path, outline } = frame.ref;
  if (!isCallers || asserter === outline.name) return false;
  const helper = callsIn(frame.unit.body).findLast((one) => one.name === asserter && one.call.at < call.at);
  if (!helper) return false;
  const lock = { kind: 'must-not-hold', by: name, path, at: call.at } as const;
  const event = { kind: 'required', verdict: 'contradicted', lock, api: asserter, path, at: helper.call.at } as const;
  engine.lockEvents.push({ ...event, function: outline.name, decisions: state.decisions });
  return true;
}

function checkHeld({ site, entry, state, argument, buffer, held }: ConventionCall): State {
  const own = held.filter(({ relation }) => relation !== 'other');
  // Nothing but an assertion says that the lock is held: whether it is, the callers decide.
  const isAsserted = entry === 'unknown' && own.length > 0 && own.every(({ lock }) => lock.isCallers);
  if (isAsserted) reportLock(site, { kind: 'required', verdict: 'open', lock: null, isAsserted }, state);
  if (own.length > 0) return state;
  // One loop locks what a list holds, another one maps it: which element a round has is not known.
  const isLockedByLoop = held.some((one) => one.lock.isElement) || state.answers.has(answerKeys.skippedLocks);
  if (isLockedByLoop && site.engine.elements.has(argument)) return state;
  const dropped =
    locksOf(state, 'released').find(
      (lock) => buffer !== undefined && state.heap.get(`${buffer}.resv`) === lock.handle,
    ) ?? contextThatLocked(state, (object) => isImportOf(state, object, argument, buffer));
  if (dropped) {
    reportLock(site, { kind: 'required', verdict: 'dropped', lock: dropped.end }, state);
    return state;
  }
  const other = held.at(0)?.lock;
  const lock = other ? originOf(other) : null;
  if (entry === 'unlocked') reportLock(site, { kind: 'required', verdict: other ? 'other' : 'never', lock }, state);
  if (entry !== 'unknown') return state;
  const open = reportLock(site, { kind: 'required', verdict: 'open', lock }, state);
  return other ? state : noteOpen(site, open, argument, state);
}
