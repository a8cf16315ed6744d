import { type Expression, lvalueText, subexpressions } from '../../c/index.js';
import { assignmentsOf, type Codebase } from '../../program/index.js';
import type { CourseEvent, Standing } from './calls-in-order.js';

/** The variables that an expression begins with: `&buf->list, dev->id` gives buf and dev. */
export function rootsOf(expression: Expression): readonly string[] {
  if (expression.kind === 'name') return [expression.name];
  if (expression.kind === 'call') return expression.arguments.flatMap(rootsOf);
  return subexpressions(expression).flatMap(rootsOf);
}

/** The variables that the call at a place is handed. */
export function handedAt({ call }: Standing): ReadonlySet<string> {
  return new Set((call?.arguments ?? []).flatMap(rootsOf));
}

/** Those, and the variables of the function that they are taken from or that are taken from them. */
export function kinOfHanded(codebase: Codebase, standing: Standing): ReadonlySet<string> {
  const kin = new Set(handedAt(standing));
  const { values } = assignmentsOf(codebase.program.lower(standing.ref));
  for (const [target, assigned] of values) {
    const roots = assigned.flatMap(rootsOf);
    if (kin.has(target)) for (const root of roots) kin.add(root);
    else if (roots.some((root) => kin.has(root))) kin.add(target);
  }
  return kin;
}

/** Whether an event is handed one of the variables of the function begun with, directly or through its helpers. */
export function isHanded(codebase: Codebase, event: CourseEvent, names: ReadonlySet<string>): boolean {
  let known = names;
  for (const step of event.chain) {
    const next = event.chain[event.chain.indexOf(step) + 1] ?? event.standing;
    const parameters = codebase.program.lower(next.ref).parameters;
    const handed = (step.call?.arguments ?? []).flatMap((argument, index) =>
      rootsOf(argument).some((root) => known.has(root)) ? [parameters[index]?.name ?? ''] : [],
    );
    known = new Set(handed);
  }
  const { call } = event.standing;
  if (!call) return false;
  // Through a slot the object itself may be what leads to the function.
  const through = call.callee.kind === 'member' ? (lvalueText(call.callee)?.split('.')[0] ?? '') : '';
  return known.has(through) || call.arguments.flatMap(rootsOf).some((root) => known.has(root));
}
