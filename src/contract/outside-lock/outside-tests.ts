// Where does code ask "is it mapped, pinned, attached?" before it takes the lock under which it then maps?

import type { CallExpression, Expression } from '../../c/index.js';
import { expressionsIn, graphOf, isReachable, nodeOfCall, successors } from '../../flow/index.js';
import { dmaBufCore, roleOf } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, memoByFunction, plain } from '../../program/index.js';
import { isCallResult } from '../calls/origins.js';
import { returnedValues } from '../calls/returned-values.js';
import type { FunctionPlace, OutsideTest } from '../model/lifetimes.js';
import { getsNewObject, isFresh } from '../owners/frees.js';
import { unique } from '../unique.js';
import { askedAbove } from './asked-above.js';
import { askedOutside } from './asked-paths.js';
import { isEnteredAlone, isEnteredLocked } from './entered.js';
import { mayChange } from './entries.js';
import { areOfOtherTypes, lastName, rootTypes } from './member-types.js';
import { has } from './nodes.js';
import { asksByHelper, mayLookByHelper } from './predicates.js';
import { type Store, storesAfter, type Take } from './stores.js';
import { isOnlyWork } from './work-functions.js';

/** Finds the questions about members that are asked without a lock, and whose answer is used under it. */
export function findOutsideTests(codebase: Codebase, takes: readonly Take[]): readonly OutsideTest[] {
  const own = takes.filter(({ ref }) => ref.path !== dmaBufCore);
  const byHelpers = own.flatMap((take) => [...takesByResult(codebase, take), ...takesByStatus(codebase, take)]);
  const found = [...own, ...byHelpers].flatMap((take) => {
    const question = `outside-test\0${take.api}\0${take.call.at}\0${take.isStatus}`;
    const tests = memoByFunction(codebase, take.ref, question, () => testsOf(codebase, take), plain());
    return tests.filter((test) => !isOnlyInOneWork(codebase, take, test, own));
  });
  // A helper that both pins and maps is called once.
  return unique(found, ({ ref, at }) => `${functionKey(ref)}\0${at}`);
}

/** Whether only the function of a work item asks and stores: a work item runs once at a time. */
function isOnlyInOneWork(codebase: Codebase, { ref }: Take, { member, test }: OutsideTest, takes: readonly Take[]) {
  const asker = functionKey(test.ref);
  const isAlone =
    asker === functionKey(ref) ||
    codebase.references.callersOf(ref).every(({ caller }) => functionKey(caller) === asker);
  if (!isAlone || !isOnlyWork(codebase, test.ref)) return false;
  const isSame = (other: Take, store: Store): boolean =>
    lastName(store.member) === lastName(member) &&
    !areOfOtherTypes(rootTypes(codebase, ref, member), rootTypes(codebase, other.ref, store.member));
  return takes.every(
    (other) =>
      functionKey(other.ref) === functionKey(ref) ||
      !storesAfter(codebase, other).some((store) => isSame(other, store)),
  );
}

/** The first question about a member that a call's result goes to. */
function testsOf(codebase: Codebase, take: Take): readonly OutsideTest[] {
  for (const store of storesAfter(codebase, take)) {
    const found = testFor(codebase, take, store);
    if (found) return [found];
  }
  return [];
}

/** The calls of a helper that returns what it takes. */
function takesByResult(codebase: Codebase, { api, ref, call }: Take): readonly Take[] {
  const unit = codebase.program.lower(ref);
  if (!returnedValues(unit).some((value) => isCallResult(unit, value, call.at))) return [];
  return codebase.references.callersOf(ref).map((above) => ({ api, ref: above.caller, call: above.call }));
}

/** The calls of a helper that takes something, keeps it, and returns whether it could. */
function takesByStatus(codebase: Codebase, { api, ref, call }: Take): readonly Take[] {
  if (!isKeptThere(codebase, ref, call)) return [];
  return codebase.references
    .callersOf(ref)
    .map((above) => ({ api, ref: above.caller, call: above.call, isStatus: true }));
}

/** Whether a way leads from a call to a `return 0` without one that gives back what the call took. */
function isKeptThere({ program }: Codebase, ref: FunctionRef, call: CallExpression): boolean {
  const graph = graphOf(program.lower(ref));
  const undoing = ['unmap', 'unpin', 'vunmap', 'detach'];
  const isUndo = (one: Expression): boolean =>
    one.kind === 'call' && one.callee.kind === 'name' && undoing.includes(roleOf(one.callee.name) ?? '');
  return isReachable(graph, nodeOfCall(graph, call), {
    isGoal: (node) => node.kind === 'return' && node.value?.kind === 'literal' && node.value.text === '0',
    isBlocked: (index) => {
      const node = graph.nodes[index];
      return node !== undefined && expressionsIn(node).some((one) => has(one, isUndo));
    },
    next: successors,
  });
}

/** The question that decides about a call, asked without the lock under which the call is made and its member stored. */
export function testFor(codebase: Codebase, take: Take, store: Store): OutsideTest | undefined {
  const { member, node: goal } = store;
  const { ref, call, api } = take;
  const unit = codebase.program.lower(ref);
  const decided = nodeOfCall(graphOf(unit), call);
  const variable = member.replace(/[.[].*/s, '');
  const root: Expression = { kind: 'name', name: variable, at: call.at };
  if (store.index !== undefined && mayChange(unit, store.index)) return undefined;
  if (decided < 0 || isFresh(codebase, ref, root) || isEnteredAlone(codebase, ref)) return undefined;
  if (getsNewObject(codebase, ref, variable)) return undefined;
  const found = (test: FunctionPlace, lock: FunctionPlace): OutsideTest => ({
    ref,
    at: call.at,
    api,
    member,
    test,
    lock,
  });
  const isAsked = (one: CallExpression): boolean => asksByHelper(codebase, one, member, ref.path);
  const mayLook = (one: CallExpression): boolean => mayLookByHelper(codebase, one, member, ref.path);
  const way = { unit, member, index: store.index, isAsked, mayLook, decided, goal };
  const own = askedOutside({ ...way, isLocked: true, wasAsked: false, assertion: 'asked-under-lock' });
  if (own?.lock) {
    if (isEnteredLocked(codebase, ref, 2)) return undefined;
    return found({ ref, at: own.test }, { ref, at: own.lock });
  }
  for (const isLocked of [true, false]) {
    const below = askedOutside({ ...way, isLocked, wasAsked: true, assertion: 'caller-has-lock' });
    if (!below) continue;
    const lock = isLocked && below.lock !== null ? { ref, at: below.lock } : null;
    const above = askedAbove(codebase, { callee: ref, store, lock });
    if (above) return found(above.test, above.lock);
  }
  return undefined;
}
