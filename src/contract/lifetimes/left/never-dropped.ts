// Which locks does a function leave held, and nobody drops?

import { type CallExpression, callsIn, type FunctionUnit, isLoop, visitStatements } from '../../../c/index.js';
import { type FlowExit, type FunctionFlow, mayHideLock, type Resource, saysItLeavesLock } from '../../../flow/index.js';
import {
  dropsReservation,
  isNamedForHeldLock,
  isNamedForUnlock,
  isPairedSlot,
  lockContext,
  lockFunctionsThat,
  mayDropReservation,
} from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, functionAt, functionKey } from '../../../program/index.js';
import type { LockDefect } from '../../model/lifetimes.js';
import { leftLock, lockKey } from '../left-locks.js';

/** What the flows of a tree say of those who drop locks. */
interface Droppers {
  /** The files with a function that drops a lock which it has not taken. */
  readonly files: ReadonlySet<string>;
  /** The names of such functions. */
  readonly names: ReadonlySet<string>;
  /** The locks that are dropped in another function than the one that takes them, by {@link lockKey}. */
  readonly elsewhere: ReadonlySet<string>;
  /** The locks that the function itself drops on some way out. */
  readonly here: ReadonlySet<string>;
}

/**
 * Returns the locks that a function takes and leaves held, at every return or wherever it succeeds, though neither its name
 * nor its comment says so. Another function of the same file that drops a lock which it has not taken may be the
 * counterpart: then there is no defect, unless the function is entered only through a member of an ops table, whose caller
 * knows of no lock, or none of its callers drops a lock. So it is where the function drops the lock when it fails.
 */
export function locksNeverDropped(codebase: Codebase, flows: readonly FunctionFlow[]): readonly LockDefect[] {
  const droppers = droppersIn(codebase, flows);
  return flows.flatMap((flow): readonly LockDefect[] => {
    const { ref, exits, incomplete } = flow;
    if (incomplete !== null || saysItLeavesLock(codebase, ref, 'held')) return [];
    if (exits.some(({ state }) => mayHideLock(state))) return [];
    const mayBePair = droppers.files.has(ref.path) || exits.some((exit) => dropsOwn(exit, droppers));
    return exits.flatMap((exit) =>
      exit.state.resources
        .filter((lock) => isLeft(exit, lock))
        .filter((lock) =>
          lock.function === ref.outline.name
            ? !droppers.elsewhere.has(lockKey(lock)) &&
              (!droppers.here.has(lockKey(lock)) || isHeldBySuccess(exits, lock)) &&
              (!mayBePair || isNobodysToDrop(codebase, ref, droppers.names))
            : isTakenForCaller(codebase, ref, lock) &&
              isHeldBySuccess(exits, lock) &&
              isNobodysToDrop(codebase, ref, droppers.names),
        )
        .map((lock) => ({
          ...leftLock(codebase, flow, lock, exit),
          verdict: 'never-dropped',
          // Somebody who drops such locks may be called in a way that is not followed: through a table, or as a callback.
          certainty: lock.function === ref.outline.name && !mayBePair ? 'medium' : 'low',
        })),
    );
  });
}

function droppersIn(codebase: Codebase, flows: readonly FunctionFlow[]): Droppers {
  const files = new Set<string>();
  const names = new Set<string>(lockFunctionsThat('drop'));
  const elsewhere = new Set<string>();
  const here = new Set<string>();
  for (const { ref, exits } of flows)
    for (const { state } of exits)
      for (const lock of state.resources) {
        if (lock.kind !== 'lock' || lock.status !== 'released') continue;
        (isDroppedWhereTaken(codebase, lock) ? here : elsewhere).add(lockKey(lock));
        if (!lock.isCallers) continue;
        files.add(lock.path);
        names.add(ref.outline.name);
      }
  return { files, names, elsewhere, here };
}

/** Whether the function that takes a lock drops it itself. */
function isDroppedWhereTaken(codebase: Codebase, { path, at, end }: Resource): boolean {
  const taker = functionAt(codebase.program, path, at);
  return taker !== undefined && end?.path === path && taker.outline.start <= end.at && end.at < taker.outline.end;
}

/** Whether a way out leaves a lock held that was not held before, and that is not one of several or a caller's context. */
function isLeft({ state }: FlowExit, lock: Resource): boolean {
  if (lock.kind !== 'lock' || lock.status !== 'held' || lock.isCallers || lock.isRetaken || lock.isElement)
    return false;
  return lock.api !== lockContext.begin || !state.shared.has(lock.handle);
}

function dropsOwn({ state }: FlowExit, { here }: Droppers): boolean {
  return state.resources.some((lock) => here.has(lockKey(lock)));
}

/** Whether a function calls the one that takes a lock, and that says that it returns with it held. */
function isTakenForCaller(codebase: Codebase, ref: FunctionRef, { path, at, function: taker }: Resource): boolean {
  const found = functionAt(codebase.program, path, at);
  return (
    found !== undefined &&
    saysItLeavesLock(codebase, found, 'held') &&
    callsIn(codebase.program.lower(ref).body).some(({ name }) => name === taker)
  );
}

/** Whether each success after the lock was taken leaves it held: only failures drop it. */
function isHeldBySuccess(exits: readonly FlowExit[], lock: Resource): boolean {
  const after = exits.flatMap(({ outcome, state }) =>
    state.resources.filter((one) => lockKey(one) === lockKey(lock)).map(({ status }) => ({ outcome, status })),
  );
  return after.every(({ outcome, status }) => (outcome === 'error' ? status === 'released' : status === 'held'));
}

/** Whether those who enter a function know of no lock: the core, through an ops table, or callers of which none drops one. */
function isNobodysToDrop(
  codebase: Codebase,
  ref: FunctionRef,
  droppers: ReadonlySet<string>,
  height = highestCaller,
): boolean {
  const { references, program } = codebase;
  const slots = references.slotsOf(ref);
  if (isHalfOfPair(codebase, slots, droppers)) return false;
  const callers = references.callersOf(ref);
  if (callers.length === 0) return slots.length > 0;
  const seen = new Set([functionKey(ref)]);
  return !callers.some(({ caller, call }) => {
    if (mayDropLater(codebase, caller, call, droppers, highestCaller, seen)) return true;
    const unit = program.lower(caller);
    return isPassedUp(unit, call)
      ? height === 0 || !isNobodysToDrop(codebase, caller, droppers, height - 1)
      : callsAfter(unit, call).some((name) => mayDropReservation(name));
  });
}

/** Whether a function stands in a table beside the one that drops the lock, by its own slot's name or by what else is in it. */
function isHalfOfPair(
  { program, definitions }: Codebase,
  slots: ReturnType<Codebase['references']['slotsOf']>,
  droppers: ReadonlySet<string>,
): boolean {
  return slots.some(({ slot, path, variable: { type, valueAt, end } }) => {
    if (isPairedSlot(slot)) return true;
    // The kernel's own tables are called with no lock between: what opens a file returns to user space.
    const tag = /\bstruct\s+(\w+)/.exec(type)?.[1] ?? '';
    if (definitions.struct(tag, path)?.path.startsWith('include/')) return false;
    const table = valueAt === null ? '' : (program.file(path)?.code.slice(valueAt, end) ?? '');
    return [...table.matchAll(/\w+/g)].some(([name]) => {
      const target = droppers.has(name) ? undefined : definitions.findNear(name, path);
      return (
        droppers.has(name) ||
        (target !== undefined && callsIn(program.lower(target).body).some((one) => isDrop(one.name, droppers)))
      );
    });
  });
}

function isDrop(name: string | null, droppers: ReadonlySet<string>): boolean {
  return name !== null && (droppers.has(name) || dropsReservation(name) || isNamedForUnlock(name));
}

/** Callers are asked this many calls up. */
const highestCaller = 4;

/** Whether a function may drop the lock that a callee has left to it, or leave it to those who call it. */
function mayDropLater(
  codebase: Codebase,
  ref: FunctionRef,
  call: CallExpression,
  droppers: ReadonlySet<string>,
  height: number,
  seen: Set<string>,
): boolean {
  // `foo_locked()` is called under a lock, and leaves that as it is.
  if (!isNamedForHeldLock(ref.outline.name) && saysItLeavesLock(codebase, ref, 'held')) return true;
  const { references, program } = codebase;
  if (isHalfOfPair(codebase, references.slotsOf(ref), droppers)) return true;
  if (callsAfter(program.lower(ref), call).some((name) => isDrop(name, droppers))) return true;
  const key = functionKey(ref);
  if (height === 0 || seen.has(key)) return false;
  seen.add(key);
  return references
    .callersOf(ref)
    .some((one) => mayDropLater(codebase, one.caller, one.call, droppers, height - 1, seen));
}

/** The functions and slots that may be called after a call: behind it, or anywhere where a loop or a jump goes back. */
function callsAfter({ body }: FunctionUnit, { at }: CallExpression): readonly string[] {
  let goesBack = false;
  visitStatements(body, (statement) => {
    goesBack ||= statement.at < at && (statement.kind === 'label' || isLoop(statement));
  });
  return callsIn(body)
    .filter(({ call }) => goesBack || call.at > at)
    .map(({ name, slot }) => name ?? slot ?? '');
}

/** Whether a caller only passes on what the call returns: `return foo_take(x);` leaves the lock to callers of its own. */
function isPassedUp({ body }: FunctionUnit, { at }: CallExpression): boolean {
  let found = false;
  visitStatements(body, (statement) => {
    found ||= statement.kind === 'return' && statement.value?.kind === 'call' && statement.value.at === at;
  });
  return found;
}
