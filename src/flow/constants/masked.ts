// What a path knows after it has asked for some flags of a word: `if (mode & READ)`, `switch (mode & (READ | WRITE))`.

import { intern, isCount, numberOf } from '../evaluate/arithmetic.js';
import type { Engine } from '../model/engine.js';
import { answerKeys, type State, signsOf, stateWith } from '../state/state.js';
import { good, type Value, zero } from '../state/value.js';
import { flagsIn, isOpenBit } from './bits.js';
import type { Mask } from './known-words.js';
import { flagBefore } from './places/flag-places.js';
import { knownNumber } from './places/known-numbers.js';

/** One answer of a question for flags, with the state in which it has it. */
interface FlagAnswer {
  readonly state: State;
  readonly answer: boolean;
}

/**
 * Whether exactly these flags of a word are set: `(mode & (READ | WRITE)) == READ`.
 * @returns a result for each answer that is possible; undefined where no operand is a part of a word
 */
export function compareFlags(
  engine: Engine,
  state: State,
  left: Value,
  right: Value,
): readonly FlagAnswer[] | undefined {
  const mask = engine.masks.get(left);
  if (!mask)
    return engine.masks.has(right) ? compareFlags(engine, state, right, left) : compareSets(engine, state, left, right);
  const wanted = mask.open.has(right) || mask.set.has(right) ? new Set([right]) : flagsIn(engine, right);
  if (!wanted || isMixed(engine, [...wanted, ...mask.open, ...mask.set])) return undefined;
  const open = openFlags(engine, state, mask);
  const set = [...mask.set, ...[...mask.open].filter((flag) => isSet(engine, state, mask, flag))];
  const mayBe =
    set.every((flag) => wanted.has(flag)) && [...wanted].every((one) => set.includes(one) || open.includes(one));
  const asked = answerKeys.same(asInWord(engine, mask, [...mask.set, ...mask.open]), asInWord(engine, mask, wanted));
  if (!mayBe || state.answers.get(asked) === false) return [{ state, answer: false }];
  const equal = withFlags(engine, state, mask, open, (flag) => wanted.has(flag));
  if (open.length === 0) return [{ state: equal, answer: true }];
  const unequal =
    open.length > 1
      ? stateWith(state, { answers: state.answers.with(asked, false) })
      : withFlags(engine, state, mask, open, (flag) => !wanted.has(flag));
  return [
    { state: equal, answer: true },
    { state: unequal, answer: false },
  ];
}

/** Whether some flags have numbers and others do not, or are bits of which the path does not know which: two may be the same. */
function isMixed(engine: Engine, flags: readonly Value[]): boolean {
  const others = flags.filter((flag) => numberOf(engine, flag) === undefined);
  if (others.length > 0 && others.length < flags.length) return true;
  return others.some((flag) => isOpenBit(engine, flag) && others.some((other) => other !== flag));
}

/** Whether two words are equal whose flags are all known. */
function compareSets(engine: Engine, state: State, left: Value, right: Value): readonly FlagAnswer[] | undefined {
  if (numberOf(engine, left) !== undefined && numberOf(engine, right) !== undefined) return undefined;
  const [first, second] = [left, right].map((one) => (isCount(engine, one) ? undefined : knownNumber(engine, one)));
  if (first !== undefined && second !== undefined) return [{ state, answer: first === second }];
  const [one, other] = [flagsIn(engine, left), flagsIn(engine, right)];
  if (!one || !other || isMixed(engine, [...one, ...other])) return undefined;
  return [{ state, answer: one.size === other.size && [...one].every((flag) => other.has(flag)) }];
}

/**
 * Whether any of these flags is set, where the path does not know it yet: `if (mode & READ)`.
 * @returns undefined where a value is no part of a word
 */
export function askForFlags(engine: Engine, state: State, value: Value): readonly FlagAnswer[] | undefined {
  if (!engine.masks.has(value)) return undefined;
  return [true, false].flatMap((answer) => {
    const after = withAnswer(engine, state, value, answer);
    return after ? [{ state: after, answer }] : [];
  });
}

/**
 * The state in which any flag of a value is set, or none; undefined where the path knows that it is not so.
 * @returns the state as it is where the value is no part of a word
 */
export function withAnswer(engine: Engine, state: State, value: Value, isAny: boolean): State | undefined {
  const mask = engine.masks.get(value);
  if (!mask) return state;
  const open = openFlags(engine, state, mask);
  const isOneSet = mask.set.size > 0 || [...mask.open].some((flag) => isSet(engine, state, mask, flag));
  // The same flags may be asked for at another place of the word.
  const part = asInWord(engine, mask, mask.open);
  if (!isAny) {
    if (isOneSet || (signsOf(state, part) & zero) === 0) return undefined;
    return withFlags(engine, state, mask, open, () => false);
  }
  if (!isOneSet && open.length === 0) return undefined;
  const signs = state.signs.with(value, good);
  if (isOneSet) return stateWith(state, { signs });
  return open.length === 1
    ? withFlags(engine, stateWith(state, { signs }), mask, open, () => true)
    : stateWith(state, { signs: signs.with(part, good) });
}

/** Some flags of a part of a word as one value, the same wherever the part stands. */
function asInWord(engine: Engine, { word, shift }: Mask, flags: Iterable<Value>): Value {
  const before = [...flags].map((flag) => flagBefore(engine, flag, shift)).sort((one, other) => one - other);
  return intern(engine, `part:${word}:${before.join()}`);
}

function isSet(engine: Engine, { answers }: State, { word, shift }: Mask, flag: Value): boolean {
  return answers.get(answerKeys.flag(word, flagBefore(engine, flag, shift))) === true;
}

/** The flags of which the path does not know whether they are set. */
function openFlags(engine: Engine, { answers }: State, { word, shift, open }: Mask): readonly Value[] {
  return [...open].filter((flag) => !answers.has(answerKeys.flag(word, flagBefore(engine, flag, shift))));
}

/** The state in which some flags of a word are set, and others are not. */
function withFlags(
  engine: Engine,
  state: State,
  { word, shift }: Mask,
  flags: readonly Value[],
  isOn: (flag: Value) => boolean,
): State {
  let { answers } = state;
  for (const flag of flags) answers = answers.with(answerKeys.flag(word, flagBefore(engine, flag, shift)), isOn(flag));
  return stateWith(state, { answers });
}
