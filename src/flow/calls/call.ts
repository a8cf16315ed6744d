import type { CallExpression, Expression } from '../../c/index.js';
import {
  apiFunction,
  asksWhatLasts,
  changesList,
  closesInstalled,
  dereferencesReleased,
  duplicatedArgument,
  exchangeMacro,
  fillsArgumentsOnly,
  fillsMemory,
  freeFunctions,
  isAllocator,
  isBorrower,
  isLookup,
  isSize,
  isZeroing,
  makesBit,
  mayFindInstead,
  mayRefuse,
  mayReplace,
  releasesHoldings,
  reserveDescriptor,
  returnsErrorPointer,
  soleErrors,
  takers,
} from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';
import { forgetCount } from '../constants/count-steps.js';
import { applyInstall } from '../descriptors/installed-by-call.js';
import { closeDescriptor, reserveNumber } from '../descriptors/make-descriptor.js';
import { countLocks } from '../descriptors/published.js';
import { useInHelper, useLater } from '../descriptors/used-later.js';
import { applyUserCopy } from '../descriptors/user-copy.js';
import { bitAt, intern, resolve } from '../evaluate/arithmetic.js';
import { assign } from '../evaluate/assign.js';
import { forgetLinks, noteRelinking } from '../evaluate/list-links.js';
import { newValueWith } from '../evaluate/new-value.js';
import { useValue } from '../evaluate/use-value.js';
import { evaluateAccess } from '../expansion/accesses.js';
import { usedAt } from '../expansion/macros.js';
import { moduleMacros } from '../expansion/module-macros.js';
import { isDropped } from '../graph/dropped-calls.js';
import { applyLocks } from '../locks/lock-calls.js';
import { checkConvention } from '../locks/lock-checks.js';
import { hideLocks, noteHiddenLock } from '../locks/lock-state.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { clearObject } from '../objects/clear-object.js';
import { convert, isView } from '../objects/conversions.js';
import { applyCopy, copyMembers } from '../objects/copy-object.js';
import { applyDevice } from '../objects/device-objects.js';
import { releasedExport } from '../objects/exporter-release.js';
import { applyGemObject } from '../objects/gem-objects.js';
import { applyManagedAction } from '../objects/managed-actions.js';
import { applyOwnReference } from '../objects/own-references.js';
import { applyQueuedWork } from '../objects/queued-work.js';
import { applyMapFunction } from '../objects/unfilled-maps.js';
import { hasMembers, reachable, wholeOf } from '../state/heap.js';
import { freeHolder } from '../state/ownership.js';
import { answerKeys, type State, signsOf, stateWith } from '../state/state.js';
import { bad, good, type Value, zero, zeroValue } from '../state/value.js';
import { leavesLocksAlone } from '../tree/locks/lock-bystanders.js';
import { applyApi } from './api-call.js';
import { applyAssertion } from './assertion.js';
import { applyBit } from './bit-calls.js';
import { type AnyCallSite, type CallSite, codePlace, type EvaluatedArguments, inFrameAround } from './call-site.js';
import { applyErrorHelper, applyErrorPrint } from './errors/error-helpers.js';
import { leavesOnError, nameOrigin, nameTestedOrigin, objectOrError } from './errors/helper-errors.js';
import { parameterEscapes } from './escape.js';
import { applyField } from './field-calls.js';
import { keep, lookUp } from './look-ups.js';
import { followPlain } from './plain-callees.js';
import { pointerTarget, receiverOfHoldings } from './receiver.js';
import { applyReferenceCount } from './reference-counts.js';
import { passToUnknown, unknownResult } from './unknown-call.js';

/** Evaluates a call: by its known effect, or by its body where that can be followed. */
export function evaluateCall(
  engine: Engine,
  call: CallExpression,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  const accessed = evaluateAccess(engine, call, state, frame);
  if (accessed) return accessed;
  const name = call.callee.kind === 'name' ? call.callee.name : null;
  return evaluateArguments(engine, call, state, frame).flatMap(({ values, state: before }) => {
    const after = noteRelinking(engine, name, before, frame);
    return name === null
      ? callThroughPointer({ engine, call, name, values, frame }, after)
      : callByName({ engine, call, name, values, frame }, after);
  });
}

function evaluateArguments(
  engine: Engine,
  call: CallExpression,
  state: State,
  frame: CallFrame,
): readonly EvaluatedArguments[] {
  // The operand of sizeof is not evaluated: `ARRAY_SIZE(frame->planes)` may stand where frame is nothing yet.
  if (call.callee.kind === 'name' && isSize(call.callee.name)) return [{ values: [], state }];
  let results: readonly EvaluatedArguments[] = [{ values: [], state }];
  for (const argument of call.arguments)
    results = engine.bounded(
      results.flatMap(({ values, state: before }) =>
        engine.evaluate(argument, before, frame).map((result) => {
          const { value, state: after } = withAssigned(engine, argument, result, frame);
          return { values: [...values, value], state: after };
        }),
      ),
    );
  if (call.callee.kind === 'name') return results;
  return results.flatMap(({ values, state: before }) =>
    engine.evaluate(call.callee, before, frame).map((result) => ({ values, state: result.state })),
  );
}

/**
 * A macro may assign its argument: after a call, a variable that had no value may have one. An array that was filled is no
 * such variable.
 */
function withAssigned(engine: Engine, argument: Expression, result: Evaluated, frame: CallFrame): Evaluated {
  if (argument.kind !== 'name' || !engine.unassigned.has(result.value)) return result;
  if (hasMembers(result.state, result.value)) return result;
  const value = engine.newValue();
  const variables = result.state.variables.with(`${frame.id}:${argument.name}`, value);
  return { value, state: stateWith(result.state, { variables }) };
}

/** A call through a pointer: followed where the slot is known; else the callee may keep what it is given. */
function callThroughPointer(site: AnyCallSite, state: State): readonly Evaluated[] {
  const { engine, call, values, frame } = site;
  const slot = call.callee.kind === 'member' ? engine.locks?.slots.get(call.callee.member) : undefined;
  const target = slot ?? pointerTarget(site, state);
  const results = target && engine.call(target, values, state, { frame, at: call.at });
  if (results) return results;
  const passed = passToUnknown(site, values, state);
  if (!engine.locks) return [passed];
  const member = call.callee.kind === 'member' ? call.callee.member : null;
  if (member !== null && engine.locks.isLockingSlot(member, frame.ref.path))
    return [{ ...passed, state: hideLocks(passed.state) }];
  return [noteHiddenLock(member, values, passed)];
}

function callByName(site: CallSite, state: State): readonly Evaluated[] {
  const { engine, name, values } = site;
  const [first] = values;
  const uncounted = forgetCount(site, state);
  const before = first !== undefined && fillsMemory(name) ? filled(uncounted, first) : uncounted;
  const counted = engine.locks ? before : countLocks(name, before);
  if (!engine.locks) {
    useArguments(site, counted);
    useLater(site, counted);
  }
  return applyKnown(site, counted) ?? followCallee(site, counted);
}

/** Memory that was filled is not all zero any more. */
function filled(state: State, object: Value): State {
  const key = answerKeys.zeroed(object);
  return state.answers.has(key) ? stateWith(state, { answers: state.answers.with(key, false) }) : state;
}

/** A callee uses the object whose member it gets the address of, as in `list_add(&view->node, …)`, or which it releases. */
function useArguments({ engine, name, call, values, frame }: CallSite, state: State): void {
  const [first] = values;
  if (first !== undefined && dereferencesReleased(name))
    useValue(engine, first, state, frame, { at: call.at, use: `${name}()` });
  for (const value of values) {
    const whole = wholeOf(state, value);
    if (whole !== undefined && state.answers.has(answerKeys.published(whole)))
      useValue(engine, whole, state, frame, { at: call.at, use: `${name}()` });
  }
}

/** Applies the effect of a function that is known by its name; undefined for one that is not. */
function applyKnown(site: CallSite, before: State): readonly Evaluated[] | undefined {
  const { engine, name, call, values, frame } = site;
  const state = engine.locks ? checkConvention(site, engine.locks, before) : before;
  const locked = engine.locks && applyLocks(site, engine.locks, state);
  if (locked) return locked;
  const counted = applyReferenceCount(site, state);
  if (counted) return counted;
  const gem = engine.locks ? undefined : (applyGemObject(site, state) ?? applyDevice(site, state));
  if (gem) return gem;
  const own = engine.locks ? undefined : applyOwnReference(site, state);
  if (own) return [own];
  const queued = engine.locks ? undefined : applyQueuedWork(site, state);
  if (queued) return [queued];
  const managed = engine.locks ? undefined : applyManagedAction(site, state);
  if (managed) return managed;
  const api = apiFunction(name, values.length);
  if (api) return applyApi(site, api, state);
  if (name === reserveDescriptor && !engine.locks) return reserveNumber(site, state);
  const [closed] = values;
  if (closesInstalled(name) && closed !== undefined && !engine.locks)
    return [{ value: zeroValue, state: closeDescriptor(site, closed, state) }];
  const copied = engine.locks ? undefined : (applyUserCopy(site, state) ?? applyInstall(site, state));
  if (copied) return copied;
  const [first] = values;
  const [argument] = call.arguments;
  if (name === exchangeMacro) return exchange(site, state);
  if (takers.has(name) && argument && first !== undefined)
    return assign(engine, argument, { value: zeroValue, state }, frame).map((result) => ({ ...result, value: first }));
  const changed =
    clearObject(site, state) ?? applyCopy(site, state) ?? applyBit(site, state) ?? applyField(site, state);
  if (changed) return changed;
  const error = first === undefined ? undefined : applyErrorHelper(engine, name, first, state);
  if (error) return error;
  const printed = applyErrorPrint(site, state);
  if (printed) return [printed];
  const map = engine.locks ? undefined : applyMapFunction(site, state);
  if (map) return [map];
  const asserted = applyAssertion(site, state);
  if (asserted) return asserted;
  if (first !== undefined && makesBit(name)) return [bitAt(engine, state, first)];
  if (first !== undefined && isView(site)) return [convert(site, first, state)];
  if (isSize(name)) return [sizeOf(site, state)];
  if (freeFunctions.has(name)) return [free(site, state)];
  if (isAllocator(name)) return allocate(site, state);
  return leavesOnError(site, state) ? [] : undefined;
}

/** `swap(a, b)`: each gets the value of the other. */
function exchange({ engine, call, values, frame }: CallSite, state: State): readonly Evaluated[] {
  const [left, right] = call.arguments;
  const [first, second] = values;
  if (!left || !right || first === undefined || second === undefined) return [{ value: engine.newValue(), state }];
  return assign(engine, left, { value: second, state }, frame).flatMap((result) =>
    assign(engine, right, { value: first, state: result.state }, frame),
  );
}

/** Follows the body of a function or macro where it matters; else the callee may keep what it is given. */
function followCallee(site: CallSite, state: State): readonly Evaluated[] {
  const { engine, name, call, values, frame } = site;
  const target = engine.find(name, frame.ref.path) ?? receiverOfHoldings(site, state);
  // A callee without any result never returns.
  const isWatching = state.answers.has(answerKeys.watched);
  if (target && (engine.relevance.matters(target) || (isWatching && engine.relevance.touchesWatched(target)))) {
    const followed = engine.call(target, values, state, { frame, at: call.at });
    if (followed && returnsErrorPointer(name)) nameOrigin(site, followed);
    else if (followed) nameTestedOrigin(site, target, followed);
    return followed ?? [passToUnknown(site, values, state, { target, takesOver: true })];
  }
  if (target && !engine.locks) useInHelper(site, target, state);
  const plain = followPlain(site, target, state);
  if (plain) return plain;
  // Whether such a macro needs the lock depends on the kernel version or the build options: it is not followed for locks.
  const isUnclear = engine.locks !== null && engine.expansions.ambiguous.has(name);
  const macro = target || isUnclear ? undefined : engine.expansions.macros.get(name);
  if (macro && !frame.stack.includes(name)) return engine.expand(usedAt(macro, call.at), values, state, frame);
  if (asksWhatLasts(name) && values.length > 0) return [ask(site, state)];
  if (!target && moduleMacros(engine.codebase, frame.ref.path).logging.has(name))
    return [unknownResult(engine, state, false)];
  if (engine.locks) {
    const passed = passToUnknown(site, values, state);
    return [target && leavesLocksAlone(engine.codebase, target) ? passed : noteHiddenLock(name, values, passed)];
  }
  if (isBorrower(name)) return [unknownResult(engine, state, false)];
  if (isLookup(name)) return [find(site, state)];
  const found = target && lookUp(site, target, state);
  if (found) return [found];
  const isReleaser = releasesHoldings(name);
  const known = target ?? calleeBeside(site, state, isReleaser);
  const unseen = fillsArgumentsOnly(name) ? [] : values;
  const escaping = known ? values.filter((_, index) => parameterEscapes(engine.codebase, known, index)) : unseen;
  // A callee that is found does not reach the API, or it would have been followed: it releases nothing.
  const passed = passToUnknown(site, escaping, state, {
    target: known,
    takesOver: !target && isReleaser,
    // What a callee beside the importer gives to others may be released by them.
    isLent: !isReleaser && known === target,
  });
  const isAsked = mayReplace(name) && !isDropped(frame.unit, call);
  if (!target && (mayRefuse(name) || isAsked)) {
    const refused = newValueWith(engine, state, bad);
    const code = soleErrors.get(name);
    if (code !== undefined) engine.soleErrors.set(refused.value, code);
    return [newValueWith(engine, passed.state, good | zero), refused];
  }
  if (returnsErrorPointer(name)) return objectOrError(site, passed, state);
  if (!target && mayFindInstead(name)) return [{ value: zeroValue, state: passed.state }, unknownOther(engine, state)];
  return [changesList(name) ? { ...passed, state: forgetLinks(engine, passed.state) } : passed];
}

/**
 * The callee in a file of the module that names no dma-buf, if its arguments lead to a resource that must be released. If it
 * passes the resource to nobody, the caller still has to release it.
 * @param isReleaser whether its name says that it releases; else only a mapping in an object counts
 */
function calleeBeside(
  { engine, name, values, frame }: CallSite,
  state: State,
  isReleaser: boolean,
): FunctionRef | undefined {
  const reached = reachable(state, values);
  const isAtHand = state.resources.some(
    ({ kind, status, handle }) =>
      reached.has(handle) && (isReleaser ? status !== 'released' : kind === 'mapping' && status === 'given'),
  );
  return isAtHand ? engine.codebase.definitions.findInModule(name, frame.ref.path) : undefined;
}

/** What stands in a collection in place of the object that was to be put there, or an error. */
function unknownOther(engine: Engine, state: State): Evaluated {
  const { value, state: after } = unknownResult(engine, state, false);
  return { value, state: stateWith(after, { signs: after.signs.with(value, good | bad) }) };
}

/** `xa_load()` and its like: what is found for a buffer may hold the buffer. */
function find({ engine, values }: CallSite, state: State): Evaluated {
  const { value, state: after } = unknownResult(engine, state, false);
  return { value, state: values.reduce((before, argument) => keep(before, argument, value), after) };
}

/** `drm_gem_is_imported()` and its like: the same answer for the same object each time, and nothing is kept. */
function ask({ engine, name, values }: CallSite, state: State): Evaluated {
  const key = answerKeys.question(name, values);
  const known = state.answers.get(key);
  if (typeof known === 'number') return { value: known, state };
  const answer = engine.newValue();
  return { value: answer, state: stateWith(state, { answers: state.answers.with(key, answer) }) };
}

/** `ARRAY_SIZE(table)` is greater than 0, and the same each time. */
function sizeOf({ engine, call }: CallSite, state: State): Evaluated {
  const [table] = call.arguments;
  const value = intern(
    engine,
    `size of ${table?.kind === 'member' ? table.member : table?.kind === 'name' ? table.name : call.at}`,
  );
  return { value: resolve(state, value), state: stateWith(state, { signs: state.signs.with(value, good) }) };
}

/** kfree() and its like free their last argument. */
function free(site: CallSite, state: State): Evaluated {
  const { engine, name, call, values, frame } = site;
  const value = values.at(-1);
  if (value === undefined || signsOf(state, value) === zero) return { value: engine.newValue(), state };
  useValue(engine, value, state, frame, { at: call.at, use: `${name}()` });
  const { answers, freed } = state;
  const here = { frame, at: call.at };
  const first = engine.frees.get(value);
  const told = first ? inFrameAround(first, here) : here;
  const event = { at: told.at, resource: null, use: `${name}()`, origin: null } as const;
  if (answers.has(answerKeys.freedByRelease(value)))
    engine.report({ ...event, kind: 'double-free', resource: releasedExport(state) }, told.frame, state);
  else if (answers.has(answerKeys.freedByPut(value)))
    engine.report({ ...event, kind: 'freed-by-put', at: call.at }, frame, state);
  else if (freed.has(value) && first)
    engine.report({ ...event, kind: 'freed-again', earlier: codePlace(first) }, told.frame, state);
  else engine.frees.set(value, here);
  return { value: engine.newValue(), state: freeHolder(state, value) };
}

/**
 * kmalloc() and its like: two results, an object and NULL, so that no later test has to tell them apart. The copy that
 * `kmemdup(x, …)` returns holds the same resources as x.
 */
function allocate({ engine, name, values }: CallSite, state: State): readonly Evaluated[] {
  const made = newValueWith(engine, state, good);
  const failed = { value: zeroValue, state };
  const original = values[duplicatedArgument(name) ?? -1];
  if (original !== undefined)
    return [{ ...made, state: copyMembers(engine, original, made.value, made.state) }, failed];
  if (!isZeroing(name)) return [made, failed];
  const answers = made.state.answers.with(answerKeys.zeroed(made.value), true);
  return [{ ...made, state: stateWith(made.state, { answers }) }, failed];
}
