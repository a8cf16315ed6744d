// What does a revocation release that it must release once only, and what makes a second revocation harmless?

import { type CallExpression, callsIn, type Expression, stripCasts } from '../../c/index.js';
import { bufferFile, isDrop, isGetFor, isParting, isRearmFor, roleOf } from '../../kernel/index.js';
import { assignmentsOf, type Codebase } from '../../program/index.js';
import { argumentVariables, baseVariables, receivesAny, relatedVariables } from '../calls/argument-flow.js';
import { type CodeEvent, eventsInOrder } from '../calls/calls-in-order.js';
import { isInOtherBranch, membersTested, pathConditions } from '../calls/path-conditions.js';
import type { ProgramPoint } from '../calls/program-point.js';
import type { OneTimeRelease, RepeatGuard } from '../model/revocation.js';
import { placeOf } from '../places.js';
import { fieldsIn } from '../tables/state-members.js';

/** A revocation, seen from the function that notifies up to one that begins it. */
interface RevocationChain {
  readonly codebase: Codebase;
  /** The notify call, then in each caller the call that leads to it. */
  readonly points: readonly ProgramPoint[];
  /** The members that these functions change. */
  readonly state: ReadonlySet<string>;
}

/**
 * Finds the one-time releases in the functions of a revocation.
 * @param unmapFields the fields that `unmap_dma_buf` touches
 */
export function findOneTimeReleases(
  revocation: RevocationChain,
  unmapFields: ReadonlySet<string>,
): readonly OneTimeRelease[] {
  const { codebase, points } = revocation;
  return points.flatMap((point, level) => {
    const related = relatedVariables(codebase, point);
    const events = eventsInOrder(codebase, point.ref, -1, { depth: 2, isGoal: isDrop });
    return events.flatMap((event): readonly OneTimeRelease[] => {
      // What a caller does before the call that leads to the notify call is no part of the revocation.
      const isInRevocation = level === 0 || (event.chain[0] ?? event.point).at > point.at;
      if (!isDrop(event.name) || !isInRevocation) return [];
      const ofMapping = fieldsOfTarget(codebase, event).some((field) => unmapFields.has(field));
      // Callers and helpers release references of other objects too: those do not count.
      const isOwn = level === 0 && event.chain.length === 0 && receivesAny(codebase, event, related);
      if (!ofMapping && !isOwn) return [];
      const { ref, at } = event.point;
      const { file, line } = placeOf(codebase, ref.path, at, null);
      const guard = guardOf(revocation, event, events, points.slice(level + 1));
      return [
        { file, line, at, what: textOf(event), ofMapping, guard, isRearmed: rearms(codebase, event, events, at) },
      ];
    });
  });
}

function fieldsOfTarget(codebase: Codebase, { point }: CodeEvent): readonly string[] {
  const target = point.call?.arguments[0];
  return target ? [...fieldsIn(codebase.program.lower(point.ref), target)] : [];
}

/** The call with its first argument, the way the code spells it: `kref_put(&buf->kref)`. */
function textOf({ name, point }: CodeEvent): string {
  const target = point.call?.arguments[0];
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

/** What makes a second run of a release harmless, or null. */
function guardOf(
  { codebase, state, points: [notifier] }: RevocationChain,
  event: CodeEvent,
  events: readonly CodeEvent[],
  above: readonly ProgramPoint[],
): RepeatGuard | null {
  const points = [...event.chain, event.point, ...above];
  const testsState = (point: ProgramPoint): boolean =>
    pathConditions(codebase, point).some((test) =>
      [...membersTested(codebase, point.ref, test)].some((member) => state.has(member)),
    );
  if (points.some(testsState)) return 'tested';
  // If the code tests only before the notify call, and puts the buffer whatever the answer is, each run has its own
  // reference.
  const isAsked = notifier !== undefined && testsState(notifier);
  if (isAsked && !event.chain.length && roleOf(event.name) === 'put') return 'own-reference';
  if (events.some((other) => isGetFor(event.name, other.name) && isSameObject(codebase, event, other)))
    return 'own-reference';
  if (rearms(codebase, event, events, -1)) return 'rearmed';
  return points.some((point) => retiresObject(codebase, point)) ? 'retired' : null;
}

/** Whether one of the events after an offset initialises the released object again, on a path that releases it. */
function rearms(codebase: Codebase, event: CodeEvent, events: readonly CodeEvent[], from: number): boolean {
  return events.some(
    (other) =>
      isRearmFor(event.name, other.name) &&
      other.point.at > from &&
      isSameObject(codebase, event, other) &&
      !isInOtherBranch(event.point, other),
  );
}

/**
 * Returns whether the function at a point takes the object in the call's arguments off a list or out of a collection, or
 * frees it, under no more conditions than the call.
 */
export function retiresObject(codebase: Codebase, point: ProgramPoint): boolean {
  const passed = argumentVariables(point);
  const tests = new Set(pathConditions(codebase, point).map((test) => test.at));
  return callsIn(codebase.program.lower(point.ref).body).some(({ name, call, statement, around }) => {
    if (name === null || !isParting(name)) return false;
    const isPassed = call.arguments.flatMap(baseVariables).some((variable) => passed.has(variable));
    if (!isPassed && !isResultFor(codebase, point, call)) return false;
    const retirement: ProgramPoint = { ref: point.ref, at: call.at, statement, around, call };
    return pathConditions(codebase, retirement).every((test) => tests.has(test.at) || test.at > point.at);
  });
}

/** Whether two calls name the same field in their arguments; true where one of them names none. */
function isSameObject(codebase: Codebase, left: CodeEvent, right: CodeEvent): boolean {
  const fields = ({ point }: CodeEvent): readonly string[] =>
    (point.call?.arguments ?? []).flatMap((argument) => [
      ...fieldsIn(codebase.program.lower(point.ref), withoutFile(argument)),
    ]);
  const own = fields(left);
  const others = fields(right);
  return own.length === 0 || others.length === 0 || own.some((field) => others.includes(field));
}

/** For `&buf->file`, as get_file_active() gets it, the buffer; any other expression unchanged. */
function withoutFile(argument: Expression): Expression {
  const inner = argument.kind === 'unary' && argument.operator === '&' ? argument.operand : argument;
  return inner.kind === 'member' && inner.member === bufferFile ? inner.object : argument;
}

/** Whether the call at a point gets what another call of its function returned: `bo = xa_erase(&file->bos, id)`. */
function isResultFor(codebase: Codebase, point: ProgramPoint, { at }: CallExpression): boolean {
  const related = relatedVariables(codebase, point);
  const { values } = assignmentsOf(codebase.program.lower(point.ref));
  return [...values].some(
    ([target, assigned]) => related.has(target) && assigned.some((value) => stripCasts(value).at === at),
  );
}
