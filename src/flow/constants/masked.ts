// What a path knows after it has asked for some flags of a word: `if (mode & READ)`, `switch (mode & (READ | WRITE))`.

import { numberOf } from '../evaluate/arithmetic.js';
import type { Engine } from '../model/engine.js';
import { answerKeys, type State, stateWith } from '../state/state.js';
import { good, type Value } from '../state/value.js';
import { flagsIn, isOpenBit, type Mask } from './bits.js';

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
  const open = openFlags(state, mask);
  const set = [...mask.set, ...[...mask.open].filter((flag) => isSet(state, mask, flag))];
  const mayBe =
    set.every((flag) => wanted.has(flag)) && [...wanted].every((one) => set.includes(one) || open.includes(one));
  if (!mayBe) return [{ state, answer: false }];
  const equal = withFlags(state, mask, open, (flag) => wanted.has(flag));
  if (open.length === 0) return [{ state: equal, answer: true }];
  const unequal = open.length > 1 ? state : withFlags(state, mask, open, (flag) => !wanted.has(flag));
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
  const [one, other] = [flagsIn(engine, left), flagsIn(engine, right)];
  if (!one || !other || isMixed(engine, [...one, ...other])) return undefined;
  return [{ state, answer: one.size === other.size && [...one].every((flag) => other.has(flag)) }];
}

/**
 * Whether any of these flags is set, where the path does not know it yet: `if (mode & READ)`.
 * @returns undefined where a value is no part of a word
 */
export function askForFlags(engine: Engine, state: State, value: Value): readonly FlagAnswer[] | undefined {
  const mask = engine.masks.get(value);
  if (!mask) return undefined;
  const open = openFlags(state, mask);
  const isTrue = open.length === 1 ? withFlags(state, mask, open, () => true) : state;
  return [
    { state: stateWith(isTrue, { signs: isTrue.signs.with(value, good) }), answer: true },
    { state: withFlags(state, mask, open, () => false), answer: false },
  ];
}

const isSet = ({ answers }: State, { word }: Mask, flag: Value): boolean =>
  answers.get(answerKeys.flag(word, flag)) === true;

/** The flags of which the path does not know whether they are set. */
function openFlags({ answers }: State, { word, open }: Mask): readonly Value[] {
  return [...open].filter((flag) => !answers.has(answerKeys.flag(word, flag)));
}

/** The state in which some flags of a word are set, and others are not. */
function withFlags(state: State, { word }: Mask, flags: readonly Value[], isOn: (flag: Value) => boolean): State {
  let { answers } = state;
  for (const flag of flags) answers = answers.with(answerKeys.flag(word, flag), isOn(flag));
  return stateWith(state, { answers });
}
