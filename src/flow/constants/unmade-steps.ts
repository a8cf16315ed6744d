// After a failure, what does the note of a step say that was not made?

import { type Expression, expressionText, subexpressions } from '../../c/index.js';
import { apiFunctions } from '../../kernel/index.js';
import { numberOf } from '../evaluate/arithmetic.js';
import { isConstantName } from '../evaluate/named-constants.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { keyHolding, objectOfKey } from '../state/heap.js';
import { type State, signsOf } from '../state/state.js';
import { bad, good, type Signs, type Value, zero } from '../state/value.js';
import { counterMember } from './count-steps.js';
import { bitOf } from './known-words.js';
import { flagBefore } from './places/flag-places.js';
import { constantNote, flagNote, stepNotes } from './step-notes.js';

/**
 * Whether a note can only be absent: the path has not written it, it has stored the error of a step in a member or variable,
 * and code of the file makes the note behind such a store. A function that stores the result of a step without looking
 * whether the step was made before relies on that it was not.
 * @param noteOf the note about a member or variable of that name
 */
export function isNoteAbsent(
  engine: Engine,
  name: string,
  noteOf: (name: string) => string,
  state: State,
  { ref }: CallFrame,
): boolean {
  if (!mayMissSteps(engine)) return false;
  const errors = new Map([...engine.origins].filter(([error]) => signsOf(state, error) === bad));
  if (errors.size === 0) return false;
  if (isMadeBefore(state, new Set([...errors.values()].map(({ api }) => api)))) return false;
  const isNoted = (held: Value, key: string, separator: string): boolean => {
    const origin = errors.get(held);
    const step = key.slice(key.indexOf(separator) + 1);
    const paths = origin ? new Set([ref.path, origin.path]) : [];
    return [...paths].some((path) => stepNotes(engine.codebase, path).get(step)?.has(noteOf(name)) ?? false);
  };
  for (const [key, held] of state.heap) if (isNoted(held, key, '.')) return true;
  for (const [key, held] of state.variables) if (key.startsWith('global:') && isNoted(held, key, ':')) return true;
  return false;
}

/** Whether a path of the function may have made an error of a step. */
const mayMissSteps = ({ locks, origins }: Engine): boolean => locks === null && origins.size > 0;

/** Whether the path released what such a step had made before: the note of that is still there when the next one fails. */
function isMadeBefore({ resources }: State, steps: ReadonlySet<string>): boolean {
  const kinds = new Set(
    [...steps].flatMap((api) =>
      (apiFunctions.get(api)?.effects ?? []).flatMap((effect) => (effect.kind === 'acquire' ? [effect.resource] : [])),
    ),
  );
  return resources.some(({ kind, status, count }) => kinds.has(kind) && status === 'released' && count === 0);
}

/** A note as the path finds it: the name of its member or variable, and which of the notes there it is. */
interface FoundNote {
  readonly name: string;
  /** How the flags or the element may be called that it stands for; null for the member as a whole. */
  readonly parts: readonly (readonly string[])[] | null;
}

/**
 * The member or global variable that holds a value, of which the path has written no more than flags; undefined for any other
 * value.
 */
function noteAtEntry(engine: Engine, value: Value, state: State): FoundNote | undefined {
  const mask = engine.masks.get(value);
  if (mask && !engine.bits.has(value) && mask.set.size === 0) {
    const word = noteAtEntry(engine, wordAround(engine, mask.word, state), state);
    const flags = [...mask.open].map((flag) => flagBefore(engine, flag, mask.shift));
    return word?.parts === null ? { ...word, parts: flags.map((flag) => textsOf(engine, flag)) } : undefined;
  }
  const { base, shift } = bitOf(engine, value);
  if (shift !== 0) return undefined;
  const global = engine.globals.get(base);
  if (global !== undefined) return isConstantName(global) ? undefined : { name: global, parts: null };
  if (!engine.fromMembers.has(base)) return undefined;
  const key = keyHolding(state, value);
  if (key === undefined) return undefined;
  const name = key.slice(key.indexOf('.') + 1);
  if (name === counterMember) return placeOfCount(engine, objectOfKey(key));
  return name.startsWith('[') ? elementAtEntry(engine, objectOfKey(key), name, state) : { name, parts: null };
}

/** The member or variable that is an atomic number. */
function placeOfCount({ places, globals }: Engine, count: Value): FoundNote | undefined {
  const name = places.get(count)?.replace(/^[^.]*\./, '') ?? globals.get(count);
  return name === undefined ? undefined : { name, parts: null };
}

/** What a word has become in which the path has set flags; the word itself where it has set none. */
function wordAround({ bits }: Engine, word: Value, { heap }: State): Value {
  for (const [, held] of heap) {
    const known = bits.get(held);
    if (known?.base === word && known.shift === 0) return held;
  }
  return word;
}

/** `x->marks[EX_MAPPED]`: the note with that name in the array. */
function elementAtEntry(engine: Engine, array: Value, element: string, state: State): FoundNote | undefined {
  const key = keyHolding(state, array);
  if (key === undefined) return undefined;
  const index = element.startsWith('[v') ? textsOf(engine, Number(element.slice(2, -1))) : [element.slice(1, -1)];
  return { name: key.slice(key.indexOf('.') + 1), parts: [index] };
}

/** How the code may write a constant: by its name, as a number, or as the bit with such a number. */
function textsOf(engine: Engine, value: Value): readonly string[] {
  const bit = engine.bitNumbers.get(value);
  const inner = [...(bit === undefined ? [] : [bit]), ...(engine.namesOf.get(value) ?? [])].flatMap((one) =>
    textsOf(engine, one),
  );
  const number = numberOf(engine, value);
  const own = [engine.globals.get(value), number === undefined ? undefined : String(number)];
  return [...own.filter((one) => one !== undefined), ...inner, ...inner.map((one) => `BIT(${one})`)];
}

/** The signs that a value is left with if it notes a step that was not made; undefined for any other value. */
export function signsOfUnmade(engine: Engine, value: Value, state: State, frame: CallFrame): Signs | undefined {
  const found = mayMissSteps(engine) ? noteAtEntry(engine, value, state) : undefined;
  if (!found) return undefined;
  const isAbsent = (noteOf: (name: string) => string): boolean =>
    isNoteAbsent(engine, found.name, noteOf, state, frame);
  const isUnmade = found.parts
    ? found.parts.every((texts) => texts.some((text) => isAbsent((name) => flagNote(name, text))))
    : isAbsent((name) => name);
  return isUnmade ? zero : undefined;
}

/** The answer of `x & FLAG`, `x == CONSTANT` and the like about the note of a step that was not made; undefined for others. */
export function answerOfUnmade(engine: Engine, test: Expression, state: State, frame: CallFrame): boolean | undefined {
  if (test.kind !== 'binary' || !mayMissSteps(engine)) return undefined;
  const [subject] = engine.evaluate(test.left, state, frame);
  const found = subject && noteAtEntry(engine, subject.value, state);
  if (!found) return undefined;
  if (found.parts) {
    const equal = test.operator === '==' ? false : test.operator === '!=' ? true : undefined;
    const isUnmade = equal !== undefined && signsOfUnmade(engine, subject.value, state, frame) === zero;
    return isUnmade && signsOf(state, engine.evaluate(test.right, state, frame)[0]?.value ?? -1) === good
      ? equal
      : undefined;
  }
  const others = constantsIn(engine, test.right, state, frame);
  const isAbsent = (note: (name: string, other: string) => string): boolean =>
    others.some((other) => isNoteAbsent(engine, found.name, (one) => note(one, other), state, frame));
  if (test.operator === '&') return isAbsent(flagNote) ? false : undefined;
  const answer = whenLess.get(test.operator);
  return answer !== undefined && isAbsent(constantNote) ? answer : undefined;
}

/** How the code that makes a note may write a constant: as the test does, or as the caller that passed it. */
export function constantsIn(engine: Engine, written: Expression, state: State, { id, unit }: CallFrame) {
  const parameters = new Set(unit.parameters.map(({ name }) => name));
  const found = [expressionText(written)];
  const visit = (one: Expression): void => {
    const value =
      one.kind === 'name' && parameters.has(one.name) ? state.variables.get(`${id}:${one.name}`) : undefined;
    if (value !== undefined) found.push(...textsOf(engine, value));
    for (const part of subexpressions(one)) visit(part);
  };
  visit(written);
  return found;
}

/** How an earlier state compares with a later one. */
const whenLess: ReadonlyMap<string, boolean> = new Map([
  ['==', false],
  ['!=', true],
  ['>=', false],
  ['>', false],
  ['<', true],
  ['<=', true],
]);
