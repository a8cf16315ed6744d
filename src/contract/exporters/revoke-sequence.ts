// What happens after a notify call that revokes?

import { isLoop } from '../../c/index.js';
import {
  besidesUnmapWaits,
  dropsReservation,
  isDrop,
  isFenceWait,
  isRunOnce,
  isUnmapWait,
  queueingFunctions,
} from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { argumentVariables, receivesAny, relatedVariables } from '../calls/argument-flow.js';
import { type CodeEvent, eventsInOrder } from '../calls/calls-in-order.js';
import { isInOtherBranch } from '../calls/path-conditions.js';
import { callPointAt, type ProgramPoint } from '../calls/program-point.js';
import type { FenceWait, OpaqueCall, RevokeSequence, UnmapWait } from '../model/revocation.js';
import { placeOf } from '../places.js';
import type { OpsTable } from '../tables/ops-table.js';
import { stateMembers } from '../tables/state-members.js';
import { fenceWaitOf } from './fence-waits.js';
import { findOneTimeReleases, retiresObject } from './one-time-releases.js';
import { mayWaitUnseen, readUnmapOp, type UnmapOp, unmapWaitOf } from './unmap-waits.js';

const deepestCallee = 3;
const highestCaller = 3;
const mostChains = 16;

/**
 * Returns what happens after a notify call that revokes: one sequence for each chain of callers.
 * @param ref the function that calls
 * @param at offset of the callee
 */
export function revokeSequences(
  codebase: Codebase,
  ref: FunctionRef,
  at: number,
  table: OpsTable,
): readonly RevokeSequence[] {
  const notify = callPointAt(codebase, ref, at);
  if (!notify) return [];
  const unmap = readUnmapOp(codebase, table);
  const own = sequenceOf(codebase, [notify], unmap);
  // Callers matter only for what the function itself leaves open.
  const isComplete =
    own.fenceWaits.length > 0 &&
    own.unmapWaits.length > 0 &&
    own.oneTimeReleases.every((release) => release.guard !== null);
  if (isComplete) return [own];
  return callerChains(codebase, [notify], highestCaller)
    .slice(0, mostChains)
    .map((points) => sequenceOf(codebase, points, unmap));
}

/** The chains of callers above a notify call: the notify call, then in each caller the call that leads to it. */
function callerChains(
  codebase: Codebase,
  points: readonly ProgramPoint[],
  depth: number,
): readonly (readonly ProgramPoint[])[] {
  const top = points.at(-1);
  if (!top || depth === 0) return [points];
  const callers = codebase.references
    .callersOf(top.ref)
    .filter(({ caller }) => !points.some((point) => functionKey(point.ref) === functionKey(caller)));
  const chains = callers.flatMap(({ caller, call }) => {
    const point = callPointAt(codebase, caller, call.callee.at);
    return point ? callerChains(codebase, [...points, point], depth - 1) : [];
  });
  return chains.length > 0 ? chains : [points];
}

function sequenceOf(codebase: Codebase, points: readonly ProgramPoint[], unmap: UnmapOp): RevokeSequence {
  const state = stateMembers(
    codebase,
    points.map(({ ref }) => ref),
  );
  const fenceWaits: FenceWait[] = [];
  const unmapWaits: UnmapWait[] = [];
  const opaque: OpaqueCall[] = [];
  let isUnlocked = false;
  for (const [level, point] of points.entries()) {
    // Callers do much else. Of their calls only those count that get the same object from the caller itself.
    const variables = level === 0 ? relatedVariables(codebase, point) : argumentVariables(point);
    for (const event of eventsInOrder(codebase, point.ref, point.at, { depth: deepestCallee, isGoal })) {
      if (isInOtherBranch(point, event)) continue;
      isUnlocked ||= dropsReservation(event.name) || leavesGuard(point, event);
      if (isFenceWait(event.name)) fenceWaits.push(fenceWaitOf(codebase, event, point, state));
      const wait = unmapWaitOf(codebase, event, unmap, isUnlocked);
      if (wait) unmapWaits.push(wait);
      if (
        (level === 0 || event.chain.length === 0) &&
        mayDoAnything(event) &&
        receivesAny(codebase, event, variables)
      ) {
        const { file, line } = placeOf(codebase, event.point.ref.path, event.point.at, null);
        opaque.push({ file, line, name: event.name });
        isUnlocked = true;
      }
    }
  }
  return {
    functions: points.map(({ ref }) => ref.outline.name),
    fenceWaits,
    unmapWaits,
    oneTimeReleases: findOneTimeReleases({ codebase, points, state }, unmap.fields),
    retiresObject: points.some((point) => retiresObject(codebase, point)),
    beginsOnce: beginsOnce(codebase, points),
    opaque,
  };
}

/** Whether the function in which a revocation begins is only ever a slot that runs once. */
function beginsOnce({ references }: Codebase, points: readonly ProgramPoint[]): boolean {
  const top = points.at(-1);
  // Each file that is closed may revoke the same buffers of a list.
  if (points.some(({ around }) => around.some(isLoop))) return false;
  if (!top || references.callersOf(top.ref).length > 0 || !references.isScopeKnown(top.ref)) return false;
  const slots = references.slotsOf(top.ref);
  return slots.length > 0 && slots.every(({ variable, slot }) => isRunOnce(variable.type, slot));
}

/** Calls that decide something themselves, so that their bodies are not read. */
function isGoal(name: string): boolean {
  return (
    isFenceWait(name) || isUnmapWait(name) || dropsReservation(name) || isDrop(name) || besidesUnmapWaits.has(name)
  );
}

/** Whether a call cannot be followed, or leaves its work to another thread of the kernel. */
function mayDoAnything(event: CodeEvent): boolean {
  return queueingFunctions.has(event.name) || mayWaitUnseen(event);
}

/** Whether an event stands after the block of a scoped_guard() around the notify call, where the lock is dropped. */
function leavesGuard(notify: ProgramPoint, event: CodeEvent): boolean {
  const { around } = event.chain[0] ?? event.point;
  return notify.around.some(
    (outer) => outer.kind === 'macro-block' && /guard/.test(outer.macro) && !around.includes(outer),
  );
}
