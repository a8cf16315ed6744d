// Is a function entered with a lock held, or by one caller at a time?

import { graphOf, nodeOfCall } from '../../flow/index.js';
import { isNamedForHeldLock, runsAlone, slotTable } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { askedOutside } from './asked-paths.js';

/** Whether all that is known to enter a function holds a lock, or the function says so. */
export function isEnteredLocked(codebase: Codebase, ref: FunctionRef, height: number): boolean {
  if (isNamedForHeldLock(ref.outline.name)) return true;
  const callers = codebase.references.callersOf(ref);
  if (height === 0 || callers.length === 0) return false;
  return callers.every(({ caller, call }) => {
    const unit = codebase.program.lower(caller);
    const goal = nodeOfCall(graphOf(unit), call);
    const isOpen =
      goal >= 0 &&
      askedOutside({ unit, member: '', decided: goal, goal, isLocked: false, wasAsked: true, assertion: 'has-lock' });
    return !isOpen || functionKey(caller) === functionKey(ref) || isEnteredLocked(codebase, caller, height - 1);
  });
}

/** Whether the code around a slot lets one caller in at a time, or holds the lock. */
export function isEnteredAlone(codebase: Codebase, ref: FunctionRef): boolean {
  const slots = codebase.references.slotsOf(ref);
  return (
    slots.length > 0 &&
    slots.every(({ variable, slot }) => runsAlone(variable.type) || slotTable(variable.type)?.slots[slot] === 'locked')
  );
}
