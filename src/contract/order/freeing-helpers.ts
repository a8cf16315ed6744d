// Does a function of the driver free what it gets, whichever way it goes?

import { type CallExpression, callsIn, type Expression } from '../../c/index.js';
import { graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { tornDownArgument } from '../../kernel/index.js';
import { type Codebase, memoByFunction, plain } from '../../program/index.js';

/**
 * The expression that a call makes unusable: what a function of the kernel frees, unmaps or destroys, or the first argument of
 * a helper that does so on every path. Undefined for any other call.
 */
export function tornDownBy(codebase: Codebase, call: CallExpression, from: string): Expression | undefined {
  const name = call.callee.kind === 'name' ? call.callee.name : null;
  if (name === null) return undefined;
  const index = tornDownArgument(name) ?? (helperTearsDown(codebase, name, from) ? 0 : undefined);
  return index === undefined ? undefined : call.arguments[index];
}

function helperTearsDown(codebase: Codebase, name: string, from: string): boolean {
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
        const index = callee === null ? undefined : tornDownArgument(callee);
        const given = index === undefined ? undefined : call.arguments[index];
        if (given?.kind !== 'name' || given.name !== parameter) return false;
        const free = nodeOfCall(graph, call);
        return !isReachable(graph, graph.entry, {
          isGoal: (node) => node.kind === 'return',
          isBlocked: (node) => node === free,
          next: successors,
        });
      });
    },
    plain(),
  );
}
