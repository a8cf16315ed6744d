// `bitmap_set(x->done, EX_MAPPED, 1)`, `bitmap_weight(x->done, EX_STEPS)`: words of which a call changes or reads several bits.

import { type BitmapFunction, bitmapFunctions } from '../../kernel/index.js';
import type { CallSite } from '../calls/call-site.js';
import { bitAt, intern, numberOf, plus } from '../evaluate/arithmetic.js';
import type { Engine, Evaluated } from '../model/engine.js';
import { type State, stateWith, truthOf } from '../state/state.js';
import { good, type Value, zeroValue } from '../state/value.js';
import { withBit } from './bits.js';
import { bitOf } from './known-words.js';
import { computedFrom } from './opaque.js';
import { withWord, wordAt } from './words.js';

/** Of a longer range only the call as a whole is known. */
const longest = 16;

/**
 * Evaluates a call that changes or reads several bits of a word, or turns one over.
 * @returns undefined for every other call, and where the word is no member that the path can name
 */
export function applyBitmap(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const { engine, name, call, values } = site;
  const effect = bitmapFunctions.get(name);
  if (!effect) return undefined;
  const words = call.arguments.map((_, index) => wordAt(site, index, state));
  const target = effect.writes === null ? undefined : words[effect.writes];
  if (effect.writes === null ? words.every((one) => !one) : !target) return undefined;
  const precise = target ? changedBits(site, effect, target.content, state) : null;
  if (target && precise) return [{ value: zeroValue, state: withWord(precise.state, target.place, precise.value) }];
  const operands = words.map((one, index) => one?.content ?? values[index] ?? zeroValue);
  const made = computedFrom(engine, { value: intern(engine, `${name}(${operands})`), state }, operands);
  if (target) return [{ value: zeroValue, state: withWord(state, target.place, made.value) }];
  return [withSign(engine, effect, made, operands)];
}

/** The word after its bits were changed; null where it is not known which, or to what. */
function changedBits(site: CallSite, { makes }: BitmapFunction, word: Value, state: State): Evaluated | null {
  if (makes === null) return null;
  return makes === 'argument' ? withAssigned(site, word, state) : withRange(site, word, makes, state);
}

/** The word after a range of its bits was set or cleared; null where the range is not known. */
function withRange({ engine, values }: CallSite, word: Value, isSet: boolean, state: State): Evaluated | null {
  const [, start, count] = values;
  const length = count === undefined ? undefined : numberOf(engine, count);
  if (start === undefined || length === undefined || length < 1 || length > longest) return null;
  if (length > 1 && numberOf(engine, start) === undefined) return null;
  let result: Evaluated = { value: word, state };
  for (let index = 0; index < length; index++) {
    const number = plus(engine, result.state, start, index);
    const bit = bitAt(engine, number.state, number.value);
    result = withBit(engine, bit.state, bitOf(engine, result.value), bit.value, isSet);
  }
  return result;
}

/** The word after `assign_bit(nr, word, value)`; null where it is not known whether the value is true. */
function withAssigned({ engine, values }: CallSite, word: Value, state: State): Evaluated | null {
  const [number, , isSet] = values;
  const truth = isSet === undefined ? null : truthOf(state, isSet);
  if (number === undefined || truth === null) return null;
  const bit = bitAt(engine, state, number);
  return withBit(engine, bit.state, bitOf(engine, word), bit.value, truth);
}

/** What an answer about a bitmap tells where it is known whether any bit is set. */
function withSign(
  engine: Engine,
  { tells }: BitmapFunction,
  { value, state }: Evaluated,
  [word = zeroValue]: readonly Value[],
): Evaluated {
  const isEmpty = word === zeroValue ? true : bitOf(engine, word).set.size > 0 ? false : undefined;
  if (isEmpty === undefined || tells === null) return { value, state };
  if ((tells === 'number') === isEmpty) return { value: zeroValue, state };
  return { value, state: stateWith(state, { signs: state.signs.with(value, good) }) };
}
