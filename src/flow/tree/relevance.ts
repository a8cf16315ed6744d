import { callsIn } from '../../c/index.js';
import {
  apiFunctions,
  declaresBuffer,
  descriptorInstalls,
  errorPointerHelpers,
  fileDescribe,
  fileInstall,
  filePrepare,
  freeFunctions,
  functionsWithRole,
  gemCounts,
  isKrefPut,
  reserveDescriptor,
  userCopies,
} from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';
import { expansionsOf } from '../expansion/expansions.js';
import type { Relevance } from '../model/engine.js';

/** Finds a call of the API in text. */
const apiWord = new RegExp(`\\b(?:${[...apiFunctions.keys()].join('|')})\\s*\\(`);
/** Finds a descriptor that a buffer gets without dma_buf_fd(): `fd_install(fd, buf->file)`, `FD_ADD(flags, buf->file)`. */
const installWord = new RegExp(`\\b(?:${fileInstall}|${fileDescribe}|${filePrepare})\\s*\\([^;]*->\\s*file\\s*\\)`);
/** Finds a call of a helper around the API whose error somebody must ask for. */
const errorResultWord = wordOf(errorPointerHelpers);
/** Finds a call that installs a descriptor for a buffer, or for one that it finds itself. */
const handleWord = wordOf([...functionsWithRole('fd-install'), ...descriptorInstalls.keys()]);
/** Finds a call of the API, or what may be such an install. */
export const startWord = new RegExp(
  [apiWord, installWord, errorResultWord, handleWord].map(({ source }) => source).join('|'),
);
/** Finds a call that frees an object. */
const freeWord = new RegExp(`\\b(?:${[...freeFunctions].join('|')})\\s*\\(`);
/** Finds a call that begins to count the references of a GEM object. */
const gemInitWord = wordOf([...gemCounts].filter(([, { effect }]) => effect === 'init').map(([name]) => name));
/** Finds a call that reserves a number for a descriptor: who is told the number matters later. */
const reserveWord = wordOf([reserveDescriptor]);
/** Finds a call that counts the references of a GEM object, or copies to user space. */
const watchedWord = wordOf([
  ...gemCounts.keys(),
  ...[...userCopies].flatMap(([name, { direction }]) => (direction === 'to-user' ? [name] : [])),
]);
/** A helper with a longer body, in characters, is not followed for what it does besides. */
const shortHelper = 600;
/** Through how many callees the API may be reached. */
const deepest = 2;

/** Whether a function has a variable or parameter that is a buffer. */
function knowsBuffer({ outline }: FunctionRef, body: string): boolean {
  return declaresBuffer(body) || outline.parameters.some(({ type }) => declaresBuffer(type));
}

function wordOf(names: readonly string[]): RegExp {
  return new RegExp(`\\b(?:${names.join('|')})\\s*\\(`);
}

/** Finds a use of a macro that wraps a function of the API; undefined where a tree has none. */
export function wordOfWrappers(codebase: Codebase): RegExp | undefined {
  const { wrappers } = expansionsOf(codebase);
  return wrappers.length > 0 ? wordOf(wrappers) : undefined;
}

/**
 * Tells which callees matter to resources: those that call the API, within a few calls, and short ones that free their
 * argument, initialise a counted object or reserve a number for a descriptor.
 */
export function createRelevance(codebase: Codebase): Relevance {
  const wrapperWord = wordOfWrappers(codebase);
  const isDirect = (ref: FunctionRef): boolean =>
    memoByFunction(
      codebase,
      ref,
      `uses-api\0${wrapperWord?.source ?? ''}`,
      () => {
        const body = codebase.program.bodyText(ref);
        return (
          apiWord.test(body) ||
          errorResultWord.test(body) ||
          handleWord.test(body) ||
          (wrapperWord?.test(body) ?? false) ||
          (installWord.test(body) && knowsBuffer(ref, body))
        );
      },
      plain(),
    );
  const isShort = (ref: FunctionRef, ...words: readonly RegExp[]): boolean =>
    ref.outline.end - ref.outline.bodyStart < shortHelper &&
    words.some((word) => word.test(codebase.program.bodyText(ref)));
  const search = (ref: FunctionRef, depth: number): boolean =>
    memoByFunction(
      codebase,
      ref,
      `reaches-api\0${depth}`,
      () =>
        isDirect(ref) ||
        isShort(ref, freeWord, gemInitWord, reserveWord) ||
        (depth > 0 &&
          callsIn(codebase.program.lower(ref).body).some(({ name, call }) => {
            // The last kref_put() calls the function that is its second argument.
            const [, release] = call.arguments;
            const called = isKrefPut(name) && release?.kind === 'name' ? release.name : name;
            const target =
              called && !apiFunctions.has(called) ? codebase.definitions.findCandidate(called, ref.path) : undefined;
            return target !== undefined && search(target, depth - 1);
          })),
      plain(),
    );
  return { isDirect, matters: (ref) => search(ref, deepest), touchesWatched: (ref) => isShort(ref, watchedWord) };
}
