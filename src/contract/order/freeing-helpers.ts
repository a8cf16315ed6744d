// Does a function of the driver free what it gets, whichever way it goes?

import { callsIn } from '../../c/index.js';
import { graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { tearsDown } from '../../kernel/index.js';
import { type Codebase, memoByFunction, plain } from '../../program/index.js';

/** Whether a call makes its first argument unusable: a function of the kernel that frees or destroys, or a helper that does. */
export function tearsDownFirst(codebase: Codebase, name: string, from: string): boolean {
  if (tearsDown(name)) return true;
  const helper = codebase.definitions.findNear(name, from);
  const parameter = helper?.outline.parameters[0]?.name;
  if (!helper || !parameter) return false;
  return memoByFunction(
    codebase,
    helper,
    'frees-first',
    () => {
      const unit = codebase.program.lower(helper);
      const graph = graphOf(unit);
      return callsIn(unit.body).some(({ name: callee, call }) => {
        const last = call.arguments.at(-1);
        if (callee === null || !tearsDown(callee) || last?.kind !== 'name' || last.name !== parameter) return false;
        const free = nodeOfCall(graph, call);
        return !isReachable(graph, graph.entry, {
          isGoal: (node) => node.kind === 'return',
          isBlocked: (index) => index === free,
          next: successors,
        });
      });
    },
    plain(),
  );
}
