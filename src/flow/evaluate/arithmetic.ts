import { noteName, numberOfNamed } from '../constants/names/named-values.js';
import type { Engine, Evaluated, Sum } from '../model/engine.js';
import { answerKeys, type State, signsOf, stateWith } from '../state/state.js';
import { bad, good, type Signs, type Value, zero, zeroValue } from '../state/value.js';
import { isConstant } from './named-constants.js';

/** The sum that a value is. A value that was not counted up or down is itself and 0; a count is a sum on 0. */
export function sumOf(engine: Engine, value: Value): Sum {
  return engine.sums.get(value) ?? { base: value, offset: 0 };
}

/** Whether a value was counted from 0: it is 0, 1, or what `i++` and `i--` made of them on this path. */
export function isCount(engine: Engine, value: Value): boolean {
  return sumOf(engine, value).base === zeroValue;
}

/** The number that a value is, or undefined. */
export function numberOf(engine: Engine, value: Value): number | undefined {
  const { base, offset } = sumOf(engine, value);
  const start = base === zeroValue ? 0 : engine.literals.get(base);
  return start === undefined ? undefined : start + offset;
}

/**
 * A value and a number: the same for the same operands, so that `i++` and then `i--` lead back to the element which they
 * came from.
 */
export function plus(engine: Engine, state: State, value: Value, distance: number): Evaluated {
  const { base, offset } = sumOf(engine, value);
  const total = offset + distance;
  if (total === 0) return { value: base, state };
  const sum = intern(engine, `${base}+${total}`);
  engine.sums.set(sum, { base, offset: total });
  const fromBase = signsAfter(total, signsOf(state, base));
  const step = signsAfter(distance, signsOf(state, value));
  const possible = signsOfSum(engine, { base, offset: total }) ?? (step & fromBase || step);
  const signs = signsOf(state, sum) & possible || possible;
  const shared = state.shared.has(value) ? state.shared.with(sum, true) : state.shared;
  return { value: sum, state: stateWith(state, { shared, signs: state.signs.with(sum, signs) }) };
}

/** The state in which a sum has only the signs that its base allows: a test may have narrowed those of the base since. */
export function withSignsOfSum(engine: Engine, state: State, sum: Value): State {
  const { base, offset } = sumOf(engine, sum);
  const signs = signsOf(state, sum);
  const left = offset === 0 || !state.signs.has(base) ? signs : signs & signsAfter(offset, signsOf(state, base));
  return left === signs || left === 0 ? state : stateWith(state, { signs: state.signs.with(sum, left) });
}

/** The signs of a sum that what it counts from tells: of a number, and of the last index of an array, `EX_SLOTS - 1`. */
function signsOfSum(engine: Engine, { base, offset }: Sum): Signs | undefined {
  if (base === zeroValue) return offset > 0 ? good : bad;
  return offset === -1 && isConstant(engine, base) ? good | zero : undefined;
}

/** The signs of a value of some signs after it was counted up or down. */
function signsAfter(distance: number, signs: Signs): Signs {
  const [towards, away] = distance > 0 ? [good, bad] : [bad, good];
  let after: Signs = signs & zero || signs & towards ? towards : 0;
  if (signs & away) after |= Math.abs(distance) === 1 ? away | zero : away | zero | towards;
  return after;
}

/**
 * The value of a number in the source. 1 is a count. Greater ones are values of their own, since loops are followed for
 * fewer rounds than they say: that `i` was not counted up to 4 does not tell that `i < 4`.
 */
export function literalValue(engine: Engine, state: State, number: number): Evaluated {
  if (number <= 1) return plus(engine, state, zeroValue, number);
  const value = intern(engine, `#${number}`);
  engine.literals.set(value, number);
  return { value: resolve(state, value), state: stateWith(state, { signs: state.signs.with(value, good) }) };
}

/** The value of `left operator right`, for the operators of arithmetic: the same for the same operands. */
export function combine(engine: Engine, state: State, operator: string, left: Value, right: Value): Evaluated {
  const [first, second] = [numberOf(engine, left), numberOf(engine, right)];
  if (operator === '+' && second !== undefined) return plus(engine, state, left, second);
  if (operator === '+' && first !== undefined) return plus(engine, state, right, first);
  if (operator === '-' && second !== undefined) return plus(engine, state, left, -second);
  if (operator === '<<' && first === 1) return bitAt(engine, state, right);
  if (operator === '<<' && first !== undefined && (left === zeroValue || engine.literals.has(left))) {
    const shifted = second === undefined || second < 0 ? Number.NaN : first * 2 ** second;
    if (shifted <= 2 ** greatestBit) return literalValue(engine, state, shifted);
  }
  if (operator === '*' && first !== undefined && second !== undefined && isCount(engine, left))
    return plus(engine, state, zeroValue, first * second);
  const value = intern(engine, `${left}${operator}${right}`);
  if (operator === '+') engine.steps.set(value, { array: left, index: right });
  if (operator === '>>') engine.shifts.set(value, { word: left, index: right });
  // `table + i` is as well known as the table.
  const isShared = operator === '+' && state.shared.has(left);
  return { value, state: isShared ? stateWith(state, { shared: state.shared.with(value, true) }) : state };
}

/** The greatest bit that is a number of its own: of a greater one nothing is known but that it is a bit. */
const greatestBit = 52;

/** The value of `1 << n` and `BIT(n)`: a number where n is one, and else a flag, the same for the same n. */
export function bitAt(engine: Engine, state: State, index: Value): Evaluated {
  const number = numberOf(engine, index) ?? numberOfNamed(engine, index);
  if (number !== undefined && number >= 0 && number <= greatestBit) {
    const bit = literalValue(engine, state, 2 ** number);
    noteName(engine, bit.value, index);
    return bit;
  }
  const flag = intern(engine, `bit ${index}`);
  engine.flags.add(flag);
  engine.bitNumbers.set(flag, index);
  return { value: flag, state: stateWith(state, { signs: state.signs.with(flag, good) }) };
}

/** A value that is the same for the same key. */
export function intern(engine: Engine, key: string): Value {
  let value = engine.interned.get(key);
  if (value === undefined) {
    value = engine.newValue();
    engine.interned.set(key, value);
  }
  return value;
}

/** The value that a value was found to be equal to on this path, or itself. */
export function resolve(state: State, value: Value): Value {
  const equal = state.answers.get(answerKeys.equal(value));
  return typeof equal === 'number' ? equal : value;
}
