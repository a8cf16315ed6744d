// Which variables does a call get, and does a later call get the same object?

import { type Expression, lvalueText, subexpressions } from '../../c/index.js';
import { assignmentsOf, type Codebase } from '../../program/index.js';
import type { CodeEvent } from './calls-in-order.js';
import type { ProgramPoint } from './program-point.js';

/** Returns the variables in an expression, without the members: `&buf->list, dev->id` gives `buf` and `dev`. */
export function baseVariables(expression: Expression): readonly string[] {
  if (expression.kind === 'name') return [expression.name];
  if (expression.kind === 'call') return expression.arguments.flatMap(baseVariables);
  return subexpressions(expression).flatMap(baseVariables);
}

/** Returns the variables in the arguments of the call at a point. */
export function argumentVariables({ call }: ProgramPoint): ReadonlySet<string> {
  return new Set((call?.arguments ?? []).flatMap(baseVariables));
}

/** Returns the variables in the arguments of a call, and the variables of the function assigned from them or to them. */
export function relatedVariables(codebase: Codebase, point: ProgramPoint): ReadonlySet<string> {
  const related = new Set(argumentVariables(point));
  const { values } = assignmentsOf(codebase.program.lower(point.ref));
  for (const [target, assigned] of values) {
    const sources = assigned.flatMap(baseVariables);
    if (related.has(target)) for (const source of sources) related.add(source);
    else if (sources.some((source) => related.has(source))) related.add(target);
  }
  return related;
}

/**
 * Returns whether an event gets one of some variables as an argument, directly or through the parameters of the helpers
 * on its call chain.
 * @param names variables of the function in which the call chain begins
 */
export function receivesAny(codebase: Codebase, event: CodeEvent, names: ReadonlySet<string>): boolean {
  let known = names;
  for (const step of event.chain) {
    const next = event.chain[event.chain.indexOf(step) + 1] ?? event.point;
    const parameters = codebase.program.lower(next.ref).parameters;
    const received = (step.call?.arguments ?? []).flatMap((argument, index) =>
      baseVariables(argument).some((variable) => known.has(variable)) ? [parameters[index]?.name ?? ''] : [],
    );
    known = new Set(received);
  }
  const { call } = event.point;
  if (!call) return false;
  // In `buf->ops->release()` no argument names `buf`, but the slot belongs to it.
  const slotOwner = call.callee.kind === 'member' ? (lvalueText(call.callee)?.split('.')[0] ?? '') : '';
  return known.has(slotOwner) || call.arguments.flatMap(baseVariables).some((variable) => known.has(variable));
}
