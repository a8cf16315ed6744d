import { type Expression, subexpressions } from '../../c/index.js';
import { evaluateCall } from '../calls/call.js';
import { combineBits } from '../constants/bits.js';
import { literalNumber } from '../constants/names/literals.js';
import { bitsOfNoted } from '../constants/noted-numbers.js';
import { namesRead } from '../constants/notes-asked.js';
import { computedFrom } from '../constants/opaque.js';
import { shiftWord } from '../constants/places/shift-word.js';
import { isKeptAndTested } from '../graph/kept-comparisons.js';
import { standsInLoop } from '../graph/loops.js';
import { noteErrorConstant } from '../locks/interrupted.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { answerKeys, assume, noteChange, noteStore, type State, signsOf, stateWith } from '../state/state.js';
import { bad, good, type Signs, type Value, zero, zeroValue } from '../state/value.js';
import { answersByCount } from '../tree/counters.js';
import { membersRead } from '../tree/readers.js';
import { placeName } from '../tree/reads-and-writes.js';
import { evaluateBase, evaluateObject, evaluateUnary, withEmbedded } from './address.js';
import { combine, intern, literalValue, numberOf, plus, sumOf } from './arithmetic.js';
import { assign, assignObject, copied } from './assign.js';
import { evaluateCondition } from './condition.js';
import { withinArray } from './elements.js';
import { evaluateInitialiser } from './initialisers.js';
import { isConstant } from './named-constants.js';
import { newValueWith, unknownValue } from './new-value.js';
import { readElement, readMember, readName } from './read.js';
import { constantSigns, signTest } from './sign-tests.js';

type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Evaluates an expression: one result for each path through it, since a `&&`, a `?:` or a callee may branch. */
export function evaluate(engine: Engine, expression: Expression, state: State, frame: CallFrame): readonly Evaluated[] {
  const constant = constantSigns(expression);
  if (constant === zero) return [{ value: zeroValue, state }];
  const number = expression.kind === 'literal' ? literalNumber(expression.text) : undefined;
  if (number !== undefined) return [literalValue(engine, state, number)];
  if (expression.kind === 'literal' && /^["']/.test(expression.text))
    return [textValue(engine, state, expression.text)];
  if (constant !== undefined) {
    const result = constantValue(engine, state, constant);
    return [engine.locks && constant === bad ? noteErrorConstant(result, expression) : result];
  }
  switch (expression.kind) {
    case 'name':
      return [readName(engine, expression.name, state, frame)];
    case 'member':
      return evaluateBase(engine, expression, state, frame).flatMap((base) =>
        withEmbedded(engine, expression, readMember(engine, base, expression.member, frame, expression.at), frame),
      );
    case 'index':
      return evaluate(engine, expression.index, state, frame).flatMap((index) =>
        evaluateObject(engine, expression.object, index.state, frame).map((base) =>
          readElement(engine, base, index.value, frame, expression.at),
        ),
      );
    case 'cast':
      return evaluate(engine, expression.operand, state, frame);
    case 'unary':
      return expression.operator === '!'
        ? truthOf(engine, expression, state, frame)
        : evaluateUnary(engine, expression, state, frame);
    case 'assignment':
      return evaluateAssignment(engine, expression, state, frame);
    case 'conditional':
      return evaluateConditional(engine, expression, state, frame);
    case 'sequence':
      return expression.items.reduce<readonly Evaluated[]>(
        (results, item) => results.flatMap((result) => evaluate(engine, item, result.state, frame)),
        [{ value: zeroValue, state }],
      );
    case 'call':
      return evaluateCall(engine, expression, state, frame);
    case 'initialiser':
    case 'compound-literal':
      return evaluateInitialiser(engine, expression, state, frame);
    case 'statements':
      return engine.block(expression.body, state, frame);
    case 'binary':
      if (expression.operator === '&&' || expression.operator === '||')
        return truthOf(engine, expression, state, frame);
      if (/^(?:[=!]=|[<>]=?)$/.test(expression.operator)) {
        const truth = truthOf(engine, expression, state, frame);
        // What a longer function makes of `same = a == b` would part its paths, and it is seldom tested.
        if (truth.length < 2 || isAnswer(engine, frame) || isKeptAndTested(frame.unit, expression)) return truth;
      }
      if (/^(?:[-+*/%&|^]|<<|>>)$/.test(expression.operator))
        return evaluateArithmetic(engine, expression, state, frame);
      break;
    case 'update':
      return evaluateUpdate(engine, expression, state, frame);
    default:
  }
  return sideEffects(engine, subexpressions(expression), state, frame).map((after) => unknownValue(engine, after));
}

/** Whether a function does nothing but answer a question: what it makes of `a == b` is tested. */
function isAnswer({ codebase }: Engine, { ref }: CallFrame): boolean {
  return membersRead(codebase, ref) !== undefined || answersByCount(codebase, ref);
}

/** A string: the same for the same text. */
function textValue(engine: Engine, state: State, text: string): Evaluated {
  const value = intern(engine, text);
  engine.constants.add(value);
  return { value, state: stateWith(state, { signs: state.signs.with(value, good) }) };
}

/** `-EINVAL`, `true`. */
function constantValue(engine: Engine, state: State, signs: Signs): Evaluated {
  const result = newValueWith(engine, state, signs);
  engine.constants.add(result.value);
  return result;
}

/** Evaluates expressions one after the other for their effects alone. */
function sideEffects(
  engine: Engine,
  expressions: readonly Expression[],
  state: State,
  frame: CallFrame,
): readonly State[] {
  return expressions.reduce<readonly State[]>(
    (states, expression) =>
      engine.bounded(
        states.flatMap((current) => evaluate(engine, expression, current, frame).map((result) => result.state)),
      ),
    [state],
  );
}

/** The value of a condition: non-zero where it is true, 0 where it is false. */
function truthOf(engine: Engine, test: Expression, state: State, frame: CallFrame): readonly Evaluated[] {
  return evaluateCondition(engine, test, state, frame).map((result) =>
    result.answer ? newValueWith(engine, result.state, good) : { value: zeroValue, state: result.state },
  );
}

function evaluateAssignment(
  engine: Engine,
  { target, value, operator }: ExpressionOf<'assignment'>,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  return evaluate(engine, value, state, frame).flatMap((result) => {
    if (operator === '=' && value.kind === 'compound-literal') return assignObject(engine, target, result, frame);
    if (operator === '=') return assign(engine, target, copied(engine, { target, value }, result, frame), frame);
    return evaluate(engine, target, result.state, frame).flatMap((old) => {
      const operands = { operator: operator.slice(0, -1), left: old.value, right: result.value };
      const truth = isTruth(value) ? changedTruth(engine, old.state, operands) : undefined;
      const changed = truth ?? changedValue(engine, old.state, operands, frame);
      return assign(engine, target, changed, frame).map((one) => noted(engine, one, target, frame));
    });
  });
}

/** A result after a place was changed: `x->done |= EX_MAPPED`. */
function noted(engine: Engine, { value, state }: Evaluated, place: Expression, frame: CallFrame): Evaluated {
  const local = place.kind === 'name' ? `${frame.id}:${place.name}` : '';
  if (state.variables.has(local)) return { value, state: noteStore(state, local) };
  if (place.kind !== 'unary') return { value, state: noteChange(state, placeName(place)) };
  // What a pointer leads to is known by what it was read from.
  return { value, state: [...namesRead(engine, place.operand, state, frame)].reduce(noteChange, state) };
}

/** Whether an expression is true or false: `!x`, `IS_ERR(x)`. */
function isTruth(value: Expression): boolean {
  return (value.kind === 'unary' && value.operator === '!') || (value.kind === 'call' && signTest(value) !== undefined);
}

/** The value after `ok &= !IS_ERR(x)` or `failed |= IS_ERR(x)`, if the right side is known; undefined otherwise. */
function changedTruth(engine: Engine, state: State, { operator, left, right }: Operands): Evaluated | undefined {
  const signs = signsOf(state, right);
  if (signs !== zero && signs & zero) return undefined;
  if (operator === '&') return { value: signs === zero ? zeroValue : left, state };
  if (operator === '|') return signs === zero ? { value: left, state } : newValueWith(engine, state, good);
  return undefined;
}

/** The value of `x += y`, `x |= y` and the like. */
function changedValue(engine: Engine, state: State, operands: Operands, frame: CallFrame): Evaluated {
  const { operator, left, right } = operands;
  const bits = combineBits(engine, state, operands, frame) ?? shiftWord(engine, state, operands, frame);
  if (bits) return bits;
  if (operator === '|' || operator === '&') return computedFrom(engine, unknownValue(engine, state), [left, right]);
  return combineOpaque(engine, state, operands);
}

const withOffset = (operator: string, left: Value, sum: Evaluated): Evaluated =>
  operator === '+' ? withinArray(left, sum) : sum;

/** What arithmetic makes of two values. Sums and products are what loops count. */
function combineOpaque(engine: Engine, state: State, { operator, left, right }: Operands): Evaluated {
  const result = combine(engine, state, operator, left, right);
  const isWord = [left, right].some((one) => engine.opaque.has(one) || engine.bits.has(one));
  const isOfLoops = /^[-+*/%]$/.test(operator) && !isWord;
  return isOfLoops || numberOf(engine, result.value) !== undefined
    ? result
    : computedFrom(engine, result, [left, right]);
}

interface Operands {
  readonly operator: string;
  readonly left: Value;
  readonly right: Value;
}

function evaluateArithmetic(
  engine: Engine,
  { operator, left, right }: ExpressionOf<'binary'>,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  return evaluate(engine, left, state, frame).flatMap((first) =>
    evaluate(engine, right, first.state, frame).map(({ value, state: after }) => {
      const operands = { operator, left: first.value, right: value };
      return (
        (operator === '&' ? bitsOfNoted(engine, after, { ...operands, written: left }, frame) : undefined) ??
        taggedPointer(engine, after, operands) ??
        combineBits(engine, after, operands, frame) ??
        shiftWord(engine, after, operands, frame) ??
        withOffset(operator, first.value, combineOpaque(engine, after, operands))
      );
    }),
  );
}

/**
 * `(unsigned long)buf | OWNED` and `tagged & ~OWNED`: a flag bit in a pointer does not change what the pointer leads to.
 * @returns undefined if no operand is a resource that the path knows
 */
function taggedPointer(engine: Engine, state: State, { operator, left, right }: Operands): Evaluated | undefined {
  const isHandle = (value: Value): boolean =>
    state.resources.some(({ kind, handle }) => kind !== 'lock' && handle === value);
  const tag = (handle: Value, bit: Value): string => answerKeys.question('|', [handle, bit]);
  const tagged = (handle: Value, bit: Value): Evaluated => ({
    value: handle,
    state: stateWith(state, { answers: state.answers.with(tag(handle, bit), true) }),
  });
  if (operator === '|' && isHandle(left)) return tagged(left, right);
  if (operator === '|' && isHandle(right)) return tagged(right, left);
  if (operator === '&' && state.answers.get(tag(left, right)) === true) return newValueWith(engine, state, good);
  return operator === '&' && engine.complements.has(right) && isHandle(left) ? { value: left, state } : undefined;
}

/** `i++` and `--i`. */
function evaluateUpdate(
  engine: Engine,
  expression: ExpressionOf<'update'>,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  const { operator, operand, at } = expression;
  return evaluate(engine, operand, state, frame).flatMap((old) => {
    const changed = plus(engine, old.state, old.value, operator === '++' ? 1 : -1);
    if (isConstant(engine, sumOf(engine, changed.value).base) && !standsInLoop(frame.unit, expression))
      engine.stages.add(changed.value);
    const isPrefix = operand.at > at;
    return assign(engine, operand, changed, frame).map((after) =>
      noted(engine, isPrefix ? after : { ...after, value: old.value }, operand, frame),
    );
  });
}

function evaluateConditional(
  engine: Engine,
  { test, then, otherwise }: ExpressionOf<'conditional'>,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  // `a ?: b` is `a` where that is not 0.
  if (then === null)
    return evaluate(engine, test, state, frame).flatMap((result): readonly Evaluated[] => {
      const isSomething = assume(result.state, result.value, good | bad);
      const isZero = assume(result.state, result.value, zero);
      return [
        ...(isSomething ? [{ value: result.value, state: isSomething }] : []),
        ...(isZero ? evaluate(engine, otherwise, isZero, frame) : []),
      ];
    });
  return evaluateCondition(engine, test, state, frame).flatMap((result) =>
    evaluate(engine, result.answer ? then : otherwise, result.state, frame),
  );
}
