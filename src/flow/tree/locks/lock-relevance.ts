import { callsIn } from '../../../c/index.js';
import { isNamedForLock, lockContext, lockFunctions, mayHideReservation } from '../../../kernel/index.js';
import {
  type Codebase,
  type FunctionRef,
  folderOf,
  functionKey,
  functionsIn,
  memoByFile,
  memoByFunction,
  plain,
} from '../../../program/index.js';
import { dependOnExpansions, expansionsOf } from '../../expansion/expansions.js';
import type { Relevance } from '../../model/engine.js';
import { helpersIn, helpersNear, lockingSlots, longestWrapper } from './lock-effects.js';
import { lockingNeighbours } from './locking-neighbours.js';

/** Through how many wrappers a lock function may be reached. */
const deepestWrapper = 3;

/** One group of names, and not one pattern beside the other: V8 makes a tree of the beginnings that names share. */
const callOf = (names: Iterable<string>): RegExp => new RegExp(`\\b(?:${[...names].join('|')})\\s*\\(`);
const lockNames: readonly string[] = [...lockFunctions.keys(), lockContext.begin];
const lockWord = callOf(lockNames);

/** Tells which functions matter to the reservation lock. */
export interface LockRelevance {
  /** Whether a function takes, drops or asserts a reservation lock itself. */
  isDirect(ref: FunctionRef): boolean;
  /** Whether a function is short and takes, drops or asserts the lock, itself or through other wrappers. */
  isWrapper(ref: FunctionRef): boolean;
  /**
   * The files that call a lock function or a wrapper of one: where a caller may hold a lock. They are candidates, or stand
   * beside an importer.
   */
  lockFiles(): readonly string[];
  /** Whether a name stands for a helper that leaves a lock held or dropped, even if the name does not say so. */
  isHelper(name: string, path: string): boolean;
  /** Whether that leaves a lock held. */
  isTaker(name: string, path: string): boolean;
  /** Whether a member of an ops table holds a function of the folder that leaves a lock held or dropped. */
  isLockingSlot(slot: string, path: string): boolean;
  /** The function that a name means, where it can matter. */
  find(name: string, path: string): FunctionRef | undefined;
  /** The callees that must be followed: wrappers, and the functions given by their keys. */
  towards(functions: { has(key: string): boolean }): Relevance;
}

/** Creates the answers for one tree. */
export function createLockRelevance(codebase: Codebase): LockRelevance {
  const files = createLockFiles(codebase);
  const isDirect = (ref: FunctionRef): boolean => isDirectIn(codebase, ref);
  const isHelper = (name: string, path: string): boolean => helpersNear(codebase, path, files.takers).has(name);
  const find = (name: string, path: string): FunctionRef | undefined =>
    (mayHideReservation(name)
      ? codebase.definitions.findInHeaders(name, path)
      : codebase.definitions.findCandidate(name, path)) ?? helperBeside(codebase, files.neighbours(), name, path);
  const isWrapper = (ref: FunctionRef): boolean =>
    isNamedWrapper(codebase, find, ref, deepestWrapper) || isHelper(ref.outline.name, ref.path);
  return {
    lockFiles: () => files.all(isWrapper),
    isDirect,
    isWrapper,
    isHelper,
    isTaker: (name, path) => helpersNear(codebase, path, files.takers).get(name) === 'take',
    isLockingSlot: (slot, path) => lockingSlots(codebase, path, files.takers).has(slot),
    find,
    towards: (functions) => ({
      touchesWatched: () => false,
      isDirect,
      matters: (ref) => functions.has(functionKey(ref)) || isWrapper(ref),
    }),
  };
}

function isDirectIn(codebase: Codebase, ref: FunctionRef): boolean {
  return memoByFunction(
    codebase,
    ref,
    'locks',
    () => {
      const body = codebase.program.bodyText(ref);
      return lockWord.test(body) || (guardWord.test(body) && guardsReservation(codebase, body));
    },
    plain(),
  );
}

/**
 * Whether a short function takes, drops or asserts the lock, directly or through others whose names also say that they
 * lock.
 */
function isNamedWrapper(codebase: Codebase, find: LockRelevance['find'], ref: FunctionRef, depth: number): boolean {
  return memoByFunction(
    codebase,
    ref,
    `wraps-lock\0${depth}`,
    () =>
      ref.outline.end - ref.outline.bodyStart < longestWrapper &&
      (isDirectIn(codebase, ref) ||
        (depth > 0 &&
          isNamedForLock(ref.outline.name) &&
          callsIn(codebase.program.lower(ref).body).some(({ name }) => {
            if (!name || !isNamedForLock(name) || lockFunctions.has(name)) return false;
            const target = find(name, ref.path);
            return target !== undefined && isNamedWrapper(codebase, find, target, depth - 1);
          }))),
    plain(),
  );
}

/** The helper of this name in a neighbour of a file. */
function helperBeside(
  codebase: Codebase,
  neighbours: readonly string[],
  name: string,
  path: string,
): FunctionRef | undefined {
  const folder = folderOf(path);
  for (const file of neighbours) {
    if (folderOf(file) !== folder) continue;
    const helper = helpersIn(codebase, file).find((one) => one.name === name);
    if (!helper || (helper.isStatic && !file.endsWith('.h'))) continue;
    return functionsIn(codebase.program, file).find(({ outline }) => outline.name === name);
  }
  return undefined;
}

/** The files of a tree that use the lock. Each list is a setting: if it changes, answers are computed again. */
function createLockFiles(codebase: Codebase) {
  const listOnce = (setting: string, make: () => readonly string[]): (() => readonly string[]) => {
    let files: readonly string[] | undefined;
    return () => {
      if (!files) {
        files = make();
        codebase.memory.set(setting, files.join());
      }
      codebase.memory.setting(setting);
      return files;
    };
  };
  const neighbours = listOnce('lock-neighbours', () => lockingNeighbours(codebase));
  const takers = listOnce('lock-takers', () => [...codebase.program.candidatesWith(lockWord), ...neighbours()]);
  let list: (() => readonly string[]) | undefined;
  return {
    neighbours,
    takers,
    all(isWrapper: (ref: FunctionRef) => boolean): readonly string[] {
      list ??= listOnce('lock-files', () => {
        const names = takers().flatMap((path) =>
          memoByFile(
            codebase,
            path,
            'lock-wrappers',
            () =>
              functionsIn(codebase.program, path)
                .filter((ref) => !ref.outline.isStatic && isWrapper(ref))
                .map(({ outline }) => outline.name),
            plain(),
          ),
        );
        const word = callOf([...lockNames, ...names]);
        return [
          ...new Set([...codebase.program.candidatesWith(word), ...neighbours(), ...filesCalling(codebase, names)]),
        ].sort();
      });
      return list();
    },
  };
}

/**
 * The files that call a wrapper and mention no dma-buf, as far as the callers of importers have been searched there: the core
 * of a subsystem imports for its drivers, and returns with the lock held.
 */
function filesCalling({ references }: Codebase, names: readonly string[]): readonly string[] {
  const widened = references.widened();
  return names.flatMap((name) => widened.get(name) ?? []);
}

const guardWord = /guard\s*\(\s*(\w+)/;

/** Whether code has a guard by which a driver takes a reservation lock. */
function guardsReservation(codebase: Codebase, body: string): boolean {
  dependOnExpansions(codebase);
  const { guards } = expansionsOf(codebase);
  return [...body.matchAll(new RegExp(guardWord, 'g'))].some(([, name = '']) =>
    lockFunctions.has(guards.get(name)?.take.name ?? ''),
  );
}
