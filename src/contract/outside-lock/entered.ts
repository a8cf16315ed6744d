// Is a function entered with a lock held, or by one caller at a time?

import { graphOf, nodeOfCall } from '../../flow/index.js';
import { isNamedForHeldLock, runsAlone, slotTable } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { isFresh } from '../owners/frees.js';
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

/** Whether every caller of a function passes an object, by its variable, that the caller has just made: nobody else has it. */
export function getsNewObject(codebase: Codebase, ref: FunctionRef, variable: string): boolean {
  const { references } = codebase;
  const index = ref.outline.parameters.findIndex(({ name }) => name === variable);
  const callers = references.callersOf(ref);
  if (index < 0 || callers.length === 0 || !references.isScopeKnown(ref) || references.slotsOf(ref).length > 0)
    return false;
  return callers.every(({ caller, call }) => {
    const given = call.arguments[index];
    return given !== undefined && isFresh(codebase, caller, given);
  });
}
