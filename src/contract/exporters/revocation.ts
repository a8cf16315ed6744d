import { callsIn, type Expression, type FunctionUnit, visitExpressions } from '../../c/index.js';
import { type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { handedAt, isHanded, kinOfHanded } from '../calls/argument-flow.js';
import { type CourseEvent, courseOf, isElsewhere, type Standing } from '../calls/calls-in-order.js';
import { queueingFunctions } from '../calls/harmless.js';
import type { FenceWait, OpaqueCall, RevokeSequence, UnmapWait } from '../model.js';
import { placeOf } from '../places.js';
import { fieldOf, fieldsIn, stateMembers } from '../tables/state-members.js';
import type { OpsTable } from '../tables/tables.js';
import { fenceWaitOf, isFenceWait } from './fence-waits.js';
import { opFunction } from './refusal.js';
import { isDrop, onceOnlyOf, partsFrom } from './repeatable.js';

const unmapWaits =
  /^(wait_for_completion\w*|(?:swait|wait)_event\w*|wait_var_event\w*|wait_on_\w+|flush_work\w*|drain_workqueue)$/;
const unlocks = /^(dma_resv_unlock|ww_mutex_unlock|\w+_unreserve|drm_exec_fini|drm_gem_unlock\w*)$/;
/** Calls that are known not to wait for anything of importers, though the tree may not show them. */
const bystanders = /^(kref_\w+|dma_buf_\w+|fput|get_file\w*|percpu_ref_\w+|synchronize_\w+|schedule\w*)$/;
const deepestCallee = 3;
const highestCaller = 3;
const mostWays = 16;

/** A function of the way from the notify call up to who begins the revocation. */
export interface Frame {
  readonly ref: FunctionRef;
  /** The notify call, or the call of the function below. */
  readonly standing: Standing;
}

/** What happens after a notify call that revokes: one sequence for each way up to who begins it. */
export function sequencesOf(
  codebase: Codebase,
  ref: FunctionRef,
  at: number,
  table: OpsTable,
): readonly RevokeSequence[] {
  const first = frameAt(codebase, ref, (callee) => callee === at);
  if (!first) return [];
  const unmap = unmapOf(codebase, table);
  const own = sequenceOf(codebase, [first], unmap);
  // Who calls it matters only for what it leaves open itself.
  const isComplete =
    own.fenceWaits.length > 0 && own.unmapWaits.length > 0 && own.onceOnly.every((drop) => drop.guard !== null);
  if (isComplete) return [own];
  return waysUp(codebase, [first], highestCaller)
    .slice(0, mostWays)
    .map((frames) => sequenceOf(codebase, frames, unmap));
}

function frameAt(codebase: Codebase, ref: FunctionRef, isIt: (calleeAt: number) => boolean): Frame | undefined {
  const found = callsIn(codebase.program.lower(ref).body).find(({ call }) => isIt(call.callee.at));
  if (!found) return undefined;
  const { call, statement, around } = found;
  return { ref, standing: { ref, at: call.at, statement, around, call } };
}

function waysUp(codebase: Codebase, frames: readonly Frame[], depth: number): readonly (readonly Frame[])[] {
  const top = frames.at(-1);
  if (!top || depth === 0) return [frames];
  const callers = codebase.references
    .callersOf(top.ref)
    .filter(({ caller }) => !frames.some((frame) => functionKey(frame.ref) === functionKey(caller)));
  const ways = callers.flatMap(({ caller, call }) => {
    const frame = frameAt(codebase, caller, (at) => at === call.callee.at);
    return frame ? waysUp(codebase, [...frames, frame], depth - 1) : [];
  });
  return ways.length > 0 ? ways : [frames];
}

/** What an unmap touches: what is waited for with one of these fields ends with the unmaps. */
export interface UnmapOp {
  readonly fields: ReadonlySet<string>;
  /** Everything that it does can be seen. */
  readonly isKnown: boolean;
}

function unmapOf(codebase: Codebase, table: OpsTable): UnmapOp {
  const ref = opFunction(codebase, table, 'unmap_dma_buf');
  if (!ref) return { fields: new Set(), isKnown: false };
  const course = courseOf(codebase, ref, -1, { depth: deepestCallee, isGoal: () => false });
  const isKnown = !course.some((event) => event.isOpaque && !isBystander(event));
  const refs = new Map([ref, ...course.map((event) => event.standing.ref)].map((one) => [functionKey(one), one]));
  // A function that is handed on, as the release of a kref, runs for the unmap too.
  for (const { standing } of course)
    for (const argument of standing.call?.arguments ?? []) {
      const target = argument.kind === 'name' ? codebase.definitions.find(argument.name, standing.ref.path) : undefined;
      if (target) refs.set(functionKey(target), target);
    }
  const fields = new Set<string>();
  for (const one of refs.values())
    visitExpressions(codebase.program.lower(one).body, (expression) => {
      for (const field of fieldOf(expression)) fields.add(field);
    });
  return { fields, isKnown };
}

/** A call that the tree does not show, and one that leaves the work to a thread of the kernel. */
function mayDoAnything(event: CourseEvent): boolean {
  return queueingFunctions.has(event.name) || (event.isOpaque && !isBystander(event));
}

function isBystander({ name }: CourseEvent): boolean {
  return bystanders.test(name) || unmapWaits.test(name) || isDrop(name);
}

function sequenceOf(codebase: Codebase, frames: readonly Frame[], unmap: UnmapOp): RevokeSequence {
  const state = stateMembers(
    codebase,
    frames.map(({ ref }) => ref),
  );
  const isGoal = (name: string): boolean =>
    isFenceWait(name) || unmapWaits.test(name) || unlocks.test(name) || isDrop(name) || bystanders.test(name);
  const fenceWaits: FenceWait[] = [];
  const waits: UnmapWait[] = [];
  const opaque: OpaqueCall[] = [];
  let isUnlocked = false;
  for (const [level, frame] of frames.entries()) {
    const { ref, standing } = frame;
    // Callers have much else to do: of theirs only what they hand the same object to, themselves, can end the revocation.
    const kin = level === 0 ? kinOfHanded(codebase, standing) : handedAt(standing);
    for (const event of courseOf(codebase, ref, standing.at, { depth: deepestCallee, isGoal })) {
      if (isElsewhere(standing, event)) continue;
      isUnlocked ||= unlocks.test(event.name) || leavesGuard(standing, event);
      if (isFenceWait(event.name)) fenceWaits.push(fenceWaitOf(codebase, event, frame, state));
      const wait = unmapWaitOf(codebase, event, unmap, isUnlocked);
      if (wait) waits.push(wait);
      if (mayDoAnything(event) && (level === 0 || event.chain.length === 0) && isHanded(codebase, event, kin)) {
        const { file, line } = placeOf(codebase, event.standing.ref.path, event.standing.at, null);
        opaque.push({ file, line, name: event.name });
        isUnlocked = true;
      }
    }
  }
  return {
    functions: frames.map(({ ref }) => ref.outline.name),
    fenceWaits,
    unmapWaits: waits,
    onceOnly: onceOnlyOf(codebase, frames, state, unmap.fields),
    parts: frames.some(({ standing }) => partsFrom(codebase, standing)),
    opaque,
  };
}

/** A block such as scoped_guard() gives its lock back where it ends. */
function leavesGuard(notify: Standing, event: CourseEvent): boolean {
  const { around } = event.chain[0] ?? event.standing;
  return notify.around.some(
    (outer) => outer.kind === 'macro-block' && /guard/.test(outer.macro) && !around.includes(outer),
  );
}

function unmapWaitOf(codebase: Codebase, event: CourseEvent, unmap: UnmapOp, isUnlocked: boolean): UnmapWait | null {
  const { standing } = event;
  const isCall = unmapWaits.test(event.name);
  if (!isCall && event.kind !== 'loop') return null;
  const fields = isCall ? waitedFor(codebase, event) : loopFields(codebase.program.lower(standing.ref), standing);
  const ofUnmap = [...fields].find((field) => unmap.fields.has(field)) ?? null;
  // A wait for what cannot be told may be the right one; a loop may be anything.
  const isUnclear = isCall && (fields.size === 0 || !unmap.isKnown);
  if (ofUnmap === null && !isUnclear) return null;
  const { file, line } = placeOf(codebase, standing.ref.path, standing.at, null);
  return { file, line, at: standing.at, field: ofUnmap, underLock: !isUnlocked };
}

/** The fields that a wait names, in its arguments or in those of the helper that it is in. */
function waitedFor(codebase: Codebase, event: CourseEvent): ReadonlySet<string> {
  for (const standing of [event.standing, ...[...event.chain].reverse()]) {
    const unit = codebase.program.lower(standing.ref);
    const fields = new Set((standing.call?.arguments ?? []).flatMap((argument) => [...fieldsIn(unit, argument)]));
    if (fields.size > 0) return fields;
  }
  return new Set();
}

function loopFields(unit: FunctionUnit, { statement }: Standing): ReadonlySet<string> {
  const test: Expression | null = statement.kind === 'while' || statement.kind === 'do' ? statement.test : null;
  return test ? fieldsIn(unit, test) : new Set();
}
