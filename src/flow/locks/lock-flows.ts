import {
  type Codebase,
  type FunctionRef,
  functionKey,
  functionsIn,
  memoByFile,
  memoByFunction,
} from '../../program/index.js';
import { callersInScope } from '../callers/callers.js';
import { callersThroughSlot, type Entry, entriesOf, saysLocked } from '../callers/entries.js';
import { dependOnExpansions, expansionsOf, useExpansions } from '../expansion/expansions.js';
import { followFunction } from '../paths/engine.js';
import type { FunctionFlow, LockEvent } from '../paths/model.js';
import { dependOnConvention, type LockingConvention, useConvention } from './convention.js';
import { createLockRelevance, type LockRelevance } from './lock-relevance.js';

/** An event of the lock, with the function in which nothing was left open. */
export interface LockFinding {
  readonly event: LockEvent;
  readonly root: FunctionRef;
  /** What says in which state the root is entered; null where nothing does. */
  readonly entry: Entry | null;
  /** `unknown`: nobody can be seen to call the root, and nothing says what its callers hold. */
  readonly certainty: 'known' | 'unknown';
}

/** What following the lock through a tree showed. */
export interface LockFlows {
  readonly findings: readonly LockFinding[];
  /** Every function followed from its own start, for what it leaves. */
  readonly flows: readonly FunctionFlow[];
  /** Calls of which nothing can be said: they are reached by ways that cannot be seen. */
  readonly undecided: readonly { readonly event: LockEvent; readonly reason: string }[];
}

const apiItself = 'drivers/dma-buf/dma-buf.c';
/** How far up callers are followed until somebody holds the lock, or nobody does. */
const mostClimbs = 4;
const deepestCallback = 4;

interface Job {
  readonly ref: FunctionRef;
  /** Functions that must be followed to get to the call. */
  readonly towards: ReadonlyMap<string, FunctionRef>;
  readonly slots: ReadonlyMap<string, FunctionRef>;
}

/**
 * Follows the reservation lock through every function that takes it, needs it or must not have it.
 * @param focus the only file whose functions are looked at, with who leads to them; null for all
 */
export function followLocks(codebase: Codebase, convention: LockingConvention, focus: string | null = null): LockFlows {
  const relevance = createLockRelevance(codebase);
  const findings: LockFinding[] = [];
  const flows: FunctionFlow[] = [];
  const undecided: { readonly event: LockEvent; readonly reason: string }[] = [];

  const expansions = expansionsOf(codebase);
  useExpansions(codebase, expansions);
  useConvention(codebase, convention);

  const follow = (job: Job, entry: Entry | null, assumed: Entry['lock']): FunctionFlow =>
    memoByFunction(codebase, job.ref, `locks\0${assumed}\0${entry?.lockOfFirst}\0${jobText(job)}`, () => {
      dependOnExpansions(codebase);
      dependOnConvention(codebase);
      return followFunction(codebase, relevance.towards(job.towards), job.ref, {
        expansions,
        locks: {
          convention,
          entry: assumed,
          lockOfFirst: entry?.lockOfFirst ?? null,
          slots: job.slots,
          find: (name, path) => onTheWay(job, name, path) ?? relevance.find(name, path),
        },
      });
    });

  const settle = (flow: FunctionFlow, entry: Entry | null): void => {
    for (const event of flow.lockEvents)
      if (event.verdict !== 'open') findings.push({ event, root: flow.ref, entry, certainty: 'known' });
  };

  /** Follows one function for every way into it; returns what its callers must be asked for. */
  const visit = (job: Job): readonly Job[] => {
    const entries = entriesOf(codebase, convention, job.ref);
    for (const entry of entries)
      if (entry.lock !== 'unknown') {
        const flow = follow(job, entry, entry.lock);
        flows.push(flow);
        settle(flow, entry);
      }
    if (saysLocked(codebase, job.ref)) return [];
    const ownSlots = entries.flatMap(({ lock, via }) => (lock === 'unknown' && via.kind === 'slot' ? [via.slot] : []));
    const isEntered = entries.length > 0 && ownSlots.length === 0;
    if (isEntered && callersInScope(codebase, job.ref).length === 0) return [];
    const flow = follow(job, null, 'unknown');
    flows.push(flow);
    settle(flow, null);
    const open = flow.lockEvents.filter((event) => event.verdict === 'open');
    if (open.length === 0) return [];
    const towards = new Map([...job.towards, [functionKey(job.ref), job.ref]]);
    // Who must not hold the lock is fine with every caller that takes none.
    const callers = open.some((event) => event.kind === 'required')
      ? callersInScope(codebase, job.ref)
      : lockingCallers(codebase, relevance, job.ref);
    const above: Job[] = callers
      .filter((caller) => functionKey(caller) !== functionKey(job.ref))
      .map((caller) => ({ ref: caller, towards, slots: job.slots }));
    for (const slot of ownSlots) {
      const slots = new Map([...job.slots, [slot, job.ref]]);
      for (const caller of callersThroughSlot(codebase, slot, job.ref.path))
        above.push({ ref: caller, towards, slots });
    }
    if (above.length === 0) nobodyCalls(job.ref, open, entries);
    return above;
  };

  const nobodyCalls = (ref: FunctionRef, open: readonly LockEvent[], entries: readonly Entry[]): void => {
    for (const event of open) {
      if (event.kind !== 'required') continue;
      if (entries.length === 0 && !ref.outline.isStatic && codebase.references.isScopeKnown(ref))
        findings.push({ event, root: ref, entry: null, certainty: 'unknown' });
      else if (!undecided.some((known) => known.event.path === event.path && known.event.at === event.at))
        undecided.push({ event, reason: `it cannot be seen who calls ${ref.outline.name}()` });
    }
  };

  let level = firstJobs(codebase, convention, relevance, focus);
  for (let climb = 0; climb <= mostClimbs && level.length > 0; climb++) level = together(level.flatMap(visit));
  return { findings, flows, undecided };
}

/** What tells a job from another for the same function: outlines and all, since a way may lead through any file. */
function jobText({ towards, slots }: Job): string {
  return JSON.stringify([[...towards.values()], [...slots]]);
}

/** A function on the way that a job must go, by the name that it is called by in a file. */
function onTheWay({ towards }: Job, name: string, path: string): FunctionRef | undefined {
  for (const ref of towards.values())
    if (ref.outline.name === name && (!ref.outline.isStatic || ref.path === path || ref.path.endsWith('.h')))
      return ref;
  return undefined;
}

/** One job for each function: it is followed towards everything that it was asked for. */
function together(jobs: readonly Job[]): readonly Job[] {
  const found = new Map<string, Job>();
  for (const job of jobs) {
    const key = functionKey(job.ref);
    const known = found.get(key);
    found.set(
      key,
      known
        ? {
            ref: job.ref,
            towards: new Map([...known.towards, ...job.towards]),
            slots: new Map([...known.slots, ...job.slots]),
          }
        : job,
    );
  }
  return [...found.values()];
}

/** The functions that call what the convention speaks of, and the callbacks that run locked, with what they reach. */
function firstJobs(
  codebase: Codebase,
  convention: LockingConvention,
  relevance: LockRelevance,
  focus: string | null,
): readonly Job[] {
  const needs = new RegExp(`\\b(?:${[...convention.mustHold].join('|')})\\s*\\(`);
  const refuses = new RegExp(`\\b(?:${[...convention.mustNotHold].join('|')})\\s*\\(`);
  const watched = new Set([
    ...relevance.lockFiles(),
    ...codebase.program.candidatesWith(needs),
    ...codebase.program.candidatesWith(refuses),
  ]);
  watched.delete(apiItself);
  const files = focus === null ? [...watched].sort() : [focus].filter((path) => watched.has(path));
  const beginnings = files.flatMap((path) =>
    memoByFile(codebase, path, 'lock-beginnings', () => {
      dependOnConvention(codebase);
      return functionsIn(codebase.program, path).flatMap((ref) =>
        beginningsAt(codebase, relevance, ref, needs, refuses),
      );
    }),
  );
  const interesting = new Set(beginnings.map(({ ref }) => functionKey(ref)));
  const jobs = beginnings.flatMap((beginning) => beginning.jobs);
  return together([...jobs, ...lockedCallbacks(codebase, convention, interesting)]);
}

/** What is to be followed because of one function: it, or those of its callers that hold a lock. */
function beginningsAt(
  codebase: Codebase,
  relevance: LockRelevance,
  ref: FunctionRef,
  needs: RegExp,
  refuses: RegExp,
): readonly { readonly ref: FunctionRef; readonly jobs: readonly Job[] }[] {
  const code = codebase.program.bodyText(ref);
  const isDirect = needs.test(code) || relevance.isDirect(ref);
  const refusesLock = refuses.test(code);
  if (!isDirect && !refusesLock) return [];
  if (isDirect || callsWrapper(codebase, relevance, ref))
    return [{ ref, jobs: [{ ref, towards: new Map(), slots: new Map() }] }];
  const towards = new Map([[functionKey(ref), ref]]);
  const callers = lockingCallers(codebase, relevance, ref);
  return [{ ref, jobs: callers.map((caller) => ({ ref: caller, towards, slots: new Map() })) }];
}

/** What takes no lock and must not be called with it: only callers that take one are of interest. */
function lockingCallers(codebase: Codebase, relevance: LockRelevance, ref: FunctionRef): readonly FunctionRef[] {
  const files = new Set(relevance.lockFiles());
  const scope = codebase.references.scope(ref).filter((path) => files.has(path));
  return codebase.references.of(ref.outline.name, scope).flatMap(({ inside, isCall, at }): readonly FunctionRef[] => {
    if (!inside || !isCall || at < inside.outline.bodyStart || functionKey(inside) === functionKey(ref)) return [];
    return relevance.isDirect(inside) || callsWrapper(codebase, relevance, inside) ? [inside] : [];
  });
}

/** Callbacks that run with the lock held, and the way from them to a function that matters. */
function lockedCallbacks(
  codebase: Codebase,
  convention: LockingConvention,
  interesting: ReadonlySet<string>,
): readonly Job[] {
  const jobs: Job[] = [];
  const tables = /^struct (?:dma_buf_attach_ops|dma_buf_ops|drm_gem_object_funcs)$/;
  for (const path of codebase.program.candidatesWith(
    /\bstruct (?:dma_buf_attach_ops|dma_buf_ops|drm_gem_object_funcs)\b/,
  )) {
    if (path === apiItself) continue;
    const file = codebase.program.file(path);
    for (const variable of file?.unit.variables ?? []) {
      if (!file || variable.valueAt === null || !tables.test(variable.type)) continue;
      for (const [, name = ''] of file.code.slice(variable.valueAt, variable.end).matchAll(/=\s*&?\s*(\w+)/g)) {
        const ref = codebase.definitions.findCandidate(name, path);
        if (!ref || !entriesOf(codebase, convention, ref).some(({ lock }) => lock === 'locked')) continue;
        const towards = wayDown(codebase, ref, interesting);
        if (towards.size > 0 || interesting.has(functionKey(ref))) jobs.push({ ref, towards, slots: new Map() });
      }
    }
  }
  return jobs;
}

/** The functions on a way of few calls from one function to any that matters. */
function wayDown(
  codebase: Codebase,
  from: FunctionRef,
  interesting: ReadonlySet<string>,
): ReadonlyMap<string, FunctionRef> {
  const onTheWay = new Map<string, FunctionRef>();
  const known = new Map<string, boolean>();
  const search = (ref: FunctionRef, depth: number): boolean => {
    const key = functionKey(ref);
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    known.set(key, false); // while it is being looked into
    let found = interesting.has(key) && ref !== from;
    if (depth > 0)
      for (const name of calledNames(codebase, ref)) {
        const target = codebase.definitions.findCandidate(name, ref.path);
        if (target && search(target, depth - 1)) found = true;
      }
    known.set(key, found);
    if (found) onTheWay.set(key, ref);
    return found;
  };
  search(from, deepestCallback);
  return onTheWay;
}

function calledNames(codebase: Codebase, ref: FunctionRef): readonly string[] {
  return memoByFunction(codebase, ref, 'called-names', () => [
    ...new Set(
      [...codebase.program.bodyText(ref).matchAll(/(?<![>.]\s*)\b([a-z_]\w*)\s*\(/g)].map((match) => match[1] ?? ''),
    ),
  ]);
}

function callsWrapper(codebase: Codebase, relevance: LockRelevance, ref: FunctionRef): boolean {
  if (/guard\s*\(/.test(codebase.program.bodyText(ref))) return true;
  return calledNames(codebase, ref).some((name) => {
    if (!/lock|reserve/.test(name)) return false;
    const target = relevance.find(name, ref.path);
    return target !== undefined && relevance.isWrapper(target);
  });
}
