import { callsIn, type Expression, stripCasts } from '../../c/index.js';
import type { Codebase } from '../../program/index.js';
import { handedAt, isHanded, kinOfHanded, rootsOf } from '../calls/argument-flow.js';
import {
  type CourseEvent,
  courseOf,
  isElsewhere,
  membersAsked,
  type Standing,
  testsBefore,
} from '../calls/calls-in-order.js';
import type { OnceOnly, OnceOnlyGuard } from '../model.js';
import { placeOf } from '../places.js';
import { fieldsIn } from '../tables/state-members.js';

/** What may be done once only, and the calls that give it back its due for the next time. */
const drops: readonly { readonly drop: RegExp; readonly get: RegExp; readonly rearm: RegExp }[] = [
  { drop: /^kref_put\w*$/, get: /^kref_get\w*$/, rearm: /^kref_init$/ },
  { drop: /^refcount_dec\w*$/, get: /^refcount_inc\w*$/, rearm: /^refcount_set$/ },
  { drop: /^dma_buf_put$/, get: /^(dma_buf_get|get_dma_buf)$/, rearm: /^dma_buf_export$/ },
  { drop: /^percpu_ref_kill\w*$/, get: /^percpu_ref_(?:re|ini)\w+$/, rearm: /^percpu_ref_(?:re|ini)\w+$/ },
  { drop: /^complete$/, get: /^(re)?init_completion$/, rearm: /^(re)?init_completion$/ },
];
/** After these the object is not found again, or is gone. */
const partings = /^(list_del\w*|hlist_del\w*|xa_erase\w*|idr_remove|ida_free|rb_erase\w*|k[vz]?free\w*|kvfree\w*)$/;

/** Whether a call of this name may be done once only. */
export function isDrop(name: string): boolean {
  return drops.some(({ drop }) => drop.test(name));
}

/** The drops on the way of a revocation, and what keeps a second pass from them. */
export function onceOnlyOf(
  codebase: Codebase,
  frames: readonly { readonly ref: Standing['ref']; readonly standing: Standing }[],
  state: ReadonlySet<string>,
  ofUnmap: ReadonlySet<string>,
): readonly OnceOnly[] {
  return frames.flatMap(({ ref, standing }, level) => {
    const above = frames.slice(level + 1).map((frame) => frame.standing);
    const kin = kinOfHanded(codebase, standing);
    const whole = courseOf(codebase, ref, -1, { depth: 2, isGoal: isDrop });
    return whole.flatMap((event): readonly OnceOnly[] => {
      // What a caller does before it has nothing to do with the revocation.
      const isOnTheWay = level === 0 || (event.chain[0] ?? event.standing).at > standing.at;
      if (!isDrop(event.name) || !isOnTheWay) return [];
      const ofMapping = fieldsOfTarget(codebase, event).some((field) => ofUnmap.has(field));
      // Callers and helpers have references of other objects: those are none of it.
      const isOwn = level === 0 && event.chain.length === 0 && isHanded(codebase, event, kin);
      if (!ofMapping && !isOwn) return [];
      const { file, line } = placeOf(codebase, event.standing.ref.path, event.standing.at, null);
      const guard = guardOf(codebase, event, whole, above, state);
      const isArmedAnew = armsAnew(codebase, event, whole, event.standing.at);
      return [{ file, line, at: event.standing.at, what: textOf(event), ofMapping, guard, isArmedAnew }];
    });
  });
}

function fieldsOfTarget(codebase: Codebase, { standing }: CourseEvent): readonly string[] {
  const target = standing.call?.arguments[0];
  return target ? [...fieldsIn(codebase.program.lower(standing.ref), target)] : [];
}

/** The call with what it drops, the way it is written: `kref_put(&buf->kref)`. */
function textOf({ name, standing }: CourseEvent): string {
  const target = standing.call?.arguments[0];
  return `${name}(${target ? spelled(stripCasts(target)) : ''})`;
}

function spelled(target: Expression): string {
  switch (target.kind) {
    case 'unary':
      return `${target.operator}${spelled(target.operand)}`;
    case 'member':
      return `${spelled(target.object)}${target.arrow ? '->' : '.'}${target.member}`;
    case 'name':
      return target.name;
    default:
      return '…';
  }
}

/** What keeps a second pass from a drop, or null. */
function guardOf(
  codebase: Codebase,
  event: CourseEvent,
  course: readonly CourseEvent[],
  above: readonly Standing[],
  state: ReadonlySet<string>,
): OnceOnlyGuard | null {
  const way = [...event.chain, event.standing, ...above];
  const asks = (standing: Standing): boolean =>
    testsBefore(codebase, standing).some((test) =>
      [...membersAsked(codebase, standing.ref, test)].some((member) => state.has(member)),
    );
  if (way.some(asks)) return 'asked';
  const kind = drops.find(({ drop }) => drop.test(event.name));
  if (kind && course.some((other) => kind.get.test(other.name) && isSameObject(codebase, event, other)))
    return 'own-reference';
  if (armsAnew(codebase, event, course, -1)) return 'armed-anew';
  return way.some((standing) => partsFrom(codebase, standing)) ? 'parted' : null;
}

/** Whether what is dropped gets its due again, after an offset, and not only where it was not dropped. */
function armsAnew(codebase: Codebase, event: CourseEvent, course: readonly CourseEvent[], from: number): boolean {
  const kind = drops.find(({ drop }) => drop.test(event.name));
  return course.some(
    (other) =>
      kind?.rearm.test(other.name) &&
      other.standing.at > from &&
      isSameObject(codebase, event, other) &&
      !isElsewhere(event.standing, other),
  );
}

/** Whether a function takes the object that a call is handed off a list, or frees it, under no more conditions than the call. */
export function partsFrom(codebase: Codebase, standing: Standing): boolean {
  const handed = handedAt(standing);
  const tests = new Set(testsBefore(codebase, standing).map((test) => test.at));
  return callsIn(codebase.program.lower(standing.ref).body).some(({ name, call, statement, around }) => {
    if (name === null || !partings.test(name) || !call.arguments.flatMap(rootsOf).some((root) => handed.has(root)))
      return false;
    const parting: Standing = { ref: standing.ref, at: call.at, statement, around, call };
    return testsBefore(codebase, parting).every((test) => tests.has(test.at) || test.at > standing.at);
  });
}

function isSameObject(codebase: Codebase, left: CourseEvent, right: CourseEvent): boolean {
  const fields = ({ standing }: CourseEvent): readonly string[] =>
    (standing.call?.arguments ?? []).flatMap((argument) => [
      ...fieldsIn(codebase.program.lower(standing.ref), argument),
    ]);
  const own = fields(left);
  const others = fields(right);
  return own.length === 0 || others.length === 0 || own.some((field) => others.includes(field));
}
