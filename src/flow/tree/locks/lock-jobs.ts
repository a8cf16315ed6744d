import { dmaBufCore, krefPuts, lockedTableTypes, lockFunctionsThat } from '../../../kernel/index.js';
import {
  type Codebase,
  type FunctionRef,
  folderOf,
  functionKey,
  functionsIn,
  memoByFile,
  plain,
} from '../../../program/index.js';
import { entryPointsOf } from '../../callers/entry-points.js';
import { functionsInTables } from '../../callers/table-functions.js';
import { dependOnExpansions } from '../../expansion/expansions.js';
import { dependOnConvention, type LockingConvention } from '../../locks/convention.js';
import { calledNames, callOfAny } from './called-names.js';
import { callsOwnWrapper, callsWrapper } from './called-wrappers.js';
import { macrosCalling, mayLockByMacro, usesOwnMacro } from './lock-macros.js';
import type { LockRelevance } from './lock-relevance.js';

/** One function through which the lock is to be followed, and what for. */
export interface LockJob {
  readonly ref: FunctionRef;
  /** The functions on the call paths to the calls in question, by key: their bodies must be followed. */
  readonly towards: ReadonlyMap<string, FunctionRef>;
  /** The functions that calls through slots on these paths lead to, by the slot's name. */
  readonly slots: ReadonlyMap<string, FunctionRef>;
}

/** How deep a call path from a locked callback is searched. */
const deepestCallback = 4;

/** One job for each function: it is followed towards everything that any of its jobs asks for. */
export function mergeJobs(jobs: readonly LockJob[]): readonly LockJob[] {
  const found = new Map<string, LockJob>();
  for (const job of jobs) {
    const key = functionKey(job.ref);
    const known = found.get(key);
    const merged: LockJob = known
      ? {
          ref: job.ref,
          towards: new Map([...known.towards, ...job.towards]),
          slots: new Map([...known.slots, ...job.slots]),
        }
      : job;
    found.set(key, merged);
  }
  return [...found.values()];
}

/** What the functions of a file give to begin with. */
interface Beginning {
  /** The function that takes, needs or must not hold the lock. */
  readonly ref: FunctionRef;
  readonly jobs: readonly LockJob[];
}

/**
 * The jobs to begin with: the functions that call what the convention is about, and the callbacks that are entered with
 * the lock held and lead to such a function.
 * @param focus the only file to look in; null for all
 */
export function firstLockJobs(
  codebase: Codebase,
  convention: LockingConvention,
  relevance: LockRelevance,
  focus: string | null,
): readonly LockJob[] {
  const macros = macrosCalling(codebase, convention.mustHold);
  const needs = callOfAny(new Set([...convention.mustHold, ...macros]));
  const refuses = callOfAny(new Set([...convention.mustNotHold, ...macrosCalling(codebase, convention.mustNotHold)]));
  const needsPlainly = callOfAny(convention.mustHold);
  const mustHold = (ref: FunctionRef): boolean => {
    const code = codebase.program.bodyText(ref);
    if (needsPlainly.test(code)) return true;
    return needs.test(code) && usesOwnMacro(codebase, ref, macros) && !mayLockByMacro(codebase, ref);
  };
  const watched = new Set([
    ...relevance.lockFiles(),
    ...codebase.program.candidatesWith(needs),
    ...codebase.program.candidatesWith(refuses),
  ]);
  watched.delete(dmaBufCore);
  const files = focus === null ? [...watched].sort() : [focus].filter((path) => watched.has(path));
  const beginnings = files.flatMap((path) =>
    memoByFile(
      codebase,
      path,
      'lock-beginnings',
      () => {
        dependOnConvention(codebase);
        dependOnExpansions(codebase);
        return functionsIn(codebase.program, path).flatMap((ref) =>
          beginningAt(codebase, relevance, ref, { needs, mustHold, refuses }),
        );
      },
      plain(),
    ),
  );
  const targets = new Set(beginnings.map(({ ref }) => functionKey(ref)));
  return mergeJobs([
    ...beginnings.flatMap((beginning) => beginning.jobs),
    ...lockedCallbacks(codebase, convention, targets),
  ]);
}

/** What is asked of the text of a function. */
interface LockQuestion {
  /** The calls that need the lock, and the macros that make them. */
  readonly needs: RegExp;
  /** Whether a function makes such a call, as far as its macros are understood. */
  readonly mustHold: (ref: FunctionRef) => boolean;
  /** The calls before which the lock must not be held. */
  readonly refuses: RegExp;
}

/** The jobs because of one function: the function itself, or those of its callers that take a lock. */
function beginningAt(
  codebase: Codebase,
  relevance: LockRelevance,
  ref: FunctionRef,
  question: LockQuestion,
): readonly Beginning[] {
  const code = codebase.program.bodyText(ref);
  const isDirect = question.mustHold(ref) || relevance.isDirect(ref);
  if (!isDirect && !question.refuses.test(code) && !callsOwnWrapper(codebase, relevance, ref)) return [];
  if (isDirect || callsWrapper(codebase, relevance, ref) || callsAsserting(codebase, ref))
    return [{ ref, jobs: [{ ref, towards: new Map(), slots: new Map() }] }];
  const callees = calleesNeeding(codebase, ref, question);
  if (callees.size > 0) return [{ ref, jobs: [{ ref, towards: callees, slots: new Map() }] }];
  const towards = new Map([[functionKey(ref), ref]]);
  const callers = callersTakingLock(codebase, relevance, ref);
  return [{ ref, jobs: callers.map((caller) => ({ ref: caller, towards, slots: new Map() })) }];
}

/** The callees that make a call which needs the lock, by key. They may contradict what the function itself calls. */
function calleesNeeding(
  codebase: Codebase,
  ref: FunctionRef,
  { needs, mustHold }: LockQuestion,
): ReadonlyMap<string, FunctionRef> {
  const found = new Map<string, FunctionRef>();
  const called = new Set(calledNames(codebase, ref));
  // To look each name up would read files that have nothing to do with the lock.
  const near = codebase.program.candidatesWith(needs).filter((path) => folderOf(path) === folderOf(ref.path));
  for (const target of near.flatMap((path) => functionsIn(codebase.program, path))) {
    const isVisible = !target.outline.isStatic || target.path === ref.path;
    if (isVisible && called.has(target.outline.name) && mustHold(target)) found.set(functionKey(target), target);
  }
  return found;
}

/** The callers of a function that take a lock, themselves or through a wrapper. */
export function callersTakingLock(
  codebase: Codebase,
  relevance: LockRelevance,
  ref: FunctionRef,
): readonly FunctionRef[] {
  const files = new Set(relevance.lockFiles());
  const scope = codebase.references.scope(ref).filter((path) => files.has(path));
  return codebase.references.of(ref.outline.name, scope).flatMap(({ inside, isCall, at }): readonly FunctionRef[] => {
    if (!inside || !isCall || at < inside.outline.bodyStart || functionKey(inside) === functionKey(ref)) return [];
    return relevance.isDirect(inside) || callsWrapper(codebase, relevance, inside) ? [inside] : [];
  });
}

/** Callbacks that are entered with the lock held, with the call paths from them to a target. */
function lockedCallbacks(
  codebase: Codebase,
  convention: LockingConvention,
  targets: ReadonlySet<string>,
): readonly LockJob[] {
  const jobs: LockJob[] = [];
  const types = [...lockedTableTypes, ...convention.typeTables];
  for (const path of codebase.program.candidatesWith(new RegExp(`\\b(?:${types.join('|')})\\b`))) {
    if (path === dmaBufCore) continue;
    for (const ref of functionsInTables(codebase, path, (type) => types.includes(type))) {
      if (!entryPointsOf(codebase, convention, ref).some(({ lock }) => lock === 'locked')) continue;
      const towards = functionsTowards(codebase, ref, targets);
      if (towards.size > 0 || targets.has(functionKey(ref))) jobs.push({ ref, towards, slots: new Map() });
    }
  }
  return jobs;
}

/** The functions on call paths of bounded length from one function to any target, by key. */
function functionsTowards(
  codebase: Codebase,
  from: FunctionRef,
  targets: ReadonlySet<string>,
): ReadonlyMap<string, FunctionRef> {
  const found = new Map<string, FunctionRef>();
  const known = new Map<string, boolean>();
  const search = (ref: FunctionRef, depth: number): boolean => {
    const key = functionKey(ref);
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    known.set(key, false); // a recursive call leads nowhere new
    let leads = targets.has(key) && ref !== from;
    if (depth > 0)
      for (const name of [...calledNames(codebase, ref), ...releasesGiven(codebase, ref)]) {
        const target = codebase.definitions.findCandidate(name, ref.path);
        if (target && search(target, depth - 1)) leads = true;
      }
    known.set(key, leads);
    if (leads) found.set(key, ref);
    return leads;
  };
  search(from, deepestCallback);
  return found;
}

/** `kref_put(&x->ref, x_free)`; others of its kind take the lock as a third argument. */
const lastPut = new RegExp(`\\b(?:${krefPuts.join('|')})\\s*\\([^;]*,\\s*(\\w+)\\s*(?:\\)|,\\s*&[^;,]*\\))`, 'g');

/** The functions that a function passes to kref_put(), which calls them when the last reference is dropped. */
function releasesGiven({ program }: Codebase, ref: FunctionRef): readonly string[] {
  return [...program.bodyText(ref).matchAll(lastPut)].map(([, name = '']) => name);
}

const assertion = callOfAny(new Set(lockFunctionsThat('assert')));

/** Whether a function calls a helper of its file that asserts the lock. */
function callsAsserting(codebase: Codebase, ref: FunctionRef): boolean {
  const { program, definitions } = codebase;
  if (!program.includes(ref.path, 'assert')) return false;
  return calledNames(codebase, ref).some((name) => {
    const target = definitions.findCandidate(name, ref.path);
    return target?.path === ref.path && assertion.test(program.bodyText(target));
  });
}
