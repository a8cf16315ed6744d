// After a failure, what does the note of a step say that was not made?

import { type Expression, expressionText } from '../../c/index.js';
import { apiFunctions } from '../../kernel/index.js';
import { isConstantName } from '../evaluate/named-constants.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { keyHolding } from '../state/heap.js';
import { type State, signsOf } from '../state/state.js';
import { bad, type Signs, type Value, zero } from '../state/value.js';
import { bitOf } from './bits.js';
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
  if (engine.locks || engine.origins.size === 0) return false;
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

/** Whether the path released what such a step had made before: the note of that is still there when the next one fails. */
function isMadeBefore({ resources }: State, steps: ReadonlySet<string>): boolean {
  const kinds = new Set(
    [...steps].flatMap((api) =>
      (apiFunctions.get(api)?.effects ?? []).flatMap((effect) => (effect.kind === 'acquire' ? [effect.resource] : [])),
    ),
  );
  return resources.some(({ kind, status, count }) => kinds.has(kind) && status === 'released' && count === 0);
}

/**
 * The name of the member or global variable that holds a value, of which the path has written no more than flags; undefined for
 * any other value.
 */
function nameAtEntry(engine: Engine, value: Value, state: State): string | undefined {
  const { base } = bitOf(engine, value);
  const global = engine.globals.get(base);
  if (global !== undefined) return isConstantName(global) ? undefined : global;
  if (!engine.fromMembers.has(base)) return undefined;
  const key = keyHolding(state, value);
  return key?.slice(key.indexOf('.') + 1);
}

/** The signs that a value is left with if it notes a step that was not made; undefined for any other value. */
export function signsOfUnmade(engine: Engine, value: Value, state: State, frame: CallFrame): Signs | undefined {
  const name = nameAtEntry(engine, value, state);
  return name !== undefined && isNoteAbsent(engine, name, (one) => one, state, frame) ? zero : undefined;
}

/** The answer of `x & FLAG`, `x == CONSTANT` and the like about the note of a step that was not made; undefined for others. */
export function answerOfUnmade(engine: Engine, test: Expression, state: State, frame: CallFrame): boolean | undefined {
  if (test.kind !== 'binary') return undefined;
  const [subject] = engine.evaluate(test.left, state, frame);
  if (!subject) return undefined;
  const name = nameAtEntry(engine, subject.value, state);
  if (name === undefined) return undefined;
  const other = expressionText(test.right);
  const isAbsent = (note: (name: string, other: string) => string): boolean =>
    isNoteAbsent(engine, name, (one) => note(one, other), state, frame);
  if (test.operator === '&') return isAbsent(flagNote) ? false : undefined;
  const answer = whenLess.get(test.operator);
  return answer !== undefined && isAbsent(constantNote) ? answer : undefined;
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
