// Where does code ask "is it mapped, pinned, attached?" before it takes the lock under which it then maps?

import { type CallExpression, type Expression, lvalueText } from '../../c/index.js';
import { expressionsIn, graphOf, nodeOfCall } from '../../flow/index.js';
import { dmaBufCore, entrySetterOf, isNamedForHeldLock, runsAlone, setterOf, slotTable } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, memoByFunction, plain } from '../../program/index.js';
import { isCallResult } from '../calls/origins.js';
import { returnedValues } from '../calls/returned-values.js';
import type { FunctionPlace, OutsideTest } from '../model/lifetimes.js';
import { isFresh } from '../owners/frees.js';
import { declaredTypes } from '../tables/declared-types.js';
import { type AskedOutside, askedOutside, has } from './asked-paths.js';
import { indexOfEntry, indexText, isEntryWith, mayChange } from './entries.js';
import { asksByHelper, mayLookByHelper } from './predicates.js';
import { isOnlyWork } from './work-functions.js';

/** A call that takes an attachment, a mapping or a pin. */
interface Take {
  /** The function of the API. */
  readonly api: string;
  readonly ref: FunctionRef;
  readonly call: CallExpression;
}

/** Finds the questions about members that are asked without a lock, and whose answer is used under it. */
export function findOutsideTests(codebase: Codebase, takes: readonly Take[]): readonly OutsideTest[] {
  const own = takes.filter(({ ref }) => ref.path !== dmaBufCore);
  return [...own, ...own.flatMap((take) => takesByResult(codebase, take))].flatMap((take) => {
    const question = `outside-test\0${take.api}\0${take.call.at}`;
    const tests = memoByFunction(codebase, take.ref, question, () => testsOf(codebase, take), plain());
    return tests.filter((test) => !isOnlyInOneWork(codebase, take, test, own));
  });
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

/** The types with which a function declares the variable that leads to a member. */
function rootTypes({ program }: Codebase, ref: FunctionRef, member: string): readonly string[] {
  return declaredTypes(program.lower(ref), member.replace(/[.[].*/s, '')).map((type) => type.replace(/[\s*]+$/, ''));
}

function areOfOtherTypes(some: readonly string[], others: readonly string[]): boolean {
  return some.length > 0 && others.length > 0 && !some.some((type) => others.includes(type));
}

const lastName = (member: string): string => member.slice(member.lastIndexOf('.') + 1);

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

/** A store into a member that says that a resource is there. */
interface Store {
  /** As {@link lvalueText} writes it. */
  readonly member: string;
  /** The index of an entry; undefined where the member is no collection. */
  readonly index: string | undefined;
  readonly node: number;
}

/** The members that get the result of a call, or a flag after it. */
function storesAfter(codebase: Codebase, { ref, call }: Take): readonly Store[] {
  const unit = codebase.program.lower(ref);
  return graphOf(unit).nodes.flatMap((node, index) => {
    const found: Store[] = [];
    for (const expression of expressionsIn(node))
      has(expression, (inner) => {
        const member = storedMember(inner);
        if (member === null) return false;
        const value = storedValue(inner);
        const isMeant =
          value && (isCallResult(unit, value, call.at) || isEntryWith(unit, node, inner, call))
            ? true
            : inner.at > call.at && (inner.kind === 'update' || (value !== null && isSet(value)));
        if (isMeant) found.push({ member, index: indexOfEntry(inner), node: index });
        return false;
      });
    return found;
  });
}

/** The member that an expression stores into, or counts up; null for any other expression. */
function storedMember(expression: Expression): string | null {
  const target = expression.kind === 'assignment' ? expression.target : macroStore(expression)?.target;
  if (target?.kind === 'member') return lvalueText(target);
  const isCount = expression.kind === 'update' && expression.operator === '++' && expression.operand.kind === 'member';
  return isCount ? lvalueText(expression.operand) : null;
}

/** The target and the value of a store; null if the expression stores nothing. */
function storedValue(expression: Expression): Expression | null {
  return expression.kind === 'assignment' ? expression.value : (macroStore(expression)?.value ?? null);
}

/** The parts of `WRITE_ONCE(bo->sgt, sgt)` and of `smp_store_release(&bo->sgt, sgt)`. */
function macroStore(expression: Expression): { readonly target: Expression; readonly value: Expression } | undefined {
  const setter =
    expression.kind === 'call' && expression.callee.kind === 'name'
      ? (setterOf(expression.callee.name) ?? entrySetterOf(expression.callee.name))
      : undefined;
  if (expression.kind !== 'call' || !setter || setter.value === null) return undefined;
  const place = expression.arguments[setter.target];
  const value = expression.arguments[setter.value];
  const target = place?.kind === 'unary' && place.operator === '&' ? place.operand : place;
  return target && value ? { target, value } : undefined;
}

function isSet(value: Expression): boolean {
  return (value.kind === 'name' && value.name === 'true') || (value.kind === 'literal' && value.text === '1');
}

function testFor(codebase: Codebase, take: Take, store: Store): OutsideTest | undefined {
  const { member, node: goal } = store;
  const { ref, call, api } = take;
  const unit = codebase.program.lower(ref);
  const decided = nodeOfCall(graphOf(unit), call);
  const root: Expression = { kind: 'name', name: member.replace(/[.[].*/s, ''), at: call.at };
  if (store.index !== undefined && mayChange(unit, store.index)) return undefined;
  if (decided < 0 || isFresh(codebase, ref, root) || isEnteredAlone(codebase, ref)) return undefined;
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
    for (const { caller, call: above } of codebase.references.callersOf(ref)) {
      const asked = askedByCaller(codebase, { ref: caller, call: above }, { callee: ref, store, isLocked: !isLocked });
      const lock = isLocked ? { ref, at: below.lock } : { ref: caller, at: asked?.lock ?? null };
      if (asked && lock.at !== null) return found({ ref: caller, at: asked.test }, { ref: lock.ref, at: lock.at });
    }
  }
  return undefined;
}

/** Whether a caller asks, without a lock, before it calls the function that stores; the one or the other takes the lock. */
function askedByCaller(
  codebase: Codebase,
  { ref, call }: Pick<Take, 'ref' | 'call'>,
  { callee, store, isLocked }: { readonly callee: FunctionRef; readonly store: Store; readonly isLocked: boolean },
): AskedOutside | undefined {
  const passed = (name: string): Expression | undefined =>
    call.arguments[callee.outline.parameters.findIndex((parameter) => parameter.name === name)];
  const [root = '', ...path] = store.member.split('.');
  const argument = passed(root);
  const [of = '', ...further] = store.index?.split('.') ?? [];
  const key = passed(of);
  if (store.index !== undefined && !key) return undefined;
  const text = argument ? lvalueText(argument) : null;
  if (!argument || text === null || isFresh(codebase, ref, argument)) return undefined;
  if (isEnteredAlone(codebase, ref) || isEnteredLocked(codebase, ref, 1)) return undefined;
  const unit = codebase.program.lower(ref);
  const goal = nodeOfCall(graphOf(unit), call);
  const asked = [text, ...path].join('.');
  const isAsked = (one: CallExpression): boolean => asksByHelper(codebase, one, asked, ref.path);
  const index = key && [indexText(key), ...further].join('.');
  const way = { unit, member: asked, index, isAsked, decided: goal, goal, isLocked, wasAsked: false };
  return goal < 0 ? undefined : askedOutside({ ...way, assertion: 'asked-under-lock' });
}

/** Whether all that is known to enter a function holds a lock, or the function says so. */
function isEnteredLocked(codebase: Codebase, ref: FunctionRef, height: number): boolean {
  if (isNamedForHeldLock(ref.outline.name)) return true;
  const callers = codebase.references.callersOf(ref);
  if (height === 0 || callers.length === 0) return false;
  return callers.every(({ caller, call }) => {
    const unit = codebase.program.lower(caller);
    const goal = nodeOfCall(graphOf(unit), call);
    const isOpen =
      goal >= 0 &&
      askedOutside({ unit, member: '', decided: goal, goal, isLocked: false, wasAsked: true, assertion: 'has-lock' });
    return !isOpen || functionKey(caller) === functionKey(ref) || isEnteredLocked(codebase, caller, height - 1);
  });
}

/** Whether the code around a slot lets one caller in at a time, or holds the lock. */
function isEnteredAlone(codebase: Codebase, ref: FunctionRef): boolean {
  const slots = codebase.references.slotsOf(ref);
  return (
    slots.length > 0 &&
    slots.every(({ variable, slot }) => runsAlone(variable.type) || slotTable(variable.type)?.slots[slot] === 'locked')
  );
}
