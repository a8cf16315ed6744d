import { ownValue } from '../../base/own-value.js';
import type { Expression } from '../../c/index.js';
import { isNewReference } from '../calls/acquire-release.js';
import { keep } from '../calls/look-ups.js';
import { compareKnown } from '../constants/known-order.js';
import { compareFlags } from '../constants/masked.js';
import { guessed } from '../constants/opaque.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { objectOfFile } from '../state/files.js';
import { keyHolding } from '../state/heap.js';
import { answerKeys, assume, type State, signsOf, stateWith } from '../state/state.js';
import { bad, good, type Signs, type Value, zero, zeroValue } from '../state/value.js';
import { isCount, literalValue, numberOf, sumOf } from './arithmetic.js';
import type { ConditionResult } from './condition.js';
import { isConstant } from './named-constants.js';
import { opposite } from './sign-tests.js';

/** How each comparison asks whether one value is less than another: of the operands in which order, and for which answer. */
const orders: Readonly<Record<string, { readonly isSwapped: boolean; readonly whenLess: boolean }>> = {
  '<': { isSwapped: false, whenLess: true },
  '>': { isSwapped: true, whenLess: true },
  '>=': { isSwapped: false, whenLess: false },
  '<=': { isSwapped: true, whenLess: false },
};

/**
 * Evaluates the comparison of two values, and remembers the answer: the same values compare the same way again.
 * @returns undefined for a test that is no comparison
 */
export function compareValues(
  engine: Engine,
  test: Expression,
  state: State,
  frame: CallFrame,
): readonly ConditionResult[] | undefined {
  if (test.kind !== 'binary') return undefined;
  const isEquality = test.operator === '==' || test.operator === '!=';
  const order = ownValue(orders, test.operator);
  if (!order && !isEquality) return undefined;
  return engine.evaluate(test.left, state, frame).flatMap((left) =>
    engine.evaluate(test.right, left.state, frame).flatMap((right): readonly ConditionResult[] => {
      noteSettled(engine, test, [left.value, right.value], frame);
      const answer = compareKnown(engine, { test, left: left.value, right: right.value }, right.state, frame);
      if (answer !== undefined) return [{ state: right.state, answer }];
      const operands = [[test.left, left.value] as const, [test.right, right.value] as const];
      if (!order) {
        const results = guessed(
          engine,
          compareEqual(engine, right.state, left.value, right.value),
          operands,
          right.state,
          frame,
        );
        // The code itself says which flags the word has.
        const isWord = engine.bits.has(left.value) || engine.bits.has(right.value);
        if (isWord && results.length === 1 && frame.stack.length === 1) engine.settled.add(test.at);
        return results.map((result) => ({ ...result, answer: result.answer === (test.operator === '==') }));
      }
      const [low, high] = order.isSwapped ? [right.value, left.value] : [left.value, right.value];
      const results = guessed(engine, compareOrder(engine, right.state, low, high), operands, right.state, frame);
      return results.map((result) => ({ ...result, answer: result.answer === order.whenLess }));
    }),
  );
}

/** Notes that the code says itself how a member compares: the path stores a number there, and asks whether it is that one. */
function noteSettled(engine: Engine, test: Expression, values: readonly Value[], { stack }: CallFrame): void {
  const isEquality = test.kind === 'binary' && (test.operator === '==' || test.operator === '!=');
  const asksMember = isEquality && [test.left, test.right].some(({ kind }) => kind === 'member');
  // What a loop counts is small, and not negative.
  const isWritten = (value: Value): boolean => engine.literals.has(value) || (numberOf(engine, value) ?? 0) < 0;
  if (stack.length === 1 && asksMember && values.every(isWritten)) engine.settled.add(test.at);
}

/** Whether one value is less than another. */
function compareOrder(engine: Engine, state: State, low: Value, high: Value): readonly ConditionResult[] {
  const known = knownOrder(engine, state, low, high);
  if (known !== undefined) return [{ state, answer: known }];
  const bare = withoutSteps(engine, state, low, high);
  if (bare) return compareOrder(engine, bare.state, bare.left, bare.right);
  if (low === zeroValue) return bySign(state, high, good);
  if (high === zeroValue) return bySign(state, low, bad);
  // `n >= 1` asks the same as `n > 0`.
  if (numberOf(engine, high) === 1) return bySign(state, low, bad | zero);
  const key = answerKeys.less(low, high);
  const less = stateWith(state, { answers: state.answers.with(key, true) });
  const notLess = stateWith(state, { answers: state.answers.with(key, false) });
  // What is greater than a count, or than 0, is greater than 0.
  const isAbove = (signsOf(state, low) & bad) === 0 ? assume(less, high, good) : less;
  const isEqual = isNextBelow(engine, state, low, high)
    ? withEqual(notLess, high, low)
    : state.answers.get(answerKeys.less(high, low)) === false
      ? equalAtLast(engine, notLess, low, high)
      : notLess;
  return [
    ...(isAbove ? [{ state: isAbove, answer: true }] : []),
    ...(isEqual ? [{ state: isEqual, answer: false }] : []),
  ];
}

/** The state in which two values are equal, since neither is less than the other: there the search in a tree ends. */
function equalAtLast(engine: Engine, state: State, left: Value, right: Value): State | undefined {
  return compareEqual(engine, state, left, right).find(({ answer }) => answer)?.state;
}

/** The operands of a comparison that asks the same. */
interface Operands {
  readonly left: Value;
  readonly right: Value;
  readonly state: State;
}

/**
 * `users + 1 == 1` asks for `users == 0`, where `users` is a member, or known not to be negative.
 * @returns undefined where no operand was counted from such a value, or where the other one is no number
 */
function withoutSteps(engine: Engine, state: State, left: Value, right: Value): Operands | undefined {
  const isCounted = (value: Value): boolean => {
    const { base, offset } = sumOf(engine, value);
    if (offset === 0 || base === zeroValue || numberOf(engine, value) !== undefined) return false;
    const signs = signsOf(state, base);
    // Where the paths contradict themselves, the member was not what it seemed.
    return (signs & bad) === 0 || (signs !== bad && engine.fromMembers.has(base) && !engine.again);
  };
  const bare = (sum: Value, number: number): { readonly base: Value; readonly other: Value; readonly state: State } => {
    const { base, offset } = sumOf(engine, sum);
    // Nobody counts users from a negative number.
    const other = literalValue(engine, assume(state, base, good | zero) ?? state, number - offset);
    return { base, other: other.value, state: other.state };
  };
  const [first, second] = [numberOf(engine, left), numberOf(engine, right)];
  if (second !== undefined && second >= 0 && isCounted(left)) {
    const found = bare(left, second);
    return { left: found.base, right: found.other, state: found.state };
  }
  if (first === undefined || first < 0 || !isCounted(right)) return undefined;
  const found = bare(right, first);
  return { left: found.other, right: found.base, state: found.state };
}

function bySign(state: State, value: Value, whenTrue: Signs): readonly ConditionResult[] {
  const isTrue = assume(state, value, whenTrue);
  const isFalse = assume(state, value, opposite(whenTrue));
  return [
    ...(isTrue ? [{ state: isTrue, answer: true }] : []),
    ...(isFalse ? [{ state: isFalse, answer: false }] : []),
  ];
}

/** Whether it is known that one value is less than another: from what they are, from their signs, or from a test before. */
function knownOrder(engine: Engine, state: State, low: Value, high: Value): boolean | undefined {
  if (low === high) return false;
  const [one, other] = [sumOf(engine, low), sumOf(engine, high)];
  if (one.base === other.base) return one.offset < other.offset;
  const numbers = [engine.literals.get(low), engine.literals.get(high)] as const;
  if (numbers[0] !== undefined && numbers[1] !== undefined) return numbers[0] < numbers[1];
  const below = signsOf(state, low);
  const above = signsOf(state, high);
  if ((below & good) === 0 && above === good) return true;
  if (below === bad && (above & bad) === 0) return true;
  if ((below & bad) === 0 && above === bad) return false;
  // A bound that is a constant is greater than 0, or the loop would not have been written.
  if (low === zeroValue && isConstant(engine, high)) return true;
  const asked = state.answers.get(answerKeys.less(low, high)) ?? askedOtherwise(engine, state, low, high);
  if (asked !== undefined) return Boolean(asked);
  const isAbove = state.answers.get(answerKeys.less(high, low));
  if (isAbove === true) return false;
  const isSame = state.answers.get(answerKeys.same(low, high));
  if (isSame === true) return false;
  return isSame === false && isAbove === false ? true : undefined;
}

/** What the path has answered to `n > 1`, where `n >= 2` asks the same, or the other way round. */
function askedOtherwise(engine: Engine, { answers }: State, low: Value, high: Value): boolean | undefined {
  const [from, to] = [numberOf(engine, low), numberOf(engine, high)];
  const number = (wanted: number): Value | undefined =>
    wanted === 0 ? zeroValue : engine.interned.get(wanted === 1 ? `${zeroValue}+1` : `#${wanted}`);
  const [left, right] =
    to !== undefined && from === undefined
      ? [number(to - 1), low]
      : from !== undefined && to === undefined
        ? [high, number(from + 1)]
        : [];
  const asked = left === undefined || right === undefined ? undefined : answers.get(answerKeys.less(left, right));
  return asked === undefined ? undefined : !asked;
}

/** Whether the value before `low` was found to be less than `high`: then a `low` that is not less is equal to it. */
function isNextBelow(engine: Engine, state: State, low: Value, high: Value): boolean {
  const { base, offset } = sumOf(engine, low);
  const before = offset === 1 ? base : engine.interned.get(`${base}+${offset - 1}`);
  return before !== undefined && offset !== 0 && knownOrder(engine, state, before, high) === true;
}

/** Whether two values are equal: one result for each answer that is possible. */
export function compareEqual(engine: Engine, state: State, left: Value, right: Value): readonly ConditionResult[] {
  const flags = compareFlags(engine, state, left, right);
  if (flags) return flags;
  if (left === zeroValue) return bySign(state, right, zero);
  if (right === zeroValue) return bySign(state, left, zero);
  const known = knownEquality(engine, state, left, right);
  if (known !== undefined) return [{ state, answer: known }];
  const bare = withoutSteps(engine, state, left, right);
  if (bare) return compareEqual(engine, bare.state, bare.left, bare.right);
  const key = answerKeys.same(left, right);
  const equal = keepEqual(
    stateWith(state, { answers: noteConstant(engine, state, left, right).with(key, true) }),
    left,
    right,
  );
  const unequal = stateWith(state, { answers: state.answers.with(key, false) });
  const merged = isCount(engine, left)
    ? withEqual(equal, right, left)
    : isCount(engine, right)
      ? withEqual(equal, left, right)
      : equal;
  return [...(merged ? [{ state: merged, answer: true }] : []), { state: unequal, answer: false }];
}

/** What the path has answered, with the constant that a value was found to be. */
function noteConstant(engine: Engine, { answers }: State, left: Value, right: Value): State['answers'] {
  const isKnown = (one: Value): boolean =>
    isConstant(engine, one) || engine.literals.has(one) || numberOf(engine, one) === 0 || numberOf(engine, one) === 1;
  const [value, constant] = isKnown(left) ? [right, left] : [left, right];
  const { base, offset } = sumOf(engine, value);
  return isKnown(constant) ? answers.with(answerKeys.constant(base, offset), constant) : answers;
}

/** Whether a value that was found to be a constant is another one. */
function isOtherConstant(engine: Engine, { answers }: State, value: Value, constant: Value): boolean {
  const { base, offset } = sumOf(engine, value);
  const known = answers.get(answerKeys.constant(base, offset));
  if (typeof known !== 'number' || !isConstant(engine, known)) return false;
  return known !== constant && isConstant(engine, constant);
}

/** Whether a counted value equals a number; undefined where this is not known. */
function numberAfterCounting(engine: Engine, state: State, value: Value, number: Value): boolean | undefined {
  const wanted = numberOf(engine, number);
  const counted = wanted === undefined ? undefined : countedNumber(engine, state, value);
  return counted === undefined ? undefined : counted === wanted;
}

/**
 * The number of a counted value, if an earlier test found the value from before: `switch (x->steps--)` in a loop.
 * @returns undefined where this is not known, and for a value that was not counted
 */
export function countedNumber(engine: Engine, { answers }: State, value: Value): number | undefined {
  const { base, offset } = sumOf(engine, value);
  if (offset === 0 || base === zeroValue) return undefined;
  let found: number | undefined;
  answers.forEach((literal, key) => {
    const before = typeof literal === 'number' ? answerKeys.offsetFrom(key, base) : undefined;
    const was = before === undefined ? undefined : numberOf(engine, Number(literal));
    if (before !== undefined && was !== undefined) found ??= was + offset - before;
  });
  return found;
}

/**
 * Where `entry->dmabuf == dmabuf`, the entry holds the buffer, too. From here on its member is the buffer that the path got:
 * a put of either drops one of its references.
 */
function keepEqual(state: State, left: Value, right: Value): State {
  if (!state.resources.some(({ kind }) => kind === 'reference')) return state;
  const files = [objectOfFile(state, left), objectOfFile(state, right)];
  // Buffers with the same file are the same buffer.
  if (files[0] !== undefined && files[1] !== undefined) return keepEqual(state, files[0], files[1]);
  const after = state.shared.has(left) ? keep(state, right, left) : state;
  const known = state.shared.has(right) ? keep(after, left, right) : after;
  return asBuffer(asBuffer(known, left, right), right, left);
}

/** The state in which a value that was read from a member is the buffer that the path has a reference of. */
function asBuffer(state: State, buffer: Value, member: Value): State {
  const isBuffer = (value: Value): boolean =>
    state.resources.some(({ kind, handle }) => kind === 'reference' && handle === value);
  const isGot = state.resources.some(
    ({ kind, handle, status, api }) =>
      kind === 'reference' && handle === buffer && status === 'held' && isNewReference(api),
  );
  if (!isGot || isBuffer(member) || keyHolding(state, member) === undefined) return state;
  const kept = keep(state, buffer, member);
  return stateWith(kept, { answers: kept.answers.with(answerKeys.equal(member), buffer) });
}

/** Whether two values are attachments that the path has made: each call makes another one. */
function areTwo({ resources }: State, left: Value, right: Value): boolean {
  const isMade = (value: Value): boolean =>
    resources.some(({ kind, handle, status }) => kind === 'attachment' && handle === value && status === 'held');
  return isMade(left) && isMade(right);
}

function knownEquality(engine: Engine, state: State, left: Value, right: Value): boolean | undefined {
  if (left === right) return true;
  if (sumOf(engine, left).base === sumOf(engine, right).base) return false;
  if (engine.literals.has(left) && engine.literals.has(right)) return false;
  if ((signsOf(state, left) & signsOf(state, right)) === 0 || areTwo(state, left, right)) return false;
  const { answers } = state;
  if (answers.get(answerKeys.less(left, right)) === true || answers.get(answerKeys.less(right, left)) === true)
    return false;
  if (isOtherConstant(engine, state, left, right) || isOtherConstant(engine, state, right, left)) return false;
  const counted = numberAfterCounting(engine, state, left, right) ?? numberAfterCounting(engine, state, right, left);
  if (counted !== undefined) return counted;
  const asked = answers.get(answerKeys.same(left, right));
  return asked === undefined ? undefined : Boolean(asked);
}

/** The state in which a value is another one from here on; undefined where their signs tell that it cannot be. */
function withEqual(state: State, value: Value, equal: Value): State | undefined {
  const after = assume(state, equal, signsOf(state, value));
  return after && stateWith(after, { answers: after.answers.with(answerKeys.equal(value), equal) });
}
