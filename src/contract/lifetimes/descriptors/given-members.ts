// Which members give their reference to a descriptor, though another function puts them as well?

import { type CallExpression, callsIn, type Expression, subexpressions, visitExpressions } from '../../../c/index.js';
import { type FunctionFlow, saysItTakesReference } from '../../../flow/index.js';
import { isNullWord, referenceFunctions, roleOf } from '../../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, filesSaying, functionKey } from '../../../program/index.js';
import type { Misuse } from '../../model/lifetimes.js';
import { filesSeeing } from '../../owners/forgotten.js';
import {
  type HeldMember,
  hasUnion,
  heldMember,
  isMember,
  type OwnerSearch,
  withoutCasts,
} from '../../owners/members.js';
import { stepAt } from '../../places.js';
import { functionsMatching } from '../../tables/functions-matching.js';
import {
  describedBuffer,
  isCalledWithGiver,
  isOnlyUndoing,
  keepsGiven,
  mayBeImport,
  putBuffer,
  putsAlways,
  withoutIndex,
} from './gift-calls.js';

/** A descriptor that takes over the reference which a member has. */
interface Gift {
  readonly flow: FunctionFlow;
  readonly call: CallExpression;
  readonly held: HeldMember;
}

/**
 * Finds the puts of a member whose reference a descriptor has taken over. Nothing is reported if some code of the
 * module takes a further reference, clears the member, fills it with an import, or puts it only if another member says
 * so.
 */
export function findGivenMembers(search: OwnerSearch, flows: readonly FunctionFlow[]): readonly Misuse[] {
  return flows.flatMap((flow) => giftsOf(search, flow).flatMap((gift) => putsBesides(search, gift, flows)));
}

/**
 * The descriptors that a function makes from a member without a reference of its own, if it leaves the member
 * unchanged, or exports a buffer into the empty member; and those that get its own and only reference of a member that
 * it leaves to others.
 */
function giftsOf(search: OwnerSearch, flow: FunctionFlow): readonly Gift[] {
  const { ref, exits } = flow;
  const { codebase } = search;
  const made = exits.flatMap(({ state }) =>
    state.resources.flatMap(({ kind, path, function: maker, of, at }) => {
      if (kind !== 'fd' || path !== ref.path || maker !== ref.outline.name) return [];
      return {
        at,
        isOwn: state.resources.some((one) => one.kind === 'reference' && one.handle === of && one.count > 0),
      };
    }),
  );
  // The callers take the reference that the descriptor gets.
  if (made.length === 0 || saysItTakesReference(codebase, ref)) return [];
  const unit = codebase.program.lower(ref);
  return callsIn(unit.body).flatMap(({ name, call }): readonly Gift[] => {
    const buffer = describedBuffer(name, call);
    const here = made.filter(({ at }) => at === call.at);
    const held = buffer && here.length > 0 ? memberBehind(search, ref, buffer) : undefined;
    if (!held) return [];
    const isOwn = here.every((one) => one.isOwn);
    const isFound = isOwn
      ? !fills(search, ref, held, isNullWord) && keepsGiven(flow, call.at, held)
      : !fills(search, ref, held, () => true) || isFilledWhereEmpty(search, flow, held);
    return isFound ? [{ flow, call, held }] : [];
  });
}

/** Whether a function exports the buffer of a member on one path, and finds the buffer there on another path. */
function isFilledWhereEmpty(search: OwnerSearch, { ref, exits }: FunctionFlow, held: HeldMember): boolean {
  const isExported = exits.some(({ state }) =>
    state.resources.some(({ kind, handle, api }) => {
      const isOwn = kind === 'reference' && roleOf(api) === 'export';
      return isOwn && state.resources.some((one) => one.kind === 'fd' && one.of === handle);
    }),
  );
  return isExported && !fills(search, ref, held, isNullWord);
}

/** The member that an expression names, or the only member that is assigned to the variable that it names. */
function memberBehind(search: OwnerSearch, ref: FunctionRef, value: Expression): HeldMember | undefined {
  const bare = withoutCasts(value);
  if (bare.kind !== 'name') return heldMember(search, ref, bare);
  const [only, ...others] = assignmentsOf(search.codebase.program.lower(ref)).values.get(bare.name) ?? [];
  return only && others.length === 0 && only.kind === 'member' ? heldMember(search, ref, only) : undefined;
}

/** Whether a function stores a value of some kind in a member, or in an element of it. */
function fills(
  search: OwnerSearch,
  ref: FunctionRef,
  held: HeldMember,
  counts: (value: Expression) => boolean,
): boolean {
  let found = false;
  visitExpressions(search.codebase.program.lower(ref).body, (expression) => {
    if (expression.kind !== 'assignment' || !isMember(search, ref, withoutIndex(expression.target), held)) return;
    if (counts(withoutCasts(expression.value))) found = true;
  });
  return found;
}

function putsBesides(search: OwnerSearch, gift: Gift, flows: readonly FunctionFlow[]): readonly Misuse[] {
  const { codebase } = search;
  const { flow, held } = gift;
  const struct = codebase.definitions.struct(held.tag, flow.ref.path);
  if (!struct || hasUnion(codebase, struct.path, held.tag)) return [];
  const files = filesSaying(codebase, filesSeeing(codebase, struct.path, flow.ref.path), held.member);
  if (referenceFunctions('ref').some((name) => filesSaying(codebase, files, name).length > 0)) return [];
  const mention = new RegExp(`(?:->|\\.)\\s*${held.member}\\b`, 'g');
  const users = files.flatMap((path) => functionsMatching(codebase, path, mention));
  const others = users.filter((ref) => functionKey(ref) !== functionKey(flow.ref));
  const putters = others.flatMap((ref) => {
    const put = putOf(search, ref, held);
    return put ? [{ ref, put }] : [];
  });
  if (users.some((ref) => fills(search, ref, held, (value) => mayBeImport(codebase, ref, value)))) return [];
  const putting = new Set(putters.map(({ ref }) => functionKey(ref)));
  // If a release callback clears the member, the code knows that the descriptor is gone, and there is nothing to put.
  if (others.some((ref) => !putting.has(functionKey(ref)) && fills(search, ref, held, isNullWord))) return [];
  return putters
    .filter(
      ({ ref, put }) =>
        !fills(search, ref, held, (value) => !isNullWord(value)) &&
        !isOnlyUndoing(codebase, ref, users) &&
        !isCalledWithGiver(codebase, ref, flow.ref) &&
        isPutAnyway(search, { ref, put }, gift, flows),
    )
    .map(({ ref, put }) => overPut(codebase, gift, ref, put));
}

/** The put that a function makes of a member. */
function putOf(search: OwnerSearch, ref: FunctionRef, held: HeldMember): CallExpression | undefined {
  return callsIn(search.codebase.program.lower(ref).body).find(({ name, call }) => {
    const buffer = putBuffer(name, call);
    const member = buffer && memberBehind(search, ref, buffer);
    return member?.tag === held.tag && member.member === held.member;
  })?.call;
}

/**
 * Whether some path puts the member and tests no other member of the structure first, which may say who has the
 * reference. A reference that the path itself took was not given away, nor was one for which the path has called the giver
 * and got no descriptor.
 */
function isPutAnyway(
  search: OwnerSearch,
  { ref, put }: { readonly ref: FunctionRef; readonly put: CallExpression },
  { held, flow: giver, call: gift }: Gift,
  flows: readonly FunctionFlow[],
): boolean {
  const givesItself = callsIn(search.codebase.program.lower(ref).body).some(
    ({ name }) => name === giver.ref.outline.name,
  );
  const asks = (test: Expression): boolean => {
    const member = heldMember(search, ref, test);
    return (member?.tag === held.tag && member.member !== held.member) || subexpressions(test).some(asks);
  };
  const own = flows.filter((flow) => functionKey(flow.ref) === functionKey(ref));
  // A function that only puts the file is not followed.
  if (own.length === 0) return !givesItself && putsAlways(search.codebase, ref, put);
  return own
    .flatMap(({ exits }) => exits)
    .some(
      ({ state }) =>
        state.resources.some(
          ({ kind, status, end, count }) =>
            kind === 'reference' && status === 'released' && end?.at === put.at && count === 0,
        ) &&
        (!givesItself || state.resources.some(({ kind, at }) => kind === 'fd' && at === gift.at)) &&
        !state.decisions.some((decision) => decision.kind === 'test' && asks(decision.test)),
    );
}

function overPut(codebase: Codebase, { flow, call, held }: Gift, ref: FunctionRef, put: CallExpression): Misuse {
  const name = put.callee.kind === 'name' ? put.callee.name : '';
  const giver = flow.ref.outline.name;
  return {
    kind: 'over-put',
    resource: 'reference',
    path: ref.path,
    at: put.at,
    function: ref.outline.name,
    api: `${name}()`,
    certainty: 'medium',
    trace: [
      stepAt(codebase, flow.ref.path, call.at, `${giver}() gives the reference of '${held.member}' to the descriptor`),
    ],
  };
}
