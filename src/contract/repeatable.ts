import { callsIn, type Expression, lvalueText, stripCasts } from '../c/index.js';
import type { World } from '../program/index.js';
import { type CourseEvent, courseOf, membersAsked, type Standing, testsBefore } from './course.js';
import type { OnceOnly } from './model.js';
import { placeOf } from './places.js';
import { fieldsIn } from './state-members.js';

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
  world: World,
  frames: readonly { readonly ref: Standing['ref']; readonly standing: Standing }[],
  state: ReadonlySet<string>,
  ofUnmap: ReadonlySet<string>,
): readonly OnceOnly[] {
  return frames.flatMap(({ ref, standing }, level) => {
    // Callers may tear everything down: of theirs only what belongs to the mappings is looked at.
    const course = courseOf(world, ref, level === 0 ? -1 : standing.at, { depth: 2, isGoal: isDrop });
    const above = frames.slice(level + 1).map((frame) => frame.standing);
    const all = course.concat(level === 0 ? [] : courseOf(world, ref, -1, { depth: 0, isGoal: isDrop }));
    return all
      .filter((event, index) => isDrop(event.name) && index < course.length)
      .flatMap((event): readonly OnceOnly[] => {
        const { ref: inside, at, call } = event.standing;
        const target = call?.arguments[0];
        const fields = target ? [...fieldsIn(world.program.lower(inside), target)] : [];
        const ofMapping = fields.some((field) => ofUnmap.has(field));
        if (level > 0 && !ofMapping) return [];
        const { file, line } = placeOf(world, inside.path, at, null);
        const what = `${event.name}(${target ? textOf(target) : ''})`;
        return [{ file, line, at, what, ofMapping, guard: guardOf(world, event, all, above, state) }];
      });
  });
}

function textOf(target: Expression): string {
  const bare = stripCasts(target);
  if (bare.kind === 'unary' && bare.operator === '&')
    return `&${lvalueText(bare.operand) ?? '…'}`.replace(/\.(?=\w+$)/, '->');
  return lvalueText(bare) ?? '…';
}

/** What keeps a second pass from a drop, or null: a test of the state, its own reference, arming anew, or parting from the object. */
function guardOf(
  world: World,
  event: CourseEvent,
  course: readonly CourseEvent[],
  above: readonly Standing[],
  state: ReadonlySet<string>,
): string | null {
  for (const standing of [...event.chain, event.standing, ...above])
    for (const test of testsBefore(world, standing)) {
      const asked = [...membersAsked(world, standing.ref, test)].find((member) => state.has(member));
      if (asked) return `'${asked}' is tested before`;
    }
  const kind = drops.find(({ drop }) => drop.test(event.name));
  if (kind && course.some((other) => kind.get.test(other.name) && isSameObject(world, event, other)))
    return 'the reference is taken in the same sequence';
  if (kind && course.some((other) => kind.rearm.test(other.name) && isSameObject(world, event, other)))
    return 'it is armed anew';
  const parts = [...course.map(({ name }) => name), ...above.flatMap((standing) => namesIn(world, standing))];
  return parts.some((name) => partings.test(name)) ? 'the object is not found a second time' : null;
}

function isSameObject(world: World, left: CourseEvent, right: CourseEvent): boolean {
  const fields = ({ standing }: CourseEvent): readonly string[] =>
    (standing.call?.arguments ?? []).flatMap((argument) => [...fieldsIn(world.program.lower(standing.ref), argument)]);
  const own = fields(left);
  const others = fields(right);
  return own.length === 0 || others.length === 0 || own.some((field) => others.includes(field));
}

function namesIn(world: World, { ref }: Standing): readonly string[] {
  return callsIn(world.program.lower(ref).body).flatMap(({ name }) => (name === null ? [] : [name]));
}
