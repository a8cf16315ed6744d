// Atomic numbers and reference counts: what they are on a path, and what the calls return that change them.

import {
  atomicWords,
  type CountStep,
  changesCount,
  countSteps,
  isKrefPut,
  kref,
  makesCount,
} from '../../kernel/index.js';
import type { CallSite } from '../calls/call-site.js';
import { literalValue, numberOf, plus, resolve } from '../evaluate/arithmetic.js';
import { compareEqual } from '../evaluate/compare.js';
import { newValueWith } from '../evaluate/new-value.js';
import { isDropped } from '../graph/dropped-calls.js';
import type { Engine, Evaluated } from '../model/engine.js';
import { mayBeKept } from '../objects/loans.js';
import { answerKeys, assume, isZeroed, noteChange, noteStore, type State, stateWith } from '../state/state.js';
import { anySign, good, type Value, zero, zeroValue } from '../state/value.js';
import { combineBits, complement } from './bits.js';
import { mayBeNegative } from './negative-counts.js';
import { computedFrom } from './opaque.js';

/** The state in which a count is a number. */
export function withCount(state: State, count: Value, number: number): State {
  return stateWith(state, { answers: state.answers.with(answerKeys.references(count), number) });
}

/** Evaluates a call that makes, reads or changes a count; undefined where the count is not known, and for any other call. */
export function applyCount(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const { engine, name, values } = site;
  const [first] = values;
  if (makesCount(name) && first !== undefined && !engine.locks) return makeCount(engine, first, state);
  const step = countSteps.get(name);
  const given = step && values[step.count];
  const amount = step && amountOf(site, step);
  if (!step || given === undefined) return undefined;
  const count = holderOf(state, given);
  if (step.change.kind === 'to-argument') {
    const set =
      amount === undefined ? storeUnknown(site, step, count, state) : setCount(site, step, { count, amount }, state);
    return set?.map((one) => ({ ...one, state: noteStore(one.state, nameOf(engine, count)) }));
  }
  if (amount === undefined) return undefined;
  const known = state.answers.get(answerKeys.references(count));
  const counted =
    typeof known === 'number'
      ? stepKnown(site, step, { count, amount, known }, state)
      : step.isPlain && !engine.locks
        ? stepPlain(site, step, { count, amount }, state)
        : undefined;
  if (!counted) return undefined;
  const noted =
    amount === 0 ? counted : counted.map((one) => ({ ...one, state: noteChange(one.state, nameOf(engine, count)) }));
  return settle(site, noted, typeof known === 'number');
}

/**
 * What the path knows of a count decides a test of it. Where other code must have changed the count, since no path goes on
 * otherwise, it may be anything.
 */
function settle(
  { engine, call, frame }: CallSite,
  counted: readonly Evaluated[],
  isNumber: boolean,
): readonly Evaluated[] {
  if (frame.stack.length > 1) return counted;
  if (engine.again?.tests.has(call.at)) return counted.map(({ state }) => newValueWith(engine, state, good | zero));
  if (isNumber || counted.every(({ value }) => numberOf(engine, value) !== undefined)) engine.settled.add(call.at);
  return counted;
}

/** The state in which a count is unknown, if a call changes it in a way that is not followed: `atomic_add(n, &x->users)`. */
export function forgetCount(site: CallSite, state: State): State {
  const { engine, name, values, call } = site;
  const step = countSteps.get(name);
  // `atomic_or(EX_MAPPED, &x->state)`: the count is what the call gets the address of.
  const address = call.arguments.findIndex((one) => one.kind === 'unary' && one.operator === '&');
  const given = values[step?.count ?? Math.max(address, 0)];
  if (given === undefined || !changesCount(name) || name === kref.init || isKrefPut(name)) return state;
  if (step && amountOf(site, step) !== undefined) return state;
  const count = holderOf(state, given);
  const [key, place] = [answerKeys.references(count), placeOf(count)];
  const isKnown = typeof state.answers.get(key) === 'number';
  const isZero = isZeroed(state, count);
  if (!isKnown && !isZero && !state.heap.has(place)) return state;
  const answers = isKnown ? state.answers.with(key, false) : state.answers;
  const before = state.answers.get(key);
  const held = typeof before === 'number' ? zeroValue : (state.heap.get(place) ?? (isZero ? zeroValue : -1));
  const known = typeof before === 'number' ? literalValue(engine, state, before).value : held;
  const changed =
    changedWord(site, known, state) ??
    computedFrom(engine, { value: engine.newValue(), state }, [held, ...values.filter((one) => one !== given)]);
  const after = stateWith(changed.state, { answers, heap: state.heap.with(place, changed.value) });
  return noteChange(after, nameOf(engine, count));
}

/** What a word is after `atomic_or(EX_MAPPED, &x->state)` and the like; undefined for any other call. */
function changedWord({ engine, name, values, frame }: CallSite, word: Value, before: State): Evaluated | undefined {
  const operation = atomicWords.get(name);
  const [mask] = values;
  if (!operation || mask === undefined || word < 0) return undefined;
  const right = operation.isInverted ? complement(engine, before, mask) : { value: mask, state: before };
  return combineBits(engine, right.state, { operator: operation.operator, left: word, right: right.value }, frame);
}

/** A count, and by how much it changes, or to what. */
interface Stepped {
  readonly count: Value;
  readonly amount: number;
}

/** The refcount_t of a kref is its count: `refcount_add(2, &x->ref.refcount)`. */
function holderOf({ answers, wholes }: State, count: Value): Value {
  const around = wholes.get(count);
  const isKref = around !== undefined && typeof answers.get(answerKeys.references(around)) === 'number';
  return isKref && !answers.has(answerKeys.references(count)) ? around : count;
}

/** By how much a step changes the count, or to what; undefined where the path does not know. */
function amountOf({ engine, values }: CallSite, { change }: CountStep): number | undefined {
  if (change.kind === 'by') return change.number;
  const argument = values[change.argument];
  const number = argument === undefined ? undefined : numberOf(engine, argument);
  return number === undefined || change.kind === 'to-argument' ? number : change.sign * number;
}

/** The name of the member or file-level variable that is a count; null where the path does not know it. */
function nameOf({ places, globals }: Engine, count: Value): string | null {
  return places.get(count)?.replace(/^[^.]*\./, '') ?? globals.get(count) ?? null;
}

/** The member of an atomic_t that is its number. */
export const counterMember = 'counter';

/** The heap key of the number in an atomic_t. */
const placeOf = (count: Value): string => `${count}.${counterMember}`;

/** `ATOMIC_INIT(1)`: an object that holds a number. */
function makeCount(engine: Engine, number: Value, state: State): readonly Evaluated[] {
  const made = newValueWith(engine, state, good);
  const known = numberOf(engine, number);
  const held = stateWith(made.state, { heap: made.state.heap.with(placeOf(made.value), number) });
  return [{ value: made.value, state: known === undefined ? held : withCount(held, made.value, known) }];
}

/** `refcount_set(&x->users, 1)`: the count is known if it is set to a number. */
function setCount(
  site: CallSite,
  { result, isPlain }: CountStep,
  { count, amount }: Stepped,
  state: State,
): readonly Evaluated[] | undefined {
  const { engine } = site;
  if (engine.locks) return undefined;
  const before = state.answers.get(answerKeys.references(count));
  const isTold = typeof before === 'number' && (isPlain || !mayBeKept(state, count));
  const returned =
    result !== 'before'
      ? { value: engine.newValue(), state }
      : isTold
        ? literalValue(engine, state, before)
        : isPlain
          ? readCount(site, count, state)
          : { value: engine.newValue(), state };
  return [{ value: returned.value, state: withCount(returned.state, count, amount) }];
}

/** `atomic_set(&x->stage, stage)`: what is stored is known again when it is read, though it is no number. */
function storeUnknown(
  { engine, values }: CallSite,
  { change, isPlain, result }: CountStep,
  count: Value,
  state: State,
): readonly Evaluated[] | undefined {
  const stored = change.kind === 'to-argument' ? values[change.argument] : undefined;
  if (stored === undefined || !isPlain || result !== 'nothing' || engine.locks) return undefined;
  return [{ value: zeroValue, state: stateWith(state, { heap: state.heap.with(placeOf(count), stored) }) }];
}

/** A step of a count that is a number. Code that got the object may have taken a reference. */
function stepKnown(
  site: CallSite,
  { result, isPlain }: CountStep,
  { count, amount, known }: Stepped & { readonly known: number },
  state: State,
): readonly Evaluated[] | undefined {
  const { engine } = site;
  const isRaise = amount > 0 && (result === 'nothing' || result === 'was-raised');
  if (result === 'was-raised' && known <= 0) return [{ value: zeroValue, state }];
  const isBelow = known + amount < 0 && (!isPlain || result === 'is-zero');
  if (!isRaise && (engine.locks || mayBeKept(state, count) || isBelow)) return undefined;
  const after = withCount(state, count, known + amount);
  switch (result) {
    case 'nothing':
      return [{ value: zeroValue, state: after }];
    case 'was-raised':
      return [newValueWith(engine, after, good)];
    case 'is-zero':
      return [known + amount === 0 ? newValueWith(engine, after, good) : { value: zeroValue, state: after }];
    case 'before':
      return [literalValue(engine, after, known)];
    case 'after':
      return [literalValue(engine, after, known + amount)];
  }
}

/** A step of an atomic number that the path finds, and counts from there. */
function stepPlain(
  site: CallSite,
  { result }: CountStep,
  { count, amount }: Stepped,
  before: State,
): readonly Evaluated[] {
  const { engine, frame, call } = site;
  const old = readCount(site, count, before);
  const changed = amount === 0 ? old : plus(engine, old.state, old.value, amount);
  const heap = changed.state.heap.with(placeOf(count), changed.value);
  const state = stateWith(changed.state, { heap });
  switch (result) {
    case 'nothing':
      return [{ value: zeroValue, state }];
    case 'before':
      return [{ value: old.value, state }];
    case 'after':
      return [{ value: changed.value, state }];
    case 'is-zero':
      if (isDropped(frame.unit, call)) return [{ value: zeroValue, state }];
      return compareEqual(engine, state, changed.value, zeroValue).map((one) =>
        one.answer ? newValueWith(engine, one.state, good) : { value: zeroValue, state: one.state },
      );
    case 'was-raised': {
      const isZero = assume(old.state, old.value, zero);
      const isRaised = assume(state, old.value, good);
      return [
        ...(isRaised ? [newValueWith(engine, isRaised, good)] : []),
        ...(isZero ? [{ value: zeroValue, state: isZero }] : []),
      ];
    }
  }
}

/** The number in an atomic_t: what the path stored there, or found. It is not negative, unless the code says that it may be. */
function readCount({ engine, frame }: CallSite, count: Value, state: State): Evaluated {
  const held = state.heap.get(placeOf(count));
  if (held !== undefined) return { value: resolve(state, held), state };
  if (isZeroed(state, count)) return { value: zeroValue, state };
  const place = engine.places.get(count) ?? engine.globals.get(count) ?? '';
  const isBelow = mayBeNegative(engine.codebase, frame.ref.path, place.slice(place.lastIndexOf('.') + 1));
  const found = newValueWith(engine, state, isBelow ? anySign : good | zero);
  if (!isBelow) engine.fromMembers.add(found.value);
  return { value: found.value, state: stateWith(found.state, { heap: state.heap.with(placeOf(count), found.value) }) };
}
