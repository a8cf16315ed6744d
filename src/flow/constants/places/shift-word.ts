// `(flags & EX_OWNED) << 3`, `word >> EX_SHIFT`: a word of flags at another place. The flags are the same, with other numbers.

import { combine, isCount, numberOf } from '../../evaluate/arithmetic.js';
import type { CallFrame, Engine, Evaluated } from '../../model/engine.js';
import type { State } from '../../state/state.js';
import { type Value, zeroValue } from '../../state/value.js';
import { bitsOf } from '../bits.js';
import { type Bits, wordOf, wordOfNumber } from '../known-words.js';
import { numberOfNamed } from '../names/named-values.js';
import { shiftedFlags } from './flag-places.js';
import { knownNumber } from './known-numbers.js';

interface Shift {
  readonly operator: string;
  readonly left: Value;
  readonly right: Value;
}

/** Shifts by more than that leave nothing of a word. */
const greatestShift = 52;

/** The value of `word << n` and `word >> n`, where n is known; undefined where that says nothing of the flags. */
export function shiftWord(engine: Engine, state: State, shift: Shift, frame: CallFrame): Evaluated | undefined {
  const { operator, left, right } = shift;
  if (operator !== '<<' && operator !== '>>') return undefined;
  const by = numberOf(engine, right) ?? numberOfNamed(engine, right);
  if (by === undefined || by < 0 || by > greatestShift) return undefined;
  const distance = operator === '<<' ? by : -by;
  const number = knownNumber(engine, left);
  if (number !== undefined) {
    const shifted = Math.floor(number * 2 ** distance);
    return shifted > 2 ** greatestShift ? undefined : wordOfNumber(engine, state, shifted);
  }
  if (isCount(engine, left) || state.resources.some(({ handle }) => handle === left)) return undefined;
  return shiftFlags(engine, state, shift, distance, frame);
}

function shiftFlags(
  engine: Engine,
  state: State,
  { operator, left, right }: Shift,
  distance: number,
  frame: CallFrame,
): Evaluated | undefined {
  const mask = engine.masks.get(left);
  const bits = bitsOf(engine, left, frame);
  // `word >> 4 << 4` has lost its low flags.
  if (bits.shift < 0 && distance > 0 && bits.within === null) return undefined;
  const [set, cleared, within, open] = [bits.set, bits.cleared, bits.within ?? [], mask?.open ?? []].map((flags) =>
    shiftedFlags(engine, flags, distance),
  );
  if (!set || !cleared || !within || !open) return undefined;
  const known: Bits = { base: bits.base, shift: bits.shift + distance, set, cleared, within: bits.within && within };
  const isPlain = bits.base === left;
  const result = isPlain ? combine(engine, state, operator, left, right) : wordOf(engine, state, known);
  if (result.value === zeroValue) return result;
  engine.bits.set(result.value, known);
  if (open.size > 0) engine.masks.set(result.value, { word: known.base, shift: known.shift, set, open });
  if (engine.opaque.has(known.base)) engine.opaque.add(result.value);
  return result;
}
