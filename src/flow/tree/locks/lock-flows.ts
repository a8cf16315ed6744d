import { type Codebase, type FunctionRef, functionKey, memoByFunction } from '../../../program/index.js';
import { callersInScope } from '../../callers/callers.js';
import { saysCallersHoldLock } from '../../callers/documented-locking.js';
import { callersThroughSlot, type EntryPoint, entryPointsOf } from '../../callers/entry-points.js';
import { dependOnExpansions, type Expansions, expansionsOf, useExpansions } from '../../expansion/expansions.js';
import { dependOnConvention, type LockingConvention, useConvention } from '../../locks/convention.js';
import { isLeftToCaller } from '../../locks/nested-locks.js';
import { packedFlow } from '../../model/packed-flow.js';
import type { FunctionFlow, LockEvent } from '../../model/results.js';
import { followFunction } from '../../paths/follow.js';
import { mayTakeBelow } from './called-names.js';
import { callersTakingLock, firstLockJobs, type LockJob, mergeJobs } from './lock-jobs.js';
import { createLockRelevance, type LockRelevance } from './lock-relevance.js';
import { calledForPicked } from './picked-objects.js';

/** A call that breaks the locking convention, with the outermost function that shows it. */
export interface LockFinding {
  readonly event: LockEvent;
  readonly root: FunctionRef;
  /** What tells whether the root is entered with the lock; null where nothing does. */
  readonly entry: EntryPoint | null;
  /** `unknown`: no caller of the root is seen, and nothing says what its callers hold. */
  readonly certainty: 'known' | 'unknown';
}

/** A call of which nothing can be said, and why, as text for people. */
export interface UndecidedCall {
  readonly event: LockEvent;
  readonly reason: string;
}

/** What following the reservation lock through a tree gave. */
export interface LockFlows {
  readonly findings: readonly LockFinding[];
  /** Every function that was followed from its own entry. */
  readonly flows: readonly FunctionFlow[];
  readonly undecided: readonly UndecidedCall[];
}

/** How many levels of callers are followed until one holds the lock, or none does. */
const mostClimbs = 4;

/** The analysis of one tree, and what it has found so far. */
interface Analysis {
  readonly codebase: Codebase;
  readonly convention: LockingConvention;
  readonly relevance: LockRelevance;
  readonly expansions: Expansions;
  readonly findings: LockFinding[];
  readonly flows: FunctionFlow[];
  readonly undecided: UndecidedCall[];
}

/**
 * Follows the reservation lock through every function that takes it, needs it or must not hold it, and from there through
 * the callers, until it is known whether the lock is held.
 * @param focus the only file to begin in, with the callers of its functions; null for all
 */
export function followLocks(codebase: Codebase, convention: LockingConvention, focus: string | null = null): LockFlows {
  const relevance = createLockRelevance(codebase);
  const expansions = expansionsOf(codebase);
  useExpansions(codebase, expansions);
  useConvention(codebase, convention);
  const analysis: Analysis = {
    codebase,
    convention,
    relevance,
    expansions,
    findings: [],
    flows: [],
    undecided: [],
  };
  let level = firstLockJobs(codebase, convention, relevance, focus);
  for (let climb = 0; climb <= mostClimbs && level.length > 0; climb++)
    level = mergeJobs(level.flatMap((job) => visit(analysis, job)));
  const { findings, flows, undecided } = analysis;
  return { findings, flows, undecided };
}

/** Follows one function once for each way to enter it; returns the callers that decide what is still open. */
function visit(analysis: Analysis, job: LockJob): readonly LockJob[] {
  const { codebase, convention } = analysis;
  const entries = entryPointsOf(codebase, convention, job.ref);
  for (const entry of entries) if (entry.lock !== 'unknown') follow(analysis, job, entry);
  const slots = entries.flatMap(({ lock, via }) => (lock === 'unknown' && via.kind === 'slot' ? [via.slot] : []));
  if (saysCallersHoldLock(codebase, job.ref)) return callersOfTrusted(analysis, job, slots);
  const isEnteredOtherwise = entries.length > 0 && slots.length === 0;
  if (isEnteredOtherwise && callersInScope(codebase, job.ref).length === 0) {
    // Nobody knows what whoever follows the pointer holds: the function is judged by what it does itself.
    const pointer = entries.find(({ lock }) => lock === 'unknown');
    if (pointer) follow(analysis, job, pointer);
    return [];
  }
  const open = openEvents(follow(analysis, job, null));
  if (open.length === 0) return [];
  if (open.every(({ isAsserted }) => isAsserted)) {
    addPicked(analysis, job, open);
    return callersOfTrusted(analysis, job, slots);
  }
  const above = callerJobs(analysis, job, open, slots);
  if (above.length === 0 && !isBelieved(analysis, job)) addUncalled(analysis, job.ref, open, entries);
  return above;
}

function openEvents({ lockEvents }: FunctionFlow): readonly LockEvent[] {
  return lockEvents.filter((event) => event.verdict === 'open');
}

/**
 * The callers of a function that says that they hold the lock: one that is entered where nobody holds it and takes none is
 * wrong. The function itself is believed.
 */
function callersOfTrusted(analysis: Analysis, job: LockJob, slots: readonly string[]): readonly LockJob[] {
  const needing = openEvents(flowOf(analysis, job, null)).filter(({ kind }) => kind === 'required');
  if (needing.length === 0) return [];
  return callerJobs(analysis, job, needing, slots).filter(
    ({ ref }) => !isAlwaysLocked(analysis, ref) && !mayTakeBelow(analysis.codebase, ref),
  );
}

/** Whether all that is known to enter a function holds the lock. */
function isAlwaysLocked({ codebase, convention }: Analysis, ref: FunctionRef): boolean {
  const entries = entryPointsOf(codebase, convention, ref);
  return entries.length > 0 && entries.every(({ lock }) => lock === 'locked');
}

/** Whether a function on the way to the calls of a job says that its callers hold the lock. */
function isBelieved({ codebase }: Analysis, { ref, towards }: LockJob): boolean {
  return [ref, ...towards.values()].some((one) => saysCallersHoldLock(codebase, one));
}

/** Follows a function from one entry point, or as it is called by name, and records what is decided. */
function follow(analysis: Analysis, job: LockJob, entry: EntryPoint | null): FunctionFlow {
  const flow = flowOf(analysis, job, entry);
  analysis.flows.push(flow);
  for (const event of flow.lockEvents)
    if (event.verdict !== 'open') analysis.findings.push({ event, root: flow.ref, entry, certainty: 'known' });
  return flow;
}

function flowOf(analysis: Analysis, job: LockJob, entry: EntryPoint | null): FunctionFlow {
  const { codebase, convention, relevance, expansions } = analysis;
  const assumed = entry?.lock ?? 'unknown';
  const lockOfFirst = entry?.lockOfFirst ?? null;
  const lockOfData = entry?.lockOfData;
  return memoByFunction(
    codebase,
    job.ref,
    `locks\0${assumed}\0${entry?.lockOfFirst}\0${lockOfData ? JSON.stringify(lockOfData) : ''}\0${jobText(job)}`,
    () => {
      dependOnExpansions(codebase);
      dependOnConvention(codebase);
      return followFunction(codebase, relevance.towards(job.towards), job.ref, {
        expansions,
        locks: {
          convention,
          entry: assumed,
          lockOfFirst,
          ...(lockOfData && { lockOfData }),
          slots: job.slots,
          isLockingSlot: relevance.isLockingSlot,
          find: (name, path) => findTowards(job, name, path) ?? relevance.find(name, path),
        },
      });
    },
    packedFlow,
  );
}

/** The jobs of the callers of a function, by its name and through the slots that it stands in. */
function callerJobs(
  { codebase, relevance }: Analysis,
  { ref, towards, slots }: LockJob,
  open: readonly LockEvent[],
  ownSlots: readonly string[],
): readonly LockJob[] {
  const below = new Map([...towards, [functionKey(ref), ref]]);
  // A function that must not hold the lock is right with every caller that takes none.
  const callers = open.some((event) => event.kind === 'required')
    ? callersInScope(codebase, ref)
    : callersTakingLock(codebase, relevance, ref);
  const byName = callers
    .filter((caller) => functionKey(caller) !== functionKey(ref))
    .map((caller): LockJob => ({ ref: caller, towards: below, slots }));
  const throughSlots = ownSlots.flatMap((slot) => {
    const known = new Map([...slots, [slot, ref]]);
    return callersThroughSlot(codebase, slot, ref.path).map(
      (caller): LockJob => ({ ref: caller, towards: below, slots: known }),
    );
  });
  return [...byName, ...throughSlots];
}

/** Records the calls that rely on the callers of a function for the lock of an object that it picks itself. */
function addPicked({ codebase, findings }: Analysis, { ref, towards }: LockJob, open: readonly LockEvent[]): void {
  const helpers = new Set([...towards.values()].map(({ outline }) => outline.name));
  const picked = open.map((event) => calledForPicked(codebase, ref, event, helpers)).find((event) => event);
  if (picked) findings.push({ event: picked, root: ref, entry: null, certainty: 'known' });
}

/** Records the open calls of a function that no caller is seen of. */
function addUncalled(
  { codebase, findings, undecided }: Analysis,
  ref: FunctionRef,
  open: readonly LockEvent[],
  entries: readonly EntryPoint[],
): void {
  for (const event of open) {
    // A function that asserts the lock is believed: its callers are not seen.
    if (event.kind !== 'required' || event.isAsserted) continue;
    const isLeft = isLeftToCaller(codebase, event.decisions);
    if (entries.length === 0 && !isLeft && !ref.outline.isStatic && codebase.references.isScopeKnown(ref))
      findings.push({ event, root: ref, entry: null, certainty: 'unknown' });
    else if (!undecided.some((known) => known.event.path === event.path && known.event.at === event.at))
      undecided.push({ event, reason: `the callers of ${ref.outline.name}() are unknown` });
  }
}

/** Tells one job for a function from another, in full: the call paths of a job may lead through any file. */
function jobText({ towards, slots }: LockJob): string {
  return JSON.stringify([[...towards.values()], [...slots]]);
}

/** The function on a job's call path that a name means in a file. */
function findTowards({ towards }: LockJob, name: string, path: string): FunctionRef | undefined {
  for (const ref of towards.values())
    if (ref.outline.name === name && (!ref.outline.isStatic || ref.path === path || ref.path.endsWith('.h')))
      return ref;
  return undefined;
}
