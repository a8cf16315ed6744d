// Does a failing path keep a pin, and say so in a member of which the function that unpins asks?

import { callsIn, expressionText, type FunctionUnit, visitStatements } from '../../../../c/index.js';
import {
  type FlowExit,
  type FunctionFlow,
  objectOfKey,
  type Resource,
  truthOf,
  wasWrittenAfter,
} from '../../../../flow/index.js';
import { functionsWithRole } from '../../../../kernel/index.js';
import { type Codebase, functionKey, functionsIn } from '../../../../program/index.js';

const unpins: ReadonlySet<string> = new Set(functionsWithRole('unpin'));

/**
 * Whether a path has told after a pin, in a member of the object that has the attachment, that it is pinned, and another
 * function of the file asks for this member before it unpins: `b->pinned = true`. The caller need not know of the pin then.
 */
export function isNotedForRelease(codebase: Codebase, { ref }: FunctionFlow, exit: FlowExit, pin: Resource): boolean {
  if (pin.kind !== 'pin') return false;
  const members = membersTold(exit, pin);
  if (members.size === 0) return false;
  return functionsIn(codebase.program, ref.path)
    .filter((other) => functionKey(other) !== functionKey(ref))
    .some((other) => asksBeforeUnpin(codebase.program.lower(other), members));
}

/** The members that are true, and were written after a pin, of the objects that have the attachment. */
function membersTold({ state }: FlowExit, pin: Resource): ReadonlySet<string> {
  const holders = new Set(
    [...state.heap].flatMap(([place, held]) => (held === pin.handle ? [objectOfKey(place)] : [])),
  );
  return new Set(
    [...state.heap].flatMap(([place, held]) => {
      const member = place.slice(place.indexOf('.') + 1);
      const isTold = holders.has(objectOfKey(place)) && held !== pin.handle && truthOf(state, held) === true;
      return isTold && wasWrittenAfter(state, member, pin) ? [member] : [];
    }),
  );
}

function asksBeforeUnpin({ body }: FunctionUnit, members: ReadonlySet<string>): boolean {
  const last = Math.max(...callsIn(body).flatMap(({ name, call }) => (name && unpins.has(name) ? [call.at] : [-1])));
  let asks = false;
  visitStatements(body, (statement) => {
    if (statement.kind !== 'if' || statement.at > last) return;
    const words: readonly string[] = expressionText(statement.test).match(/\w+/g) ?? [];
    asks ||= words.some((word) => members.has(word));
  });
  return asks;
}
