import type { Codebase, FunctionRef } from '../../program/index.js';
import { saysCallersHoldLock } from '../callers/documented-locking.js';
import { type EntryPoint, entryPointsOf } from '../callers/entry-points.js';
import { readConvention } from '../locks/convention.js';
import type { FlowExit, LockEvent } from '../model/results.js';
import { followFunction } from '../paths/follow.js';
import { createLockRelevance } from '../tree/locks/lock-relevance.js';
import { describeEnd, describeLockOrigin, describeVia, type LineOf } from './wording.js';

const entered: Readonly<Record<EntryPoint['lock'], string>> = {
  locked: 'with the reservation lock held',
  unlocked: 'without the reservation lock',
  unknown: 'with or without the reservation lock',
};

/** Says in words what a function does to the reservation lock, for each way to enter it. */
export function explainLocks(codebase: Codebase, ref: FunctionRef, lineOf: LineOf): readonly string[] {
  const convention = readConvention(codebase);
  if (!convention) return ["this tree has no 'DOC: locking convention': the reservation lock is not checked"];
  const relevance = createLockRelevance(codebase);
  const entries = entryPointsOf(codebase, convention, ref);
  const ways: readonly (EntryPoint | null)[] = entries.length > 0 ? entries : [null];
  const lines = ways.flatMap((entry) => {
    const flow = followFunction(codebase, relevance.towards(new Set()), ref, {
      locks: {
        convention,
        entry: entry?.lock ?? 'unknown',
        lockOfFirst: entry?.lockOfFirst ?? null,
        ...(entry?.lockOfData && { lockOfData: entry.lockOfData }),
        slots: new Map(),
        isLockingSlot: relevance.isLockingSlot,
        find: relevance.find,
      },
    });
    const facts = [
      ...flow.lockEvents.map((event) => `  ${explainEvent(event, lineOf)}`),
      ...flow.exits.flatMap((exit) => explainExit(exit, ref.path, lineOf)),
    ];
    if (facts.length === 0) return [];
    const from = entry ? `entered from ${describeVia(entry.via)} ${entered[entry.lock]}` : 'called by other functions';
    return [from, ...new Set(facts)];
  });
  return saysCallersHoldLock(codebase, ref)
    ? [...lines, 'its name or comment says that its callers hold the lock']
    : lines;
}

function explainEvent({ kind, verdict, path, at, api, lock }: LockEvent, lineOf: LineOf): string {
  const place = lineOf(path, at);
  const since = lock ? `, ${describeLockOrigin(lock)} at ${lineOf(lock.path, lock.at)}` : '';
  if (kind === 'forbidden')
    return verdict === 'open'
      ? `${place}: ${api}() must not be called with the lock, which the callers may hold`
      : `${place}: ${api}() is called with the lock held${since}`;
  return verdict === 'open'
    ? `${place}: ${api}() needs the lock, which the callers may hold`
    : `${place}: ${api}() is called without the lock${since}`;
}

function explainExit(exit: FlowExit, path: string, lineOf: LineOf): readonly string[] {
  return exit.state.resources.flatMap((lock) => {
    if (lock.kind !== 'lock') return [];
    const leaves = `  leaves at ${lineOf(path, exit.at)} with the lock`;
    const isOwn = !lock.isCallers;
    const taken = isOwn ? `taken by ${lock.api}() at ${lineOf(lock.path, lock.at)}` : 'that its callers hold';
    if (lock.status === 'held') return isOwn ? [`${leaves} ${taken} still held`] : [];
    return lock.end ? [`${leaves} ${taken} ${describeEnd(lock.end)} at ${lineOf(lock.end.path, lock.end.at)}`] : [];
  });
}
