import { type FunctionRef, functionKey, functionsIn, type World } from '../program/index.js';
import { type FunctionFlow, followFunction } from './engine.js';
import { createRelevance } from './relevance.js';

/** The API's own functions hand over what they take by definition. */
const apiItself = 'drivers/dma-buf/dma-buf.c';

/**
 * Follows every function of the candidate files that uses the API itself, and then those that call one which leaves
 * something held for its caller.
 */
export function followAll(world: World): readonly FunctionFlow[] {
  const relevance = createRelevance(world);
  const flows = new Map<string, FunctionFlow>();
  const follow = (ref: FunctionRef): FunctionFlow => {
    const flow = followFunction(world, relevance, ref);
    flows.set(functionKey(ref), flow);
    return flow;
  };
  const direct = world.program.candidates
    .filter((path) => path !== apiItself)
    .flatMap((path) => functionsIn(world.program, path))
    .filter((ref) => relevance.isDirect(ref));
  const givers = direct.map(follow).filter(leavesSomething);
  for (const { ref } of givers)
    for (const { caller } of world.references.callersOf(ref))
      if (
        !flows.has(functionKey(caller)) &&
        world.program.candidates.includes(caller.path) &&
        caller.path !== apiItself
      )
        follow(caller);
  return [...flows.values()];
}

/** Whether a function succeeds with something held: its callers have to release it. */
function leavesSomething(flow: FunctionFlow): boolean {
  return flow.exits.some(
    (exit) => exit.outcome !== 'error' && exit.state.resources.some((resource) => resource.status !== 'released'),
  );
}
