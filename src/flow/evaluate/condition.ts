import type { Expression } from '../../c/index.js';
import { addressMembers, alreadyHeld, asksWhatLasts, fieldCalls } from '../../kernel/index.js';
import { answersOfOption } from '../configurations/asked-in-code.js';
import { givenAnswer } from '../constants/given-numbers.js';
import { numberDifference, placeFromZero } from '../constants/known-order.js';
import { askForFlags, withAnswer } from '../constants/masked.js';
import { guessed } from '../constants/opaque.js';
import { stageOf } from '../constants/stage-counters.js';
import { answerOfUnmade, signsOfUnmade } from '../constants/unmade-steps.js';
import { asksReadDirection, withoutDescriptors } from '../descriptors/read-direction.js';
import { graphOf } from '../graph/build-graph.js';
import { transparentArgument } from '../graph/macro-forms.js';
import { askedBy, repeatedTests } from '../graph/repeated-tests.js';
import { asksForResult } from '../graph/results-asked.js';
import { truthTest } from '../graph/truth-tests.js';
import { evaluateInterrupted } from '../locks/interrupted.js';
import { hideLocks } from '../locks/lock-state.js';
import { countsSteps } from '../locks/nested-locks.js';
import type { CallFrame, Engine } from '../model/engine.js';
import type { CodePlace } from '../state/resource.js';
import { answerKeys, assume, momentOf, type State, signsOf, stateWith } from '../state/state.js';
import { anySign, bad, good, type Signs, signOf, type Value, zero, zeroValue } from '../state/value.js';
import { isReadThrough } from '../tree/read-through.js';
import { membersRead } from '../tree/readers.js';
import { evaluateBase } from './address.js';
import { isCount, withSignsOfSum } from './arithmetic.js';
import { compareEqual, compareValues, countedNumber } from './compare.js';
import { isConstant, isConstantName } from './named-constants.js';
import { comparesWith, constantSigns, errorComparison, opposite, signTest } from './sign-tests.js';

/** One answer of a condition, with the state in which the condition has it. */
export interface ConditionResult {
  readonly state: State;
  readonly answer: boolean;
}

/** Evaluates a condition: a result for each answer that it can have, or several where its operands branch. */
export function evaluateCondition(
  engine: Engine,
  test: Expression,
  state: State,
  frame: CallFrame,
): readonly ConditionResult[] {
  const given = givenAnswer(engine, test, frame);
  if (given !== undefined) return [{ state, answer: given }];
  if (test.kind === 'binary' && (test.operator === '&&' || test.operator === '||')) {
    // The right operand is evaluated only where the left one does not decide.
    const decides = test.operator === '||';
    const left = evaluateCondition(engine, test.left, state, frame);
    return engine.bounded(
      left.flatMap((result) =>
        result.answer === decides ? [result] : evaluateCondition(engine, test.right, result.state, frame),
      ),
    );
  }
  if (test.kind === 'unary' && test.operator === '!')
    return evaluateCondition(engine, test.operand, state, frame).map((inner) => ({ ...inner, answer: !inner.answer }));
  const truth = truthTest(test);
  if (truth)
    return evaluateCondition(engine, truth.operand, state, frame).map((inner) => ({
      ...inner,
      answer: inner.answer !== truth.isOpposite,
    }));
  if (test.kind === 'conditional' && test.then)
    return engine.bounded(
      evaluateCondition(engine, test.test, state, frame).flatMap(({ answer, state: after }) =>
        evaluateCondition(engine, (answer && test.then) || test.otherwise, after, frame),
      ),
    );
  // `if (x = f(), IS_ERR(x))`: the last item decides.
  const last = test.kind === 'sequence' ? test.items.at(-1) : undefined;
  if (test.kind === 'sequence' && last)
    return engine
      .evaluate({ ...test, items: test.items.slice(0, -1) }, state, frame)
      .flatMap((before) => evaluateCondition(engine, last, before.state, frame));
  const interrupted = evaluateInterrupted(engine, test, state, frame);
  if (interrupted) return interrupted;
  const inner = transparentArgument(test);
  if (inner) return evaluateCondition(engine, inner, state, frame);
  const results = evaluateTest(engine, test, state, frame);
  return engine.locks && comparesWith(test, alreadyHeld) ? results.map((one) => withLockOfContext(test, one)) : results;
}

/**
 * If a lock could not be taken because its context already holds it, the lock is held; the path does not know who took
 * it.
 */
function withLockOfContext(test: Expression, { state, answer }: ConditionResult): ConditionResult {
  const isEqual = test.kind === 'binary' && (test.operator === '==') === answer;
  return { state: isEqual ? hideLocks(state) : state, answer };
}

/** Evaluates a condition without `&&`, `||` and `!`. */
function evaluateTest(engine: Engine, test: Expression, state: State, frame: CallFrame): readonly ConditionResult[] {
  const constant = constantSigns(test);
  if (constant !== undefined) return [{ state, answer: constant !== zero }];
  if (asksReadDirection(test))
    return [
      { state, answer: true },
      { state: withoutDescriptors(state, { path: frame.ref.path, at: test.at }), answer: false },
    ];
  const configured = answersOfOption(engine, test, state, frame);
  if (configured) return configured;
  const compared = errorComparison(test);
  const signs = signTest(test);
  if (!signs && !compared && test.kind !== 'call')
    return noteDecisions(test, compare(engine, test, state, frame), frame);
  const operand = signs?.operand ?? compared ?? test;
  const wanted = signs?.signs ?? (compared ? bad : good | bad);
  const results = engine.evaluate(operand, state, frame).flatMap(({ value, state: before }): ConditionResult[] => {
    const after = engine.locks && countsSteps(test) ? withSignsOfSum(engine, before, value) : before;
    if (engine.origins.has(value)) noteQuestion(engine, value, wanted, { path: frame.ref.path, at: test.at });
    const enumerator = asksForNegative(wanted) ? signOfEnumerator(engine, value, before, frame) : undefined;
    if (enumerator !== undefined) return [{ state: before, answer: (enumerator & wanted) !== 0 }];
    const counted = countedNumber(engine, before, value);
    if (counted !== undefined) return [{ state: before, answer: (signOf(counted) & wanted) !== 0 }];
    const isTrue = assume(after, value, wanted);
    // `ret == -EAGAIN` is true only of an error. If it is false, `ret` may be another error, unless there is only one.
    const sole = engine.soleErrors.get(value);
    const isOpen = compared && !(sole !== undefined && comparesWith(test, sole));
    const isFalse = isOpen ? after : assume(after, value, opposite(wanted));
    const asked = { test, operand, value, wanted };
    const flags = withFlagsAsked(engine, asked, [isTrue, isFalse]);
    const [whenTrue, whenFalse] = askAgain(engine, asked, flags, after, frame);
    return [
      ...(whenTrue ? [{ state: whenTrue, answer: true }] : []),
      ...(whenFalse ? [{ state: whenFalse, answer: false }] : []),
    ];
  });
  // What is known of variables keeps paths apart anyway.
  return operand.kind === 'member' || operand.kind === 'call' ? noteDecisions(test, results, frame) : results;
}

/** Whether a test tells negative numbers from positive ones: `next < 0`, `next >= 0`. */
const asksForNegative = (wanted: Signs): boolean => ((wanted & bad) !== 0) !== ((wanted & good) !== 0);

/** The sign of a constant of an enumeration that counts from 0; undefined for any other value. */
function signOfEnumerator(engine: Engine, value: Value, state: State, frame: CallFrame): Signs | undefined {
  if (!isConstant(engine, value) || signsOf(state, value) !== anySign) return undefined;
  const place = placeFromZero(engine, value, frame);
  return place === undefined ? undefined : place > 0 ? good : zero;
}

/** Evaluates a test that asks for no sign. What it says of a step that was not made is known. */
function compare(engine: Engine, test: Expression, state: State, frame: CallFrame): readonly ConditionResult[] {
  const results =
    testFlag(engine, test, state, frame) ??
    compareConstants(engine, test, state, frame) ??
    compareValues(engine, test, state, frame) ??
    answerAsBefore(engine, test, state, frame);
  const isOpen = results.some(({ answer }) => answer) && results.some(({ answer }) => !answer);
  const known = isOpen ? answerOfUnmade(engine, test, state, frame) : undefined;
  if (known === undefined) return results;
  if (frame.stack.length === 1) engine.settled.add(test.at);
  return results.filter(({ answer }) => answer === known);
}

/** Notes what a test asks about an error pointer: whether it is NULL, or whether it is an error. */
function noteQuestion(engine: Engine, error: Value, wanted: Signs, place: CodePlace): void {
  const asked = wanted === zero || wanted === (good | bad) ? engine.askedForNull : engine.askedForError;
  if (!asked.has(error)) asked.set(error, place);
}

/** A test of a sign: which value it asks for which signs. */
interface AskedValue {
  readonly test: Expression;
  readonly operand: Expression;
  readonly value: Value;
  readonly wanted: Signs;
}

type Answers = readonly [whenTrue: State | undefined, whenFalse: State | undefined];

/** The states for both answers, with what a test for 0 says of the flags of which a value is made. */
function withFlagsAsked(engine: Engine, { value, wanted }: AskedValue, [whenTrue, whenFalse]: Answers): Answers {
  if (wanted !== zero && wanted !== (good | bad)) return [whenTrue, whenFalse];
  const isAny = wanted !== zero;
  return [
    whenTrue && withAnswer(engine, whenTrue, value, isAny),
    whenFalse && withAnswer(engine, whenFalse, value, !isAny),
  ];
}

/**
 * The states for both answers of a test. A variable through which the path has read or written is not NULL.
 * A member that a test has decided about is what it was, until other code may have written to it. From then on a second look
 * gives both answers.
 */
function askAgain(
  engine: Engine,
  { test, operand, value, wanted }: AskedValue,
  answers: Answers,
  state: State,
  frame: CallFrame,
): Answers {
  const [whenTrue, whenFalse] = answers;
  // A variable may hold what a member held: `sgt = bo->sgt; if (sgt)`.
  const isMember = operand.kind === 'member' || operand.kind === 'index' || engine.fromMembers.has(value);
  const key = answerKeys.asked(value);
  const moment = momentOf(state);
  if (whenTrue && whenFalse) {
    const stage = stageOf(engine, operand, value, state, frame);
    const left = stage === undefined ? signsKnown(engine, operand, value, state, frame) : stage > 0 ? good : zero;
    if (left !== undefined) {
      if (frame.stack.length === 1) engine.settled.add(test.at);
      return (wanted & left) !== 0 ? [whenTrue, undefined] : [undefined, whenFalse];
    }
    const both = [
      { state: whenTrue, answer: true },
      { state: whenFalse, answer: false },
    ];
    const [first, second] = guessed(engine, both, [[operand, value]], state, frame);
    if (first && second && first.state !== whenTrue) return [first.state, second.state];
    if (!isMember || state.answers.has(key)) return answers;
    const note = (after: State): State => stateWith(after, { answers: after.answers.with(key, moment) });
    return [note(whenTrue), note(whenFalse)];
  }
  if (frame.stack.length > 1) return answers;
  const asked = isMember ? state.answers.get(key) : undefined;
  if (isSettled(engine, operand, value, state) || isReadZero(engine, operand, value, frame) || asked === moment)
    engine.settled.add(test.at);
  else if (asked !== undefined && engine.again?.tests.has(test.at)) {
    const changed = (signs: Signs): State => stateWith(state, { signs: state.signs.with(value, signs) });
    return [whenTrue ?? changed(wanted), whenFalse ?? changed(opposite(wanted))];
  }
  return answers;
}

/** The signs that a value has whatever the test says; undefined where nothing is known. */
function signsKnown(engine: Engine, operand: Expression, value: Value, state: State, frame: CallFrame) {
  const isVariable = operand.kind === 'name' && !engine.origins.has(value);
  if (isVariable && isReadThrough(engine.codebase, frame.unit, operand, value, state)) return good;
  return signsOfUnmade(engine, value, state, frame);
}

/** Whether the code itself says what an operand is: a variable that was set to a constant, or the result of the API. */
function isSettled(engine: Engine, operand: Expression, value: Value, state: State): boolean {
  const isApiResult = engine.origins.has(value) || state.resources.some(({ handle }) => handle === value);
  if (engine.locks && engine.constants.has(value)) return true;
  if (operand.kind === 'member' && addressMembers.includes(operand.member) && value !== zeroValue) return true;
  const isVariable = operand.kind === 'name' || (operand.kind === 'update' && operand.operand.kind === 'name');
  if (isApiResult || !isVariable) return isApiResult;
  const signs = signsOf(state, value);
  if (value === zeroValue) return signs === zero;
  // A variable that a test before has decided about.
  return engine.constants.has(value) || isCount(engine, value) || engine.born.get(value) !== signs;
}

/**
 * Whether the value is 0 because a helper that only reads members got an object in which nothing has been stored, because
 * the path has stored no other number in a part of a word, or because a call that takes the lock cannot fail:
 * `dma_resv_lock(resv, NULL)` is 0.
 */
function isReadZero(engine: Engine, operand: Expression, value: Value, { ref }: CallFrame): boolean {
  if (value !== zeroValue || operand.kind !== 'call' || operand.callee.kind !== 'name') return false;
  if (engine.locks || fieldCalls.has(operand.callee.name)) return true;
  const helper = engine.find(operand.callee.name, ref.path);
  return helper !== undefined && membersRead(engine.codebase, helper) !== undefined;
}

/** Notes the answer to a test that stands in the function again: paths that answered it differently stay apart. */
function noteDecisions(
  test: Expression,
  results: readonly ConditionResult[],
  { id, unit }: CallFrame,
): readonly ConditionResult[] {
  const asked = askedBy(test);
  if (asked === null || results.length < 2 || !repeatedTests(graphOf(unit)).has(asked.text)) return results;
  const key = answerKeys.decided(id, asked.text);
  return results.map(({ state, answer }) => ({
    state: stateWith(state, { answers: state.answers.with(key, answer !== asked.isOpposite) }),
    answer,
  }));
}

/** `flags & EX_MAPPED`, where it is known whether the flag is set. */
function testFlag(
  engine: Engine,
  test: Expression,
  state: State,
  frame: CallFrame,
): readonly ConditionResult[] | undefined {
  if (test.kind !== 'binary' || test.operator !== '&') return undefined;
  const results = engine.evaluate(test, state, frame);
  const answerOf = (value: Value, after: State): boolean | undefined => {
    const signs = signsOf(after, value);
    return signs === zero ? false : (signs & zero) === 0 ? true : undefined;
  };
  const found: ConditionResult[] = [];
  for (const { value, state: after } of results) {
    const answer = answerOf(value, after);
    if (answer === undefined) return undefined;
    if (frame.stack.length === 1) engine.settled.add(test.at);
    found.push({ state: after, answer });
  }
  return found;
}

/** `state == EX_PINNED`, where both operands are known constants, on all paths through the left operand or on some. */
function compareConstants(
  engine: Engine,
  test: Expression,
  state: State,
  frame: CallFrame,
): readonly ConditionResult[] | undefined {
  if (test.kind !== 'binary' || (test.operator !== '==' && test.operator !== '!=')) return undefined;
  if (![test.left, test.right].some((side) => side.kind === 'name' && isConstantName(side.name))) return undefined;
  const whenEqual = test.operator === '==';
  let isKnown = false;
  // A callee on the left may return one constant or another.
  const results = engine.evaluate(test.left, state, frame).flatMap((left) =>
    engine.evaluate(test.right, left.state, frame).flatMap((right): readonly ConditionResult[] => {
      if (!isConstant(engine, left.value) || !isConstant(engine, right.value))
        return compareEqual(engine, right.state, left.value, right.value).map((result) => ({
          ...result,
          answer: result.answer === whenEqual,
        }));
      isKnown = true;
      // Of the results of a callee that differ in little only the first may be known.
      if (frame.stack.length === 1 && !asksForResult(frame.unit, test)) engine.settled.add(test.at);
      const difference = numberDifference(engine, left.value, right.value, frame);
      const isSame = difference === undefined ? left.value === right.value : difference === 0;
      return [{ state: right.state, answer: isSame === whenEqual }];
    }),
  );
  return isKnown ? results : undefined;
}

/** A test of which nothing is known has both answers; the same test of the same values has the same answer again. */
function answerAsBefore(engine: Engine, test: Expression, state: State, frame: CallFrame): readonly ConditionResult[] {
  return engine.evaluate(test, state, frame).flatMap(({ value, state: after }): readonly ConditionResult[] => {
    const key = testKey(engine, test, after, frame);
    const known = key === null ? undefined : after.answers.get(key);
    if (known !== undefined) return [{ state: after, answer: Boolean(known) }];
    const flags = askForFlags(engine, after, value);
    if (flags) return guessed(engine, flags, [[test, value]], state, frame);
    const isShift = test.kind === 'binary' && (test.operator === '<<' || test.operator === '>>');
    const both = [true, false].flatMap((answer) => {
      const noted = key === null ? after : stateWith(after, { answers: after.answers.with(key, answer) });
      // A variable may hold the same part of a word.
      const known = isShift ? assume(noted, value, answer ? good | bad : zero) : noted;
      return known ? [{ state: known, answer }] : [];
    });
    return guessed(engine, both, [[test, value]], state, frame);
  });
}

/** A test as text, with values in place of names; null where it contains a call, which may answer otherwise next time. */
function testKey(engine: Engine, test: Expression, state: State, frame: CallFrame): string | null {
  switch (test.kind) {
    case 'name': {
      const value = state.variables.get(`${frame.id}:${test.name}`);
      return value === undefined ? test.name : `v${value}`;
    }
    case 'literal':
      return test.text;
    case 'member': {
      const [base] = evaluateBase(engine, test, state, frame);
      if (!base) return null;
      // Whoever else holds the same value gives the same answer: the parameter that was stored in the member.
      const content = base.state.heap.get(`${base.value}.${test.member}`);
      return content === undefined ? `${base.value}.${test.member}=?` : `v${content}`;
    }
    case 'unary':
    case 'cast': {
      if (test.kind === 'unary' && test.operator === '*') {
        const [content] = engine.evaluate(test, state, frame);
        return content ? `v${content.value}` : null;
      }
      const inner = testKey(engine, test.operand, state, frame);
      return inner === null ? null : `${test.kind === 'unary' ? test.operator : ''}(${inner})`;
    }
    case 'binary': {
      const left = testKey(engine, test.left, state, frame);
      const right = testKey(engine, test.right, state, frame);
      return left === null || right === null ? null : `(${left}${test.operator}${right})`;
    }
    case 'index': {
      const [element] = engine.evaluate(test, state, frame);
      return element ? `v${element.value}` : null;
    }
    case 'call': {
      if (test.callee.kind !== 'name' || !asksWhatLasts(test.callee.name)) return null;
      const keys = test.arguments.map((argument) => testKey(engine, argument, state, frame));
      return keys.includes(null) ? null : `${test.callee.name}(${keys.join()})`;
    }
    default:
      return null;
  }
}
