import { callsIn } from '../../c/index.js';
import { workInitialisers } from '../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';

/** Whether a function is entered in one way only: a work item runs it. */
export function isOnlyWork({ references, program }: Codebase, ref: FunctionRef): boolean {
  if (references.callersOf(ref).length > 0 || references.slotsOf(ref).length > 0) return false;
  const { name } = ref.outline;
  const uses = references
    .of(name, references.scope(ref))
    .flatMap(({ inside, at }) => (inside && at >= inside.outline.bodyStart ? [{ inside, at }] : []));
  const isWork = ({ inside, at }: (typeof uses)[number]): boolean =>
    callsIn(program.lower(inside).body).some(
      ({ call, name: callee }) =>
        callee !== null && workInitialisers.includes(callee) && call.arguments.some((argument) => argument.at === at),
    );
  return uses.length > 0 && uses.every(isWork);
}
