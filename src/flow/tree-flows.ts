import { askOf, type FunctionRef, functionKey, functionsIn, type World } from '../program/index.js';
import { callersAmongCandidates } from './callers.js';
import { followFunction } from './engine.js';
import { dependOnExpansions, expansionsOf, useExpansions } from './expansions.js';
import type { FunctionFlow } from './model.js';
import { toCaller } from './objects.js';
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
export function followTree(world: World, focus: string | null = null): readonly FunctionFlow[] {
  const relevance = createRelevance(world);
  const flows = new Map<string, FunctionFlow>();
  const expansions = expansionsOf(world);
  useExpansions(world, expansions);
  const follow = (ref: FunctionRef): readonly FunctionFlow[] => {
    const key = functionKey(ref);
    if (flows.has(key)) return [];
    const flow = askOf(world, ref, 'paths', () => {
      dependOnExpansions(world);
      return followFunction(world, relevance, ref, { expansions });
    });
    flows.set(key, flow);
    return [flow];
  };
  let level = world.program
    .candidatesWith(apiWord)
    .filter((path) => path !== apiItself && (focus === null || path === focus))
    .flatMap((path) => functionsIn(world.program, path))
    .filter((ref) => relevance.isDirect(ref))
    .flatMap(follow);
  for (let climb = 0; climb < mostClimbs; climb++)
    level = level
      .filter(leavesSomething)
      .flatMap(({ ref }) => callersAmongCandidates(world, ref).filter(({ path }) => path !== apiItself))
      .flatMap(follow);
  return [...flows.values()];
}

/** Whether a function leaves something that its callers may have to release. */
function leavesSomething(flow: FunctionFlow): boolean {
  return flow.exits.some((exit) =>
    exit.state.resources.some(({ status, end }) => status === 'held' || (status === 'given' && end?.how === toCaller)),
  );
}
