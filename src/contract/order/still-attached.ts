// May an attachment still be there where something is torn down, though a helper that is called later ends it?

import { type CallExpression, callsIn } from '../../c/index.js';
import { graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { isNamedForAllocation, roleOf } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { type Detach, detachesIn } from './detaches.js';

/** A call that tears something down, and the detach behind it. */
interface Teardown {
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  /** The variable that leads to the structure. */
  readonly base: string;
  readonly detach: Detach;
}

/** The functions of a module, by key. */
interface Known {
  /** Those that attach, or call one that does. */
  readonly attaching: ReadonlySet<string>;
  /** Those that detach, or call one that does. */
  readonly detaching: ReadonlySet<string>;
}

/**
 * Returns whether the detach that comes after a call that tears something down is the first. It is not where a call before
 * may have detached, in the function or in all its callers; where the function has made the structure only; and where the
 * helper may find nothing to detach and others call it, too.
 */
export function mayBeAttached(codebase: Codebase, known: Known, { ref, call, base, detach }: Teardown): boolean {
  if (mayDetachBefore(codebase, known, ref, call, detach.call)) return false;
  const { references } = codebase;
  const callers = references.callersOf(ref);
  const isSettled = callers.map(
    (one) =>
      (detach.isBelow && known.attaching.has(functionKey(one.caller))) ||
      mayDetachBefore(codebase, known, one.caller, one.call, one.call),
  );
  if (isSettled.length > 0 && isSettled.every(Boolean)) return false;
  if (!detach.helper) return true;
  if (makes(codebase, ref, base)) return false;
  const isOther = ({ caller }: { readonly caller: FunctionRef }): boolean =>
    functionKey(caller) !== functionKey(ref) && !known.attaching.has(functionKey(caller));
  return detachesAlways(codebase, detach.helper) || !references.callersOf(detach.helper).some(isOther);
}

/** Whether a way leads to a call from another one that may detach. */
function mayDetachBefore(
  codebase: Codebase,
  { detaching }: Known,
  ref: FunctionRef,
  call: CallExpression,
  except: CallExpression,
): boolean {
  const unit = codebase.program.lower(ref);
  const graph = graphOf(unit);
  const goal = nodeOfCall(graph, call);
  return callsIn(unit.body).some((one) => {
    if (one.name === null || one.call === except || one.call === call) return false;
    const helper = roleOf(one.name) === 'detach' ? undefined : codebase.definitions.findInModule(one.name, ref.path);
    if (roleOf(one.name) !== 'detach' && !(helper && detaching.has(functionKey(helper)))) return false;
    const start = nodeOfCall(graph, one.call);
    return (
      start !== goal &&
      isReachable(graph, start, { isGoal: (_, index) => index === goal, isBlocked: () => false, next: successors })
    );
  });
}

/** Whether a function gives a variable a new structure. */
function makes(codebase: Codebase, ref: FunctionRef, base: string): boolean {
  const given = assignmentsOf(codebase.program.lower(ref)).values.get(base) ?? [];
  return given.some(
    (value) => value.kind === 'call' && value.callee.kind === 'name' && isNamedForAllocation(value.callee.name),
  );
}

/** Whether a helper detaches on each way through it. */
function detachesAlways(codebase: Codebase, helper: FunctionRef): boolean {
  const graph = graphOf(codebase.program.lower(helper));
  const nodes = new Set(detachesIn(codebase, helper).map(({ call }) => nodeOfCall(graph, call)));
  return !isReachable(graph, graph.entry, {
    isGoal: ({ kind }) => kind === 'return',
    isBlocked: (index) => nodes.has(index),
    next: successors,
  });
}
