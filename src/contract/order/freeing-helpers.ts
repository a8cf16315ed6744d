// Does a function of the driver free what it gets, whichever way it goes?

import { type CallExpression, callsIn, type Expression, lvalueText } from '../../c/index.js';
import { graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { tornDownArgument } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';

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
  return helper !== undefined && tornDownAlways(codebase, helper).some((place) => place === '0');
}

/**
 * The members of its arguments that a call to a helper makes unusable on every path through the helper: `x->space` for
 * `end_space(x)`.
 */
export function membersTornDownBy(
  codebase: Codebase,
  call: CallExpression,
  helper: FunctionRef,
): readonly Expression[] {
  return tornDownAlways(codebase, helper).flatMap((place): readonly Expression[] => {
    const [index, ...members] = place.split('.');
    const argument = call.arguments[Number(index)];
    if (!argument || members.length === 0) return [];
    return [
      members.reduce<Expression>(
        (object, member) => ({ kind: 'member', object, member, arrow: true, at: call.at }),
        argument,
      ),
    ];
  });
}

/** What a function makes unusable on every path: the index of a parameter, and the members that lead from it: `0.space`. */
function tornDownAlways(codebase: Codebase, helper: FunctionRef): readonly string[] {
  return memoByFunction(
    codebase,
    helper,
    'torn-down-always',
    () => {
      const unit = codebase.program.lower(helper);
      const graph = graphOf(unit);
      const { values } = assignmentsOf(unit);
      return callsIn(unit.body).flatMap(({ name: callee, call }): readonly string[] => {
        const index = callee === null ? undefined : tornDownArgument(callee);
        const given = index === undefined ? undefined : call.arguments[index];
        const object = given?.kind === 'unary' && given.operator === '&' ? given.operand : given;
        const [root = '', ...members] = (object && lvalueText(object))?.split('.') ?? [];
        const parameter = helper.outline.parameters.findIndex(({ name }) => name === root);
        if (parameter < 0 || values.has(root)) return [];
        const free = nodeOfCall(graph, call);
        const isAvoided = isReachable(graph, graph.entry, {
          isGoal: (node) => node.kind === 'return',
          isBlocked: (node) => node === free,
          next: successors,
        });
        return isAvoided ? [] : [[parameter, ...members].join('.')];
      });
    },
    plain(),
  );
}
