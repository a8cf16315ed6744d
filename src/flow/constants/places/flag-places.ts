// Where a flag of a shifted word stands in the word that it was before: bit 5 of `word << 3` is bit 2 of the word.

import { intern, literalValue, numberOf } from '../../evaluate/arithmetic.js';
import type { Engine } from '../../model/engine.js';
import { emptyState } from '../../state/state.js';
import { type Value, zeroValue } from '../../state/value.js';

/** A flag of a greater number is not told apart from others. */
const greatestFlag = 2 ** 52;

/** The flag that another is after a shift to the left, or to the right by a negative distance: 0 where it is shifted out. */
function shiftedFlag(engine: Engine, flag: Value, distance: number): Value | undefined {
  if (distance === 0) return flag;
  const number = numberOf(engine, flag);
  if (number === undefined) return undefined;
  const shifted = Math.floor(number * 2 ** distance);
  return shifted > greatestFlag ? undefined : literalValue(engine, emptyState, shifted).value;
}

/** The flags that some are after a shift, without those that are shifted out; undefined where the number of one is not known. */
export function shiftedFlags(engine: Engine, flags: Iterable<Value>, distance: number): ReadonlySet<Value> | undefined {
  const shifted = [...flags].map((flag) => shiftedFlag(engine, flag, distance));
  const known = shifted.filter((flag) => flag !== undefined);
  return known.length < shifted.length ? undefined : new Set(known.filter((flag) => flag !== zeroValue));
}

/**
 * The flag of the word as it was before it was shifted. One whose number is not known is another flag than the same of that word.
 */
export function flagBefore(engine: Engine, flag: Value, shift: number): Value {
  return shiftedFlag(engine, flag, -shift) ?? intern(engine, `${flag}>>${shift}`);
}
