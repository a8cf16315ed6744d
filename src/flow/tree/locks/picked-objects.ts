// Objects that a function picks for itself: no caller can hold their locks.

import { callsIn, type Expression, type FunctionUnit, isLoop, visitStatements } from '../../../c/index.js';
import { lockFunctions, lockFunctionsThat, raisesUnlessGone } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction, originsOf, plain } from '../../../program/index.js';
import { saysCallersHoldLock, saysItLeavesLock } from '../../callers/documented-locking.js';
import { isLeftToCaller } from '../../locks/nested-locks.js';
import type { LockEvent } from '../../model/results.js';
import { calledNames, mayReturnWithLock } from './called-names.js';

const assertions: ReadonlySet<string> = new Set(lockFunctionsThat('assert'));
/** Through how many callers a lock is looked for. */
const highestCaller = 3;

/**
 * The call of a helper that asserts the lock, where a function makes it for an object that it has picked from a list: which
 * one that is the callers do not know, and so they do not hold its lock.
 * @param ref a function that holds no lock at the call
 * @param asserted a call in the helper, or below it, that relies on the assertion
 * @param helpers the names of the functions on the way to that call
 * @returns undefined where the function makes no such call
 */
export function calledForPicked(
  codebase: Codebase,
  ref: FunctionRef,
  asserted: LockEvent,
  helpers: ReadonlySet<string>,
): LockEvent | undefined {
  if (saysCallersHoldLock(codebase, ref) || isLeftToCaller(codebase, asserted.decisions)) return undefined;
  if (calledNames(codebase, ref).some((name) => assertions.has(name)) || isCalledWithLock(codebase, ref))
    return undefined;
  const [found, ...others] = callsIn(codebase.program.lower(ref).body).filter(({ name }) => helpers.has(name ?? ''));
  // Of several calls it is not known which one is made without the lock.
  if (!found?.name || others.length > 0) return undefined;
  if (!found.call.arguments.some((argument) => isPicked(codebase, ref, argument))) return undefined;
  const { path, outline } = ref;
  return { ...asserted, verdict: 'never', api: found.name, path, at: found.call.at, function: outline.name };
}

/** Whether a function that leads to this one takes a reservation lock: all objects may share it, that of their VM. */
function isCalledWithLock(codebase: Codebase, ref: FunctionRef, height = highestCaller): boolean {
  const callers = height === 0 ? [] : codebase.references.callersOf(ref).map(({ caller }) => caller);
  return callers.some(
    (caller) =>
      calledNames(codebase, caller).some((name) => lockFunctions.has(name) || mayReturnWithLock(name)) ||
      isCalledWithLock(codebase, caller, height - 1),
  );
}

/** Whether all that a value may be was picked. */
function isPicked(codebase: Codebase, ref: FunctionRef, value: Expression): boolean {
  const origins = originsOf(codebase.program.lower(ref), value).filter(({ kind }) => kind !== 'null');
  const isPick = (callee: Expression): boolean => {
    const target = callee.kind === 'name' ? codebase.definitions.find(callee.name, ref.path) : undefined;
    return target !== undefined && picksObject(codebase, target);
  };
  return (
    origins.length > 0 &&
    origins.every((one) => one.kind === 'call' && one.path.length === 0 && isPick(one.call.callee))
  );
}

/**
 * Whether a function walks through what its only argument holds, and returns the first object that is not about to be freed,
 * with a reference: others may drop theirs at any time, so that nobody holds the locks of all.
 */
function picksObject(codebase: Codebase, ref: FunctionRef): boolean {
  return memoByFunction(
    codebase,
    ref,
    'picks-object',
    () => {
      const unit = codebase.program.lower(ref);
      if (unit.parameters.length !== 1 || saysItLeavesLock(codebase, ref, 'held')) return false;
      if (calledNames(codebase, ref).some(mayReturnWithLock)) return false;
      const returned = returnedNames(unit);
      return callsIn(unit.body).some(
        ({ name, call, around }) =>
          name !== null &&
          raisesUnlessGone(name) &&
          around.some(isLoop) &&
          returned.has(rootName(call.arguments[0]) ?? ''),
      );
    },
    plain(),
  );
}

/** The variables that a function returns, itself or through others. */
function returnedNames(unit: FunctionUnit): ReadonlySet<string> {
  const names = new Set<string>();
  visitStatements(unit.body, (statement) => {
    if (statement.kind !== 'return' || statement.value?.kind !== 'name') return;
    names.add(statement.value.name);
    for (const origin of originsOf(unit, statement.value)) if (origin.kind === 'variable') names.add(origin.name);
  });
  return names;
}

/** The variable in `&x->ref`. */
function rootName(expression: Expression | undefined): string | undefined {
  switch (expression?.kind) {
    case 'name':
      return expression.name;
    case 'member':
      return rootName(expression.object);
    case 'unary':
      return rootName(expression.operand);
    default:
      return undefined;
  }
}
