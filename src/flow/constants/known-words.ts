// Words of which flags are known, as values: the same value for the same flags.

import { intern, literalValue } from '../evaluate/arithmetic.js';
import type { Engine, Evaluated } from '../model/engine.js';
import { emptyState, type State, stateWith } from '../state/state.js';
import { good, type Value, zeroValue } from '../state/value.js';

/** What is known of a word: the flags that were set and cleared in it, and the word that it was before. */
export interface Bits {
  readonly base: Value;
  /** How far that was shifted to the left: negative to the right. The flags here are those of the word as it is. */
  readonly shift: number;
  readonly set: ReadonlySet<Value>;
  readonly cleared: ReadonlySet<Value>;
  /** The only flags that may be set, after `word & (FLAG | OTHER)`; null where any may be. */
  readonly within: ReadonlySet<Value> | null;
}

/** Some flags of a word: what `word & (FLAG | OTHER)` asks for. */
export interface Mask {
  /** The word that it was at first. */
  readonly word: Value;
  /** How far it was shifted to the left since: negative to the right. */
  readonly shift: number;
  /** The flags that were set in it since. */
  readonly set: ReadonlySet<Value>;
  /** The flags that are as they were at first, and of which it was not known whether they are set. */
  readonly open: ReadonlySet<Value>;
}

const none: ReadonlySet<Value> = new Set();

/** What is known of a word of which nothing else is. */
export const plainWord = (base: Value): Bits => ({ base, shift: 0, set: none, cleared: none, within: null });

/** What is known of a word in which these flags are set, and no others. */
export const wordWith = (set: ReadonlySet<Value>): Bits => ({ ...plainWord(zeroValue), set });

/** What is known of a word as such. */
export function bitOf(engine: Engine, word: Value): Bits {
  return engine.bits.get(word) ?? plainWord(word);
}

/** The word that a number is: 1, too, which a loop might have counted elsewhere. */
export function wordOfNumber(engine: Engine, state: State, number: number): Evaluated {
  if (number !== 1) return literalValue(engine, state, number);
  return wordOf(engine, state, wordWith(new Set([literalValue(engine, emptyState, 1).value])));
}

/** The word in which these flags are set, and no others. */
export function wordOfFlags(engine: Engine, flags: ReadonlySet<Value>): Value {
  return wordOf(engine, emptyState, wordWith(flags)).value;
}

/** The value of a word of which this is known: the same for the same. */
export function wordOf(engine: Engine, state: State, known: Bits): Evaluated {
  const { base, shift, set, cleared, within } = known;
  // The mask clears every bit that may be set.
  if (set.size === 0 && (base === zeroValue || within?.size === 0)) return { value: zeroValue, state };
  const sorted = (flags: ReadonlySet<Value>): string => [...flags].sort((one, other) => one - other).join();
  const value = intern(
    engine,
    `bits:${base}${shift === 0 ? '' : `<<${shift}`}:${sorted(set)}:${sorted(cleared)}:${within ? sorted(within) : ''}`,
  );
  engine.bits.set(value, known);
  return { value, state: set.size > 0 ? stateWith(state, { signs: state.signs.with(value, good) }) : state };
}
