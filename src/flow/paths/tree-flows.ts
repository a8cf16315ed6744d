import { type Codebase, type FunctionRef, functionKey, functionsIn, memoByFunction } from '../../program/index.js';
import { callersAmongCandidates } from '../callers/callers.js';
import { dependOnExpansions, expansionsOf, useExpansions } from '../expansion/expansions.js';
import { followFunction } from './engine.js';
import type { FunctionFlow } from './model.js';
import { apiWord, createRelevance } from './relevance.js';

/** The API's own functions hand over what they take by definition. */
const apiItself = 'drivers/dma-buf/dma-buf.c';

/** How far up callers are followed for what a function leaves them. */
const mostClimbs = 2;

/**
 * Follows every function that uses the API itself, and then those that call one which leaves something held for its
 * caller: what a helper takes, its caller has to release.
 * @param focus the only file to begin in; null for all
 */
export function followTree(codebase: Codebase, focus: string | null = null): readonly FunctionFlow[] {
  const relevance = createRelevance(codebase);
  const flows = new Map<string, FunctionFlow>();
  const expansions = expansionsOf(codebase);
  useExpansions(codebase, expansions);
  const follow = (ref: FunctionRef): readonly FunctionFlow[] => {
    const key = functionKey(ref);
    if (flows.has(key)) return [];
    const flow = memoByFunction(codebase, ref, 'paths', () => {
      dependOnExpansions(codebase);
      return followFunction(codebase, relevance, ref, { expansions });
    });
    flows.set(key, flow);
    return [flow];
  };
  let level = codebase.program
    .candidatesWith(apiWord)
    .filter((path) => path !== apiItself && (focus === null || path === focus))
    .flatMap((path) => functionsIn(codebase.program, path))
    .filter((ref) => relevance.isDirect(ref))
    .flatMap(follow);
  for (let climb = 0; climb < mostClimbs; climb++)
    level = level
      .filter(leavesSomething)
      .flatMap(({ ref }) => callersAmongCandidates(codebase, ref).filter(({ path }) => path !== apiItself))
      .flatMap(follow);
  return [...flows.values()];
}

/** Whether a function leaves something that its callers may have to release. */
function leavesSomething(flow: FunctionFlow): boolean {
  return flow.exits.some((exit) =>
    exit.state.resources.some(
      ({ status, end }) => status === 'held' || (status === 'given' && end?.kind === 'given-to-caller'),
    ),
  );
}
