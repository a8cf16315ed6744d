import { callsIn } from '../../c/index.js';
import {
  attachFunctions,
  dmaBufCore,
  isNamedForLock,
  lockContext,
  lockFunctions,
  mayHideReservation,
  reservationPrefix,
  usesReservationLock,
} from '../../kernel/index.js';
import {
  type Codebase,
  type FunctionRef,
  folderOf,
  functionKey,
  functionsIn,
  memoByFile,
  memoByFunction,
  plain,
} from '../../program/index.js';
import { dependOnExpansions, expansionsOf } from '../expansion/expansions.js';
import type { Relevance } from '../model/engine.js';

/** A function with a longer body, in characters, is no wrapper of a lock function. */
const longestWrapper = 1500;
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
  /** The function that a name means, where it can matter. */
  find(name: string, path: string): FunctionRef | undefined;
  /** The callees that must be followed: wrappers, and the functions given by their keys. */
  towards(functions: { has(key: string): boolean }): Relevance;
}

/** Creates the answers for one tree. */
export function createLockRelevance(codebase: Codebase): LockRelevance {
  const isDirect = (ref: FunctionRef): boolean =>
    memoByFunction(
      codebase,
      ref,
      'locks',
      () => {
        const body = codebase.program.bodyText(ref);
        return lockWord.test(body) || (guardWord.test(body) && guardsReservation(codebase, body));
      },
      plain(),
    );
  const find = (name: string, path: string): FunctionRef | undefined =>
    mayHideReservation(name)
      ? codebase.definitions.findInHeaders(name, path)
      : codebase.definitions.findCandidate(name, path);
  const search = (ref: FunctionRef, depth: number): boolean =>
    memoByFunction(
      codebase,
      ref,
      `wraps-lock\0${depth}`,
      () =>
        ref.outline.end - ref.outline.bodyStart < longestWrapper &&
        (isDirect(ref) ||
          (depth > 0 &&
            isNamedForLock(ref.outline.name) &&
            callsIn(codebase.program.lower(ref).body).some(({ name }) => {
              if (!name || !isNamedForLock(name) || lockFunctions.has(name)) return false;
              const target = find(name, ref.path);
              return target !== undefined && search(target, depth - 1);
            }))),
      plain(),
    );
  const isWrapper = (ref: FunctionRef): boolean => search(ref, deepestWrapper);
  let files: readonly string[] | undefined;
  const findLockFiles = (): readonly string[] => {
    const direct = codebase.program.candidatesWith(lockWord);
    const names = direct.flatMap((path) =>
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
    return [...codebase.program.candidatesWith(word), ...lockingNeighbours(codebase)].sort();
  };
  return {
    lockFiles: () => {
      // As a setting, the list makes answers anew where it changes itself, and not where a file in it does.
      if (!files) {
        files = findLockFiles();
        codebase.memory.set('lock-files', files.join());
      }
      codebase.memory.setting('lock-files');
      return files;
    },
    isDirect,
    isWrapper,
    find,
    towards: (functions) => ({
      touchesWatched: () => false,
      isDirect,
      matters: (ref) => functions.has(functionKey(ref)) || isWrapper(ref),
    }),
  };
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

/** Finds a call that makes its caller an importer. */
const attaches = new RegExp(`\\b(?:${attachFunctions.join('|')})\\s*\\(`);

/**
 * The files beside an importer that take a reservation lock, though no dma-buf is named in them: they share its objects.
 * The core's own folder is left out, and so is a file that exports functions: those lock for other modules.
 */
function lockingNeighbours(codebase: Codebase): readonly string[] {
  const { program } = codebase;
  const folders = new Set(program.candidatesWith(attaches).map(folderOf));
  folders.delete(folderOf(dmaBufCore));
  const candidates = new Set(program.candidates);
  return [...folders]
    .flatMap((folder) => program.folder(folder))
    .filter((path) => path.endsWith('.c') && !candidates.has(path))
    .filter((path) =>
      memoByFile(codebase, path, 'takes-reservation', () => takesOwnReservation(program, path), plain()),
    );
}

function takesOwnReservation(program: Codebase['program'], path: string): boolean {
  if (!program.mayHold(path, reservationPrefix)) return false;
  const text = program.peek(path) ?? '';
  return usesReservationLock(text) && !/^EXPORT_SYMBOL/m.test(text);
}
