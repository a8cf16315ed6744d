import { callsIn } from '../../c/index.js';
import { apiFunctions, freeFunctions } from '../../kernel/effects.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';

/** Which functions matter to what is held: they call the API, or one that does. */
export interface Relevance {
  /** Whether a function reaches the API within a few calls. */
  matters(ref: FunctionRef): boolean;
  /** Whether it calls the API itself. */
  isDirect(ref: FunctionRef): boolean;
}

/** A call of the API, in text. */
export const apiWord = new RegExp(`\\b(?:${[...apiFunctions.keys()].join('|')})\\s*\\(`);
/** A helper that frees: what it is given is gone afterwards, and what that held is lost. */
const freeWord = new RegExp(`\\b(?:${[...freeFunctions].join('|')})\\s*\\(`);
const shortHelper = 600;
const deepest = 2;

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
            // kref_put() names the function that it ends in.
            const [, release] = call.arguments;
            const called = name === 'kref_put' && release?.kind === 'name' ? release.name : name;
            const target =
              called && !apiFunctions.has(called) ? codebase.definitions.findCandidate(called, ref.path) : undefined;
            return target !== undefined && search(target, depth - 1);
          })),
    );
  return { isDirect, matters: (ref) => search(ref, deepest) };
}
