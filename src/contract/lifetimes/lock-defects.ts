// Where is the state of the reservation lock wrong?

import { callsIn } from '../../c/index.js';
import {
  describeLockOrigin,
  describeVia,
  type LockFinding,
  type LockFlows,
  saysCallersHoldLock,
} from '../../flow/index.js';
import { type Codebase, type FunctionRef, functionAt } from '../../program/index.js';
import type { LockDefect, LockDefects } from '../model/lifetimes.js';
import { type NotAnalysed, placeOf, stepAt, type TraceStep } from '../places.js';
import { bestPerPlace, incompleteFlows, isOfSomeKernels, uncertainty } from './defects.js';
import { locksNeverDropped } from './left/never-dropped.js';
import { inconsistentLocks } from './left-locks.js';
import { locksPassedOver } from './passed-over-locks.js';
import { unaskedLocks } from './unasked-locks.js';
import { locksNeverTaken } from './untaken-locks.js';

/** Returns the lock defects in the lock flows of a tree: one for each place, the most certain. */
export function findLockDefects(codebase: Codebase, flows: LockFlows): LockDefects {
  const unasked = unaskedLocks(codebase);
  const passedOver = locksPassedOver(codebase, flows.flows);
  const defects = [
    ...flows.findings.map((finding) => callDefect(codebase, finding)).filter((defect) => !followsFrom(unasked, defect)),
    ...flows.flows
      .flatMap((flow) => inconsistentLocks(codebase, flow))
      .filter((defect) => !passedOver.some((one) => isOfSameLock(one, defect))),
    ...locksNeverDropped(codebase, flows.flows),
    ...locksNeverTaken(codebase, flows.flows),
    ...unasked,
    ...passedOver,
  ];
  return {
    defects: bestPerPlace(defects, ({ kind }) => kind, uncertainty),
    notAnalysed: [...incompleteFlows(codebase, flows.flows), ...undecidedCalls(codebase, flows)],
  };
}

/** Whether the lock that a call needs is missing since an earlier call of the function may not have taken it: that is told. */
function followsFrom(unasked: readonly LockDefect[], { kind, path, at, function: name }: LockDefect): boolean {
  return kind === 'required' && unasked.some((one) => one.path === path && one.function === name && one.at < at);
}

/** Whether a return leaves the lock held that a round of a loop has left: that is told where the round ends. */
function isOfSameLock({ path, trace: [taken] }: LockDefect, other: LockDefect): boolean {
  const [otherTaken] = other.trace;
  return other.verdict === 'left-held' && other.path === path && otherTaken?.line === taken?.line;
}

/** The calls at which the code does not show whether the lock is held. */
function undecidedCalls(codebase: Codebase, flows: LockFlows): readonly NotAnalysed[] {
  return flows.undecided.map(({ event, reason }) => {
    const { line } = placeOf(codebase, event.path, event.at, null);
    return {
      file: event.path,
      line,
      function: event.function,
      reason: `it is unknown whether the reservation lock is held at ${event.api}(): ${reason}`,
    };
  });
}

/** The call that is wrong. For a helper that says that its callers hold the lock, it is the call of the helper. */
function wrongPlace(
  codebase: Codebase,
  { verdict, path, at, function: name, api }: LockFinding['event'],
  root: FunctionRef,
): Pick<LockDefect, 'path' | 'at' | 'function' | 'api'> {
  const made = { path, at, function: name, api };
  if (verdict !== 'contradicted' || name === root.outline.name) return made;
  const helper = functionAt(codebase.program, path, at);
  const call = callsIn(codebase.program.lower(root).body).find((one) => one.name === name)?.call;
  if (!helper || !call || !saysCallersHoldLock(codebase, helper)) return made;
  return { path: root.path, at: call.at, function: root.outline.name, api: name };
}

/** The defect of a call that needs the lock, or must not have it. */
function callDefect(codebase: Codebase, { event, root, entry, certainty }: LockFinding): LockDefect {
  const steps: TraceStep[] = [];
  if (entry)
    steps.push(
      stepAt(codebase, entry.path, entry.at, `${root.outline.name}() is entered from ${describeVia(entry.via)}`),
    );
  else if (event.function !== root.outline.name)
    steps.push(stepAt(codebase, root.path, root.outline.nameAt, `the path begins in ${root.outline.name}()`));
  if (event.lock) steps.push(stepAt(codebase, event.lock.path, event.lock.at, describeLockOrigin(event.lock)));
  const isPlain = event.verdict === 'same' || event.verdict === 'dropped' || event.verdict === 'never';
  return {
    kind: event.kind,
    verdict: event.verdict,
    ...wrongPlace(codebase, event, root),
    certainty:
      certainty === 'unknown' || event.isInLastPut
        ? 'low'
        : isPlain && !event.isAsserted && !isOfSomeKernels(event.decisions)
          ? 'high'
          : 'medium',
    trace: steps,
  };
}
