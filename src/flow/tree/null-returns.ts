import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';
import { dependOnExpansions, expansionsOf, useExpansions } from '../expansion/expansions.js';
import type { Relevance } from '../model/engine.js';
import { followFunction } from '../paths/follow.js';
import { type Decision, type State, signsOf } from '../state/state.js';
import { bad, type Signs, zero } from '../state/value.js';

/** An exit of a function on which it returns NULL or an error pointer. */
export interface NullReturn {
  /** 0-based offset of the return. */
  readonly at: number;
  readonly decisions: readonly Decision[];
  /** Whether something has failed on the way. */
  readonly isAfterError: boolean;
}

/**
 * Finds the ways on which a function that returns a pointer can only return NULL. Callees whose result is a pointer are
 * followed, too: the function may return what they return.
 */
export function nullReturns(codebase: Codebase, ref: FunctionRef): readonly NullReturn[] {
  return returnsOf(codebase, ref, 'null-returns', zero);
}

/** Finds the paths on which such a function can only return an error pointer. */
export function errorReturns(codebase: Codebase, ref: FunctionRef): readonly NullReturn[] {
  return returnsOf(codebase, ref, 'error-returns', bad);
}

function returnsOf(codebase: Codebase, ref: FunctionRef, question: string, signs: Signs): readonly NullReturn[] {
  const expansions = expansionsOf(codebase);
  useExpansions(codebase, expansions);
  return memoByFunction(
    codebase,
    ref,
    question,
    () => {
      dependOnExpansions(codebase);
      const { exits } = followFunction(codebase, pointersOnly, ref, { expansions, tellsNull: true });
      return exits
        .filter(({ state, value }) => value !== null && signsOf(state, value) === signs)
        .map(({ at, state }) => ({ at, decisions: state.decisions, isAfterError: hasFailed(state) }));
    },
    plain(),
  );
}

/** Whether the path knows of an error pointer or a negative number. */
function hasFailed(state: State): boolean {
  let found = false;
  state.signs.forEach((signs) => {
    if (signs === bad) found = true;
  });
  return found;
}

/** The callees of which the result matters: those that return a pointer. */
const pointersOnly: Relevance = {
  isDirect: () => false,
  touchesWatched: () => false,
  matters: ({ outline }) => outline.returnType.includes('*'),
};
