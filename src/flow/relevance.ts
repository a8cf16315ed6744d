import { callsIn } from '../c/index.js';
import { askOf, type FunctionRef, type World } from '../program/index.js';
import { apiFunctions, freeFunctions } from './effects.js';

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

export function createRelevance(world: World): Relevance {
  const isDirect = (ref: FunctionRef): boolean =>
    askOf(world, ref, 'uses-api', () => apiWord.test(world.program.bodyText(ref)));
  const isShortFree = (ref: FunctionRef): boolean =>
    ref.outline.end - ref.outline.bodyStart < shortHelper && freeWord.test(world.program.bodyText(ref));
  const search = (ref: FunctionRef, depth: number): boolean =>
    askOf(
      world,
      ref,
      `reaches-api\0${depth}`,
      () =>
        isDirect(ref) ||
        isShortFree(ref) ||
        (depth > 0 &&
          callsIn(world.program.lower(ref).body).some(({ name, call }) => {
            // kref_put() names the function that it ends in.
            const [, release] = call.arguments;
            const called = name === 'kref_put' && release?.kind === 'name' ? release.name : name;
            const target =
              called && !apiFunctions.has(called) ? world.definitions.findCandidate(called, ref.path) : undefined;
            return target !== undefined && search(target, depth - 1);
          })),
    );
  return { isDirect, matters: (ref) => search(ref, deepest) };
}
