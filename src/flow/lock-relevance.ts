import { callsIn } from '../c/index.js';
import { askOf, askOfFile, type FunctionRef, functionKey, functionsIn, type World } from '../program/index.js';
import { hiddenLocks, lockFunctions, otherLocks } from './lock-data.js';
import type { Relevance } from './relevance.js';

/** A driver's own lock function is short. */
const longestWrapper = 1500;
const deepestWrapper = 3;

const lockWord = new RegExp(`\\b(?:${[...lockFunctions.keys()].join('|')})\\s*\\(`);

/** Which functions matter to the reservation lock. */
export interface LockRelevance {
  /** Whether a function takes, drops or asserts a reservation lock itself. */
  isDirect(ref: FunctionRef): boolean;
  /** Whether it is short and takes, drops or asserts the lock, itself or by others like it. */
  isWrapper(ref: FunctionRef): boolean;
  /** The candidates that speak of a reservation lock, or of a wrapper of their own: where callers may hold one. */
  lockFiles(): readonly string[];
  /** The function that a name means, where it can matter. */
  find(name: string, path: string): FunctionRef | undefined;
  /** What must be followed: wrappers, and the functions given. */
  towards(functions: { has(key: string): boolean }): Relevance;
}

export function createLockRelevance(world: World): LockRelevance {
  const isDirect = (ref: FunctionRef): boolean =>
    askOf(world, ref, 'locks', () => lockWord.test(world.program.bodyText(ref)));
  const find = (name: string, path: string): FunctionRef | undefined =>
    hiddenLocks.test(name) && !otherLocks.test(name)
      ? world.definitions.findInHeaders(name, path)
      : world.definitions.findCandidate(name, path);
  const search = (ref: FunctionRef, depth: number): boolean =>
    askOf(
      world,
      ref,
      `wraps-lock\0${depth}`,
      () =>
        ref.outline.end - ref.outline.bodyStart < longestWrapper &&
        (isDirect(ref) ||
          (depth > 0 &&
            hiddenLocks.test(ref.outline.name) &&
            callsIn(world.program.lower(ref).body).some(({ name }) => {
              if (!name || !hiddenLocks.test(name) || lockFunctions.has(name)) return false;
              const target = find(name, ref.path);
              return target !== undefined && search(target, depth - 1);
            }))),
    );
  const isWrapper = (ref: FunctionRef): boolean => search(ref, deepestWrapper);
  let files: readonly string[] | undefined;
  const findLockFiles = (): readonly string[] => {
    const direct = world.program.candidatesWith(lockWord);
    const names = direct.flatMap((path) =>
      askOfFile(world, path, 'lock-wrappers', () =>
        functionsIn(world.program, path)
          .filter((ref) => !ref.outline.isStatic && isWrapper(ref))
          .map(({ outline }) => outline.name),
      ),
    );
    const word = new RegExp(`${lockWord.source}${names.map((name) => `|\\b${name}\\s*\\(`).join('')}`);
    return world.program.candidatesWith(word);
  };
  return {
    lockFiles: () => {
      // Whoever depends on the list is told where it changes, and not where a file of it does.
      if (!files) {
        files = findLockFiles();
        world.memory.set('lock-files', files.join());
      }
      world.memory.setting('lock-files');
      return files;
    },
    isDirect,
    isWrapper,
    find,
    towards: (functions) => ({ isDirect, matters: (ref) => functions.has(functionKey(ref)) || isWrapper(ref) }),
  };
}
