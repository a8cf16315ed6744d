// `FIELD_PREP(EX_MODE, mode)`, `FIELD_GET(EX_MODE, word)`, `GENMASK(7, 4)`: parts of a word that hold a number.

import { fieldCalls, makesBits } from '../../kernel/index.js';
import { combineBits } from '../constants/bits.js';
import { wordOfNumber } from '../constants/known-words.js';
import { withAnswer } from '../constants/masked.js';
import { bitsFrom } from '../constants/names/constant-expression.js';
import { mayBeCounted } from '../constants/noted-numbers.js';
import { knownNumber } from '../constants/places/known-numbers.js';
import { shiftWord } from '../constants/places/shift-word.js';
import { intern, isCount, literalValue, numberOf } from '../evaluate/arithmetic.js';
import type { Evaluated } from '../model/engine.js';
import { emptyState, type State, signsOf, stateWith } from '../state/state.js';
import { good, type Value, zero, zeroValue } from '../state/value.js';
import type { CallSite } from './call-site.js';

/** Returns what a call makes of a part of a word; undefined for any other call, and where nothing is known. */
export function applyField(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const { engine, name, values } = site;
  if (makesBits(name)) return bitsOfRange(site, state);
  const field = fieldCalls.get(name);
  const [mask, operand] = field ? [values[field.mask], values[field.operand]] : [];
  if (!field || mask === undefined || operand === undefined) return undefined;
  if (field.does === 'put' && signsOf(state, operand) === zero) return [{ value: zeroValue, state }];
  const number = knownNumber(engine, mask);
  const distance = number === undefined ? -1 : lowestBit(number);
  const whole = wordAt(site, state, field.operand);
  const place = { mask, distance };
  if (field.does === 'get') {
    const part = whole && distance >= 0 ? getField(site, whole, place) : undefined;
    return part && [part];
  }
  const put = (whole && distance >= 0 ? putField(site, whole, place) : undefined) ?? {
    value: intern(engine, `${name}:${values.join()}`),
    state,
  };
  return [signsOf(state, operand) & zero ? put : notZero(site, put)];
}

/** Where a number stands in a word. */
interface FieldPlace {
  readonly mask: Value;
  /** How far it is shifted to the left there. */
  readonly distance: number;
}

function putField(
  { engine, frame }: CallSite,
  number: Evaluated,
  { mask, distance }: FieldPlace,
): Evaluated | undefined {
  const by = literalValue(engine, emptyState, distance).value;
  const moved = shiftWord(engine, number.state, { operator: '<<', left: number.value, right: by }, frame);
  return moved && combineBits(engine, moved.state, { operator: '&', left: moved.value, right: mask }, frame);
}

function getField({ engine, frame }: CallSite, word: Evaluated, { mask, distance }: FieldPlace): Evaluated | undefined {
  const by = literalValue(engine, emptyState, distance).value;
  const part = combineBits(engine, word.state, { operator: '&', left: word.value, right: mask }, frame);
  return part && shiftWord(engine, part.state, { operator: '>>', left: part.value, right: by }, frame);
}

/** The field holds what is not 0. */
function notZero({ engine }: CallSite, { value, state }: Evaluated): Evaluated {
  const after = withAnswer(engine, state, value, true) ?? state;
  return { value, state: stateWith(after, { signs: after.signs.with(value, good) }) };
}

/** An argument as a word; undefined where a loop may have counted it, to another number than the path. */
function wordAt({ engine, call, values, frame }: CallSite, state: State, index: number): Evaluated | undefined {
  const [value, written] = [values[index], call.arguments[index]];
  if (value === undefined || !written) return undefined;
  if (value === zeroValue || !isCount(engine, value)) return { value, state };
  const number = numberOf(engine, value) ?? -1;
  return number < 0 || mayBeCounted(written, frame) ? undefined : wordOfNumber(engine, state, number);
}

/** The number of the lowest bit that is set; -1 for 0. */
function lowestBit(number: number): number {
  let bit = number > 0 ? 0 : -1;
  while (bit >= 0 && Math.floor(number / 2 ** bit) % 2 === 0) bit++;
  return bit;
}

function bitsOfRange({ engine, values: [high, low] }: CallSite, state: State): readonly Evaluated[] | undefined {
  if (high === undefined || low === undefined) return undefined;
  const [first, last] = [
    knownNumber(engine, high) ?? numberOf(engine, high),
    knownNumber(engine, low) ?? numberOf(engine, low),
  ];
  const number = first === undefined || last === undefined ? undefined : bitsFrom(first, last);
  return number === undefined || !Number.isSafeInteger(number) ? undefined : [wordOfNumber(engine, state, number)];
}
