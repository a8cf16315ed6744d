// Tests of notes that have one answer only, which the engine cannot tell: it follows both ways.

import type { Value } from './value.js';

/** The answer that a path has given to such a test. */
export interface Guess {
  /** The test: a value of its own for each time that a path comes to it. It is greater than each value made before. */
  readonly test: Value;
  readonly answer: boolean;
  /** How many resources the path had. */
  readonly resources: number;
  /** How many it had when it last wrote what the test asks for. */
  readonly noted: number;
  /** The same guess before the path came to its last join point; null where it has passed none since. */
  readonly since: Guess | null;
}

/** The guesses of a path that passes a join point: it may turn out that others come to it in the same state. */
export function guessesPast(guesses: readonly Guess[]): readonly Guess[] {
  return guesses.length === 0 ? guesses : guesses.map((since) => ({ ...since, since }));
}

/** The answers of some guesses, by test. */
export type Answers = ReadonlyMap<Value, boolean>;

/** More sets of answers than these are not compared. */
const mostSets = 64;

/**
 * What some sets of answers have in common: of two that differ in the answer to one test only, all but that answer. The code
 * gives one of the two.
 * @returns the given sets, and those that follow from them; the empty one where each way leads to the same
 */
export function withCommon(sets: readonly Answers[]): readonly Answers[] {
  const found = [...sets];
  const known = new Set(found.map(keyOf));
  for (let index = 1; index < found.length && found.length < mostSets; index++)
    for (const other of found.slice(0, index)) {
      const common = commonOf(found[index] ?? other, other);
      if (!common || known.has(keyOf(common))) continue;
      known.add(keyOf(common));
      found.push(common);
    }
  return found;
}

function commonOf(one: Answers, other: Answers): Answers | undefined {
  const opposite = [...one].filter(([test, answer]) => other.get(test) === !answer).map(([test]) => test);
  const [test] = opposite;
  if (test === undefined || opposite.length > 1) return undefined;
  const common = new Map([...one, ...other]);
  common.delete(test);
  return common;
}

function keyOf(answers: Answers): string {
  return [...answers]
    .map(([test, answer]) => `${test}${answer}`)
    .sort()
    .join();
}

/** Whether all answers of a set are among others. */
export function isWithin(set: Answers, others: Answers): boolean {
  return [...set].every(([test, answer]) => others.get(test) === answer);
}
