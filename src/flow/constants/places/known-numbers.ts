import { numberOf } from '../../evaluate/arithmetic.js';
import type { Engine } from '../../model/engine.js';
import { type Value, zeroValue } from '../../state/value.js';
import { numberOfNamed } from '../names/named-values.js';

/**
 * The number that a value surely is: one that is written, named, or put together of flags. A loop counts to another number
 * than the path, so that what was counted is not known.
 */
export function knownNumber(engine: Engine, value: Value): number | undefined {
  if (value === zeroValue) return 0;
  const number = engine.literals.get(value) ?? numberOfNamed(engine, value) ?? numberOfFlags(engine, value);
  return number !== undefined && number >= 0 && Number.isSafeInteger(number) ? number : undefined;
}

function numberOfFlags(engine: Engine, value: Value): number | undefined {
  const bits = engine.bits.get(value);
  if (bits?.base !== zeroValue) return undefined;
  return [...bits.set].reduce((sum, flag) => sum + (numberOf(engine, flag) ?? Number.NaN), 0);
}
