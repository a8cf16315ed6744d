// Does a driver use the reservation object of an imported buffer after it has put the buffer?

import {
  type CallInBody,
  callsIn,
  type Expression,
  expressionText,
  lvalueText,
  stripCasts,
  visitExpressions,
} from '../../c/index.js';
import { graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { isReservationFunction, reservationMember, reservationPrefix, roleOf } from '../../kernel/index.js';
import {
  assignmentsOf,
  type Codebase,
  type FunctionRef,
  filesSaying,
  functionsIn,
  memoByFile,
  plain,
} from '../../program/index.js';
import type { OutlivedReservation } from '../model/importer.js';
import { type HeldMember, heldMember, type OwnerSearch, searchOwners, tagOf } from '../owners/members.js';
import { unique } from '../unique.js';
import { type PutReservation, reservationsPastPut } from './reservations-past-put.js';

const takesOne = new RegExp(`->\\s*${reservationMember}\\s*;`);

/**
 * Finds the functions that put the buffer of an object, themselves or through a helper that gets the object, and then
 * lock or wait on a reservation object that belongs to the buffer and that a member of the object points to; and those that
 * put the buffer as soon as the member has its reservation object, where another function uses the member.
 */
export function findBorrowedReservations(codebase: Codebase): readonly OutlivedReservation[] {
  const search = searchOwners(codebase);
  const sources = codebase.program.candidates.filter((path) => path.endsWith('.c'));
  const borrowed = sources.flatMap((path) => borrowedIn(search, path).map((held) => ({ held, path })));
  const inOneFunction = unique(borrowed, ({ held, path }) => `${path}:${held.tag}.${held.member}`).flatMap(
    ({ held, path }) =>
      filesSaying(codebase, codebase.definitions.module(path), held.member).flatMap((file) =>
        usesAfterPutIn(search, file, held),
      ),
  );
  const filling = sources.flatMap((path) => takersIn(search, path));
  return [...inOneFunction, ...filling.flatMap((ref) => usesElsewhere(search, ref))];
}

/** The functions of a file that may store the reservation object of a buffer in a member. */
function takersIn({ codebase: { program } }: OwnerSearch, path: string): readonly FunctionRef[] {
  if (!takesOne.test(program.text(path) ?? '')) return [];
  return functionsIn(program, path).filter((ref) => takesOne.test(program.bodyText(ref)));
}

/** What a function puts while a member has its reservation, with the first use of the member in another function. */
function usesElsewhere(search: OwnerSearch, ref: FunctionRef): readonly OutlivedReservation[] {
  const { definitions, program } = search.codebase;
  return reservationsPastPut(search, ref).flatMap((past) => {
    const users = filesSaying(search.codebase, definitions.module(ref.path), past.held.member)
      .flatMap((file) => functionsIn(program, file))
      .filter((one) => one.outline.nameAt !== ref.outline.nameAt || one.path !== ref.path);
    return users.flatMap((user) => firstUse(search, user, past)).slice(0, 1);
  });
}

function firstUse(search: OwnerSearch, user: FunctionRef, past: PutReservation): readonly OutlivedReservation[] {
  const { ref, put, at, held } = past;
  if (!mayUse(search.codebase.program.bodyText(user), held)) return [];
  const [use] = usesOf(search, user, held);
  return use?.name ? [{ ref, at, put, end: use.name, endPath: user.path, endAt: use.call.at }] : [];
}

/** The members that the functions of a file fill with the reservation object of a dma-buf. */
function borrowedIn(search: OwnerSearch, path: string): readonly HeldMember[] {
  const { codebase } = search;
  const find = (): readonly HeldMember[] => takersIn(search, path).flatMap((ref) => membersFilledIn(search, ref));
  return memoByFile(codebase, path, 'borrowed-reservations', find, plain());
}

function usesAfterPutIn(search: OwnerSearch, path: string, held: HeldMember): readonly OutlivedReservation[] {
  const { codebase } = search;
  const { program } = codebase;
  const find = (): readonly OutlivedReservation[] =>
    program.includes(path, reservationPrefix)
      ? functionsIn(program, path)
          .filter((ref) => mayUse(program.bodyText(ref), held))
          .flatMap((ref) => usesAfterPut(search, ref, held))
      : [];
  return memoByFile(codebase, path, `reservation-after-put\0${JSON.stringify(held)}`, find, plain());
}

/** Whether a body names the member and a reservation function. A search of the text is cheaper than parsing. */
const mayUse = (body: string, { member }: HeldMember): boolean =>
  body.includes(reservationPrefix) && body.includes(member);

/** The members that a function fills with the reservation object of a dma-buf. */
function membersFilledIn(search: OwnerSearch, ref: FunctionRef): readonly HeldMember[] {
  const found: HeldMember[] = [];
  visitExpressions(search.codebase.program.lower(ref).body, (expression) => {
    if (expression.kind !== 'assignment') return;
    const value = stripCasts(expression.value);
    const isReservation = value.kind === 'member' && value.arrow && value.member === reservationMember;
    if (!isReservation || tagOf(search, ref, value.object) !== 'dma_buf') return;
    const held = heldMember(search, ref, expression.target);
    if (held) found.push(held);
  });
  return found;
}

function usesAfterPut(search: OwnerSearch, ref: FunctionRef, held: HeldMember): readonly OutlivedReservation[] {
  const { codebase } = search;
  const unit = codebase.program.lower(ref);
  const calls = callsIn(unit.body);
  if (calls.some(({ name }) => roleOf(name ?? '') === 'ref')) return [];
  const uses = usesOf(search, ref, held);
  if (uses.length === 0) return [];
  const graph = graphOf(unit);
  return calls.flatMap((put): readonly OutlivedReservation[] => {
    const object = objectPutBy(codebase, ref, put);
    if (object === undefined || put.name === null) return [];
    const from = nodeOfCall(graph, put.call);
    const later = uses.find(
      (use) =>
        use.object === object &&
        isReachable(graph, from, {
          isGoal: (_, index) => index !== from && index === nodeOfCall(graph, use.call),
          isBlocked: () => false,
          next: successors,
        }),
    );
    return later?.name
      ? [{ ref, at: put.call.at, put: put.name, end: later.name, endPath: ref.path, endAt: later.call.at }]
      : [];
  });
}

/** The calls of a function that get the member as their reservation object, with the object that has the member. */
function usesOf(search: OwnerSearch, ref: FunctionRef, held: HeldMember): readonly (CallInBody & { object: string })[] {
  return callsIn(search.codebase.program.lower(ref).body).flatMap((use) => {
    const [lock] = use.call.arguments.map(stripCasts);
    const isHeld = lock?.kind === 'member' && lock.member === held.member && isOf(search, ref, lock, held);
    return isHeld && isReservationFunction(use.name ?? '') ? [{ ...use, object: expressionText(lock.object) }] : [];
  });
}

function isOf(search: OwnerSearch, ref: FunctionRef, value: Expression, { tag }: HeldMember): boolean {
  return search.fields.memberOf(ref, value)?.tag === tag;
}

/** The object whose buffer a call puts, as written: it belongs to a parameter of the function, or a helper gets it. */
function objectPutBy(codebase: Codebase, ref: FunctionRef, { name, call }: CallInBody): string | undefined {
  const [first] = call.arguments;
  if (name === null || !first) return undefined;
  if (roleOf(name) === 'put') {
    const index = parameterOf(codebase, ref, first);
    return index === undefined ? undefined : ref.outline.parameters[index]?.name;
  }
  const target = codebase.definitions.findNear(name, ref.path);
  if (!target || target.path !== ref.path) return undefined;
  const below = callsIn(codebase.program.lower(target).body);
  if (!below.some((one) => roleOf(one.name ?? '') === 'detach')) return undefined;
  const put = below.find((one) => roleOf(one.name ?? '') === 'put' && one.around.length === 0);
  const [buffer] = put?.call.arguments ?? [];
  const index = buffer && parameterOf(codebase, target, buffer);
  const given = index === undefined ? undefined : call.arguments[index];
  return given && expressionText(stripCasts(given));
}

/** The index of the parameter whose members lead to a buffer, directly or through the one variable that holds it. */
function parameterOf({ program }: Codebase, ref: FunctionRef, buffer: Expression): number | undefined {
  const { values, locals } = assignmentsOf(program.lower(ref));
  const bare = stripCasts(buffer);
  const [held, ...others] = bare.kind === 'name' && locals.has(bare.name) ? (values.get(bare.name) ?? []) : [bare];
  const place = held && others.length === 0 ? lvalueText(stripCasts(held)) : null;
  const [root, ...members] = place?.split('.') ?? [];
  const index = members.length === 0 ? -1 : ref.outline.parameters.findIndex(({ name }) => name === root);
  return index < 0 ? undefined : index;
}
