// For which fences does a wait after a notify call wait?

import type { Expression } from '../../c/index.js';
import { fenceUsage, reservationPrefix, reservationWait } from '../../kernel/index.js';
import { type Codebase, originsOf } from '../../program/index.js';
import type { CodeEvent } from '../calls/calls-in-order.js';
import { calleesIn, membersTested, pathConditions } from '../calls/path-conditions.js';
import type { ProgramPoint } from '../calls/program-point.js';
import type { FenceUsage, FenceWait } from '../model/revocation.js';
import { placeOf } from '../places.js';

/**
 * Returns for which fences a wait waits, and whether every path after the notify call comes to it.
 * @param notify the notify call, or the call that leads to it, in the function in which the wait's call chain begins
 * @param state the members that the revocation changes
 */
export function fenceWaitOf(
  codebase: Codebase,
  event: CodeEvent,
  notify: ProgramPoint,
  state: ReadonlySet<string>,
): FenceWait {
  const { ref, at, call } = event.point;
  const { file, line } = placeOf(codebase, ref.path, at, null);
  const usage =
    event.name === reservationWait.name ? usageOf(codebase, event, call?.arguments[reservationWait.usage]) : null;
  return { file, line, at, usage, missedBy: missedBy(codebase, event, notify, state) };
}

/** The usage class that a wait passes, followed up through the callers of its helper; null where the code computes it. */
function usageOf(codebase: Codebase, event: CodeEvent, argument: Expression | undefined): FenceUsage | null {
  const steps = [...event.chain, event.point];
  const resolve = (value: Expression | undefined, level: number): readonly (FenceUsage | null)[] => {
    const step = steps[level];
    if (!value || !step) return [null];
    return originsOf(codebase.program.lower(step.ref), value).flatMap((origin): readonly (FenceUsage | null)[] => {
      if (origin.kind === 'variable') return [fenceUsage(origin.name)];
      if (origin.kind !== 'parameter' || origin.path.length > 0) return [null];
      return resolve(steps[level - 1]?.call?.arguments[origin.index], level - 1);
    });
  };
  return widestOf(resolve(argument, steps.length - 1));
}

/** The widest of several possible classes. Null where one of them is not known, or is already the widest of all. */
function widestOf(found: readonly (FenceUsage | null)[]): FenceUsage | null {
  const [first = null] = found;
  if (found.every((usage) => usage === first)) return first;
  if (found.includes(null) || found.includes('bookkeep')) return null;
  return found.includes('read') ? 'read' : 'write';
}

/** The line of a test between the notify call and the wait at which some paths leave, unless the test asks for the state. */
function missedBy(
  codebase: Codebase,
  event: CodeEvent,
  notify: ProgramPoint,
  state: ReadonlySet<string>,
): number | null {
  const outer = event.chain[0] ?? event.point;
  const known = new Set(pathConditions(codebase, notify).map((test) => test.at));
  const [first] = pathConditions(codebase, outer, notify.at).filter(
    (test) => !known.has(test.at) && !isExpectedTest(codebase, notify, test, state),
  );
  return first ? placeOf(codebase, outer.ref.path, first.at, null).line : null;
}

/** Whether a test asks for fences, for the state that the revocation changes, or for a variable that may depend on either. */
function isExpectedTest(
  codebase: Codebase,
  notify: ProgramPoint,
  test: Expression,
  state: ReadonlySet<string>,
): boolean {
  // Without fences no wait is needed.
  if (calleesIn(test).some((name) => name.startsWith(reservationPrefix))) return true;
  if ([...membersTested(codebase, notify.ref, test)].some((member) => state.has(member))) return true;
  return test.kind === 'name' || (test.kind === 'unary' && test.operand.kind === 'name');
}
