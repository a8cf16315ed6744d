// Which functions drop a lock that nobody has taken?

import type { FunctionFlow, Resource } from '../../flow/index.js';
import { mayHideLock, saysItLeavesLock } from '../../flow/index.js';
import { isBetweenSystemCalls, mayTakeReservation } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';
import type { LockDefect } from '../model/lifetimes.js';
import { leftLock, saysItDrops } from './left-locks.js';

/**
 * Returns the locks that a function drops on every way and that nothing shows to be held: neither the function nor a caller
 * that was followed takes or asserts them, and no function of the file leaves one held. A function may say that it drops
 * the lock of its callers.
 */
export function locksNeverTaken(codebase: Codebase, flows: readonly FunctionFlow[]): readonly LockDefect[] {
  const filesLeavingOne = new Set<string>();
  const known = new Set<string>();
  for (const { ref, exits } of flows)
    for (const { state } of exits)
      for (const lock of state.resources) {
        if (lock.kind !== 'lock') continue;
        if (lock.status === 'held' && !lock.isCallers && !saysItLeavesLock(codebase, ref, 'held'))
          filesLeavingOne.add(ref.path);
        if (lock.end && !isUntaken(lock, ref)) known.add(endKey(lock));
      }
  return flows.flatMap((flow): readonly LockDefect[] => {
    const { ref, exits, incomplete } = flow;
    if (incomplete !== null) return [];
    if (!isOneSystemCall(codebase, ref) && (filesLeavingOne.has(ref.path) || saysItDrops(codebase, ref))) return [];
    if (isCalledByTaker(codebase, ref)) return [];
    if (exits.some(({ state }) => mayHideLock(state) || !isOnlyDropping(state.resources, ref))) return [];
    return exits.flatMap((exit) =>
      exit.state.resources
        .filter((lock) => lock.kind === 'lock' && !lock.isElement && isIn(ref, lock.end) && !known.has(endKey(lock)))
        .map((lock) => ({
          ...leftLock(codebase, flow, lock, exit),
          at: lock.end?.at ?? lock.at,
          verdict: 'never-taken',
          certainty: 'medium',
          trace: [],
        })),
    );
  });
}

/** Whether a function runs within one system call, and nothing else calls it: no other takes the lock for it before. */
function isOneSystemCall({ references }: Codebase, ref: FunctionRef): boolean {
  const slots = references.slotsOf(ref);
  const isCores = slots.length > 0 && slots.every(({ slot }) => isBetweenSystemCalls(slot));
  return isCores && references.callersOf(ref).length === 0;
}

/** How many callers above one another are asked. */
const highestCaller = 3;

/** Whether a caller takes a lock that may be the one dropped: its own paths may be followed as one, whoever drops it. */
function isCalledByTaker(codebase: Codebase, ref: FunctionRef): boolean {
  return memoByFunction(codebase, ref, 'called-by-taker', () => isBelowTaker(codebase, ref, highestCaller), plain());
}

function isBelowTaker(codebase: Codebase, ref: FunctionRef, height: number): boolean {
  return codebase.references
    .callersOf(ref)
    .some(
      ({ caller }) =>
        mayTake(codebase.program.bodyText(caller)) || (height > 1 && isBelowTaker(codebase, caller, height - 1)),
    );
}

function mayTake(body: string): boolean {
  return [...body.matchAll(/\b(\w+)\s*\(/g)].some(([, name = '']) => mayTakeReservation(name));
}

/** Whether a path dropped locks that it had not taken, and had no other: the release of another one may be mistaken for it. */
function isOnlyDropping(resources: readonly Resource[], ref: FunctionRef): boolean {
  const locks = resources.filter(({ kind }) => kind === 'lock');
  return locks.length > 0 && locks.every((lock) => isUntaken(lock, ref));
}

/** Whether nothing was known of a lock before it was dropped, but that a helper of the function asserts it. */
function isUntaken({ isCallers, status, path, at, end, function: asserter }: Resource, ref: FunctionRef): boolean {
  if (!isCallers || status !== 'released' || end === null) return false;
  return (end.path === path && end.at === at) || asserter !== ref.outline.name;
}

function isIn({ path, outline }: FunctionRef, end: Resource['end']): boolean {
  return end !== null && end.path === path && outline.bodyStart <= end.at && end.at < outline.end;
}

function endKey({ end }: Resource): string {
  return `${end?.path}:${end?.at}`;
}
