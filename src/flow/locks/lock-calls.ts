import type { Expression } from '../../c/index.js';
import { apiFunctions, isWaitWoundMutex, type LockFunction, lockFunctions } from '../../kernel/index.js';
import { hasIndex } from '../calls/acquire-release.js';
import type { CallSite } from '../calls/call-site.js';
import { newValueWith } from '../evaluate/new-value.js';
import type { Evaluated, LockWatch } from '../model/engine.js';
import type { Resource } from '../state/resource.js';
import { answerKeys, mayHideLock, type State } from '../state/state.js';
import { anySign, bad, good, type Value, zeroValue } from '../state/value.js';
import { asksForSignal, noteInterrupted } from './interrupted.js';
import { checkAlreadyDropped, checkAlreadyHeld, reportLock } from './lock-checks.js';
import { applyContext, contextThatLocked } from './lock-contexts.js';
import { ownerOf, relation } from './lock-relations.js';
import { dropLock, locksOf, wasPassedUnseen, withCallersLock, withLock } from './lock-state.js';
import { checkAgainstRequired } from './open-calls.js';

/**
 * Evaluates a call that takes, drops or asserts a reservation lock.
 * @returns undefined where the call has further effects, or none on the lock
 */
export function applyLocks(site: CallSite, watch: LockWatch, state: State): readonly Evaluated[] | undefined {
  const { engine, name, values } = site;
  const known = lockFunctions.get(name);
  if (known) {
    const lock = lockValue(site, values[known.lock], state);
    return lock === undefined ? undefined : applyLockFunction(site, watch, known, lock, state);
  }
  const context = applyContext(site, state);
  if (context) return context;
  const { mustHold, mustNotHold } = watch.convention;
  if (!mustHold.has(name) && !mustNotHold.has(name)) return undefined;
  // The effects of the API's functions are tabulated. Others of the convention are not followed: they succeed or fail.
  return apiFunctions.has(name) ? undefined : [{ value: zeroValue, state }, newValueWith(engine, state, bad)];
}

/** The reservation lock that a call is about. A ww_mutex is one where it is the `lock` member of a dma_resv. */
function lockValue({ name, call }: CallSite, value: Value | undefined, state: State): Value | undefined {
  if (value === undefined || !isWaitWoundMutex(name)) return value;
  const whole = state.wholes.get(value);
  return whole !== undefined && isInnerLock(call.arguments[0]) ? whole : undefined;
}

/** Whether an argument is `&resv->lock`, or a variable that may be. */
function isInnerLock(expression: Expression | undefined): boolean {
  const place = expression?.kind === 'unary' ? expression.operand : expression;
  return mentionsReservation(place) && (place?.kind !== 'member' || place.member === 'lock');
}

function mentionsReservation(expression: Expression | undefined): boolean {
  switch (expression?.kind) {
    case 'name':
      return /resv|reserv|\bobj\b/.test(expression.name);
    case 'member':
      return /resv|reserv/.test(expression.member) || mentionsReservation(expression.object);
    case 'unary':
      return mentionsReservation(expression.operand);
    default:
      return false;
  }
}

function applyLockFunction(
  site: CallSite,
  watch: LockWatch,
  known: LockFunction,
  lock: Value,
  state: State,
): readonly Evaluated[] {
  const { engine } = site;
  switch (known.effect) {
    case 'assert':
      return assertLock(site, watch, lock, state);
    case 'drop':
      checkAlreadyDropped(site, lock, state);
      return [newValueWith(engine, dropLock(site, lock, state), anySign)];
    case 'take':
      return takeLock(site, watch, known, lock, state);
  }
}

/** dma_resv_assert_held(): from here on the lock is held, and it was the caller that took it. */
function assertLock(site: CallSite, watch: LockWatch, lock: Value, state: State): readonly Evaluated[] {
  const { engine, call, frame } = site;
  const held = locksOf(state, 'held');
  const isHeld = held.some((one) => one.handle === lock || relation(one, ownerOf(state, lock), state) === 'related');
  if (isHeld || mayHideLock(state)) return [newValueWith(engine, state, anySign)];
  const dropped = droppedBefore(lock, state);
  if (dropped?.end) reportLock(site, { kind: 'required', verdict: 'dropped', lock: dropped.end }, state);
  else if (watch.entry === 'unlocked' && held.length === 0 && !isOpen(lock, state))
    reportLock(site, { kind: 'required', verdict: 'never', lock: null }, state);
  const after = withCallersLock(state, lock, { path: frame.ref.path, at: call.at }, frame);
  return [newValueWith(engine, after, anySign)];
}

/** Whether code that cannot be followed, or a loop that had no round on this path, may have taken a lock. */
function isOpen(lock: Value, state: State): boolean {
  return state.answers.has(answerKeys.skippedLocks) || wasPassedUnseen(state, lock);
}

/** The lock, or the context that held it, which the path took itself and has dropped: no caller can hold it then. */
function droppedBefore(lock: Value, state: State): Resource | undefined {
  const isIt = (object: Value): boolean => state.heap.get(`${object}.resv`) === lock;
  return (
    locksOf(state, 'released').find((one) => one.handle === lock && !one.isCallers && !one.isElement) ??
    contextThatLocked(state, isIt)
  );
}

/** One result where the lock is taken, and one where taking it failed, if it can. */
function takeLock(
  site: CallSite,
  { entry }: LockWatch,
  known: LockFunction,
  lock: Value,
  state: State,
): readonly Evaluated[] {
  const { engine, name, call, values, frame } = site;
  const context = known.context === null ? undefined : values[known.context];
  const hasContext = context !== zeroValue;
  if (known.context !== null && !hasContext) {
    checkAlreadyHeld(site, lock, state);
    if (entry === 'unknown') checkAgainstRequired(site, lock, state);
  }
  const taken = withLock(state, {
    isRetaken: locksOf(state, 'released').some((one) => one.handle === lock && one.isCallers),
    handle: lock,
    path: frame.ref.path,
    at: call.at,
    function: frame.ref.outline.name,
    api: name,
    isElement: call.arguments.some(hasIndex) || engine.elements.has(lock),
  });
  // Without an acquire context there is no deadlock to back off from.
  const cannotFail = known.answer === 'nothing' || !(hasContext || known.isInterruptible);
  if (cannotFail) return [{ value: zeroValue, state: taken }];
  if (known.answer === 'true-or-false') {
    // The path holds it: to try again fails.
    const isHeld = locksOf(state, 'held').some((one) => one.handle === lock && !one.isElement);
    return [...(isHeld ? [] : [newValueWith(engine, taken, good)]), { value: zeroValue, state }];
  }
  const failed = newValueWith(engine, state, bad);
  // Without a context, and on the slow path, the call fails only if a signal interrupts it.
  const isAsked = (!hasContext || known.isSlow) && asksForSignal(engine, frame);
  const after = isAsked ? noteInterrupted(failed.state, failed.value, true) : failed.state;
  return [
    { value: zeroValue, state: taken },
    { value: failed.value, state: after },
  ];
}
