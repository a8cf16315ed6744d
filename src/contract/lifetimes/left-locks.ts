// Which functions return with the lock in a wrong state?

import { callsIn } from '../../c/index.js';
import type { FlowExit, FunctionFlow, Resource } from '../../flow/index.js';
import { commentSaysItLeavesLock, describeEnd, mayHideLock, saysItLeavesLock, truthOf } from '../../flow/index.js';
import { dropsReservation, interruptedError, isNamedForObjectsEnd, isPairedSlot } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionAt, functionKey } from '../../program/index.js';
import type { LockDefect } from '../model/lifetimes.js';
import { stepAt } from '../places.js';
import { dropsAll, mayHaveFailed, returnsEarly } from './left/locks/early-returns.js';
import { type LoopRange, loopAround, loopOfLocks, type Taken } from './left/locks/lock-loops.js';
import { isToldToDrop } from './told-to-drop.js';

/** Returns the returns of one function that leave a lock in another state than its other returns. */
export function inconsistentLocks(codebase: Codebase, flow: FunctionFlow): readonly LockDefect[] {
  if (flow.incomplete !== null) return [];
  const exits = flow.exits.filter(({ state }) => !mayHideLock(state));
  const locks = new Map<string, Resource>();
  for (const { state } of exits)
    for (const lock of state.resources) if (lock.kind === 'lock') locks.set(lockKey(lock), lock);
  const takesOne = [...locks.values()].some((lock) => !lock.isCallers);
  return [...locks.values()].flatMap((lock) => {
    const isTaken = !lock.isCallers;
    if (lock.isRetaken) return [];
    const taken = isTaken ? loopOfLocks(codebase, flow.ref, lock) : undefined;
    const early = taken ? heldByEarlyReturns(codebase, flow, exits, lock, taken) : [];
    if (early.length > 0) return early;
    if (isTaken && saysItLeavesLock(codebase, flow.ref, 'held')) return heldByFailures(codebase, flow, exits, lock);
    if (!isTaken && saysItDrops(codebase, flow.ref)) return [];
    // Code that drops a lock which it failed to take has another defect than code that drops the caller's lock.
    if (!isTaken && takesOne) return [];
    const taker = functionAt(codebase.program, lock.path, lock.at) ?? flow.ref;
    const around = loopAround(codebase.program.lower(taker), lock.at);
    // A callee that locks the objects of a list unlocks them in a second loop. A path may run the two loops a different
    // number of times.
    const isOthers = functionKey(taker) !== functionKey(flow.ref);
    if (around && isOthers) return [];
    if (isTaken ? exits.some((exit) => isListed(exit, lock)) : around !== undefined) return [];
    const odd = exits.filter((exit) => leavesLock(exit, lock, isTaken ? 'held' : 'released'));
    const others = exits.filter((exit) =>
      isTaken ? leavesLock(exit, lock, 'released') : !odd.includes(exit) && !hasDropped(exit),
    );
    if (!isTaken && odd.every((exit) => others.every((other) => isToldToDrop(codebase, flow, lock, exit, other))))
      return [];
    return odd
      .filter((exit) => (!lock.isElement && !around) || leavesAtOnce(codebase, flow, lock, exit, around))
      .filter((exit) => others.some((other) => isInconsistent(flow, exit, other)))
      .map((exit) => leftLock(codebase, flow, lock, exit));
  });
}

/** The failures that return before anything drops the locks of a loop, where the function drops them on another way. */
function heldByEarlyReturns(
  codebase: Codebase,
  flow: FunctionFlow,
  exits: readonly FlowExit[],
  lock: Resource,
  taken: Taken,
): readonly LockDefect[] {
  // A loop of the function itself may drop what it has taken where it fails.
  const drops = (exit: FlowExit): boolean =>
    (taken.kind === 'by-helper' || exit.outcome !== 'error') &&
    (leavesLock(exit, lock, 'released')
      ? !mayHaveFailed(codebase, flow.ref, taken, exit)
      : dropsAll(codebase, flow.ref, taken, exit));
  if (!exits.some(drops)) return [];
  return exits
    .filter((exit) => exit.outcome === 'error' && leavesLock(exit, lock, 'held'))
    .filter((exit) => returnsEarly(codebase, flow.ref, taken, exit))
    .map((exit) => ({ ...leftLock(codebase, flow, lock, exit), certainty: 'medium' }));
}

function leavesLock({ state }: FlowExit, lock: Resource, status: Resource['status']): boolean {
  return state.resources.some((one) => one.kind === 'lock' && lockKey(one) === lockKey(lock) && one.status === status);
}

/**
 * The failures of a function that is to return with a lock held, and that leave it held, too: whoever gets the error
 * drops no lock. The failure to take the lock shows that errors mean that.
 */
function heldByFailures(
  codebase: Codebase,
  flow: FunctionFlow,
  exits: readonly FlowExit[],
  lock: Resource,
): readonly LockDefect[] {
  const failures = exits.filter(({ outcome }) => outcome === 'error');
  const isHeld = (exit: FlowExit): boolean => leavesLock(exit, lock, 'held');
  if (lock.isElement || failures.every(isHeld)) return [];
  if (!exits.some((exit) => exit.outcome === 'success' && isHeld(exit))) return [];
  if (areAskedForSignal(codebase, flow.ref)) return [];
  return failures
    .filter(isHeld)
    .map((exit) => ({ ...leftLock(codebase, flow, lock, exit), verdict: 'held-by-failure', certainty: 'medium' }));
}

/** Whether each caller distinguishes the error of an interrupted lock call from other errors. */
function areAskedForSignal({ references, program }: Codebase, ref: FunctionRef): boolean {
  const callers = references.callersOf(ref);
  return callers.length > 0 && callers.every(({ caller }) => program.bodyText(caller).includes(interruptedError));
}

/**
 * Whether a function says that it drops the lock of its callers. The name of a release function that nobody calls by its
 * name, as a kref's, speaks of an object and not of a lock.
 */
export function saysItDrops(codebase: Codebase, ref: FunctionRef): boolean {
  const { name, isStatic } = ref.outline;
  const isObjects = isStatic && isNamedForObjectsEnd(name) && codebase.references.callersOf(ref).length === 0;
  const isUnlock = (): boolean => codebase.references.slotsOf(ref).some(({ slot }) => isPairedSlot(slot));
  return isObjects && !isUnlock() ? commentSaysItLeavesLock(codebase, ref) : saysItLeavesLock(codebase, ref, 'dropped');
}

/**
 * Whether no loop and no jump stands between the lock and the return: a loop may drop one lock of an array after the other.
 * A failure may also leave the loop around the lock, whose rounds drop the lock, if nothing behind the loop can drop it.
 */
function leavesAtOnce(
  codebase: Codebase,
  { ref }: FunctionFlow,
  lock: Resource,
  exit: FlowExit,
  around: LoopRange | undefined,
): boolean {
  const from = whereTaken(codebase, ref, lock);
  if (from === undefined || from >= exit.at) return false;
  const code = codebase.program.file(ref.path)?.code ?? '';
  if (!jumps.test(code.slice(from, exit.at))) return true;
  if (!around || lock.isElement || exit.outcome !== 'error' || exit.at <= around.end) return false;
  const behind = code.slice(around.end, exit.at).replace(loopEnd, '');
  return dropsOne(code.slice(lock.at, around.end)) && !dropsOne(behind) && !jumps.test(behind);
}

/** Where a function takes a lock: by itself, or where it calls the helper that does; undefined if it calls that twice. */
function whereTaken({ program }: Codebase, ref: FunctionRef, { path, at }: Resource): number | undefined {
  const taker = functionAt(program, path, at);
  if (!taker || functionKey(taker) === functionKey(ref)) return path === ref.path ? at : undefined;
  const [call, ...others] = callsIn(program.lower(ref).body).filter(({ name }) => name === taker.outline.name);
  return others.length === 0 ? call?.call.at : undefined;
}

const jumps = /\b(?:for|while|do|goto|\w*for_each\w*)\b/;
/** What follows the last expression of a `do` loop or of the body of any other. */
const loopEnd = /^[^;{}]*;[\s}]*(?:while\s*\([^;]*;)?/;

function dropsOne(code: string): boolean {
  return [...code.matchAll(/\b(\w+)\s*\(/g)].some(([, name = '']) => dropsReservation(name));
}

function hasDropped({ state }: FlowExit): boolean {
  return state.resources.some((lock) => lock.kind === 'lock' && lock.isCallers && lock.status === 'released');
}

/**
 * A function that fails must leave the lock as it found it. All successful returns must leave it in the same state, but
 * `true` may mean that the lock is held, and `false` that it is not.
 */
function isInconsistent({ ref }: FunctionFlow, odd: FlowExit, other: FlowExit): boolean {
  if (/\b_?bool\b/i.test(ref.outline.returnType) && isTrue(odd) !== isTrue(other)) return false;
  return odd.outcome === 'error' || other.outcome === odd.outcome;
}

/** Whether a return is `true`; null if it may be either. */
function isTrue({ state, value }: FlowExit): boolean | null {
  return value === null ? null : truthOf(state, value);
}

/** Whether a lock is kept in an array. Code that unlocks goes through the elements one by one. */
function isListed({ state: { heap } }: FlowExit, { handle }: Resource): boolean {
  for (const [key, value] of heap) if (value === handle && /^\d+\.\[/.test(key)) return true;
  return false;
}

/** By what a lock is known in several flows: where it is taken, and by what. */
export function lockKey({ path, at, api }: Resource): string {
  return `${path}:${at}:${api}`;
}

/** The defect of a lock that one return leaves in a wrong state. */
export function leftLock(codebase: Codebase, { ref }: FunctionFlow, lock: Resource, exit: FlowExit): LockDefect {
  const isHeld = !lock.isCallers;
  const end = exit.state.resources.find((one) => one.kind === 'lock' && lockKey(one) === lockKey(lock))?.end;
  return {
    kind: 'leak',
    verdict: isHeld ? 'left-held' : 'left-dropped',
    path: ref.path,
    at: exit.at,
    function: ref.outline.name,
    api: lock.api,
    certainty: exit.outcome === 'error' ? 'high' : 'medium',
    trace: isHeld
      ? [stepAt(codebase, lock.path, lock.at, `taken here by ${lock.api}()`)]
      : end
        ? [stepAt(codebase, end.path, end.at, `${describeEnd(end)} here, and not taken in ${ref.outline.name}()`)]
        : [],
  };
}
