import { callsIn } from '../../c/index.js';
import { apiFunctions, freeFunctions, kref } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';
import type { Relevance } from '../model/engine.js';

/** Finds a call of the API in text. */
export const apiWord = new RegExp(`\\b(?:${[...apiFunctions.keys()].join('|')})\\s*\\(`);
/** Finds a call that frees an object. */
const freeWord = new RegExp(`\\b(?:${[...freeFunctions].join('|')})\\s*\\(`);
/** A helper with a longer body, in characters, is not followed only because it frees. */
const shortHelper = 600;
/** Through how many callees the API may be reached. */
const deepest = 2;

/**
 * Tells which callees matter to resources: those that call the API, within a few calls, and short ones that free their
 * argument.
 */
export function createRelevance(codebase: Codebase): Relevance {
  const isDirect = (ref: FunctionRef): boolean =>
    memoByFunction(codebase, ref, 'uses-api', () => apiWord.test(codebase.program.bodyText(ref)));
  const isShortFree = (ref: FunctionRef): boolean =>
    ref.outline.end - ref.outline.bodyStart < shortHelper && freeWord.test(codebase.program.bodyText(ref));
  const search = (ref: FunctionRef, depth: number): boolean =>
    memoByFunction(
      codebase,
      ref,
      `reaches-api\0${depth}`,
      () =>
        isDirect(ref) ||
        isShortFree(ref) ||
        (depth > 0 &&
          callsIn(codebase.program.lower(ref).body).some(({ name, call }) => {
            // The last kref_put() calls the function that is its second argument.
            const [, release] = call.arguments;
            const called = name === kref.put && release?.kind === 'name' ? release.name : name;
            const target =
              called && !apiFunctions.has(called) ? codebase.definitions.findCandidate(called, ref.path) : undefined;
            return target !== undefined && search(target, depth - 1);
          })),
    );
  return { isDirect, matters: (ref) => search(ref, deepest) };
}
