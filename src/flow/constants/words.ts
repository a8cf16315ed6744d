// The words that calls get the address of: where they stand, and what the path knows of them.

import type { CallSite } from '../calls/call-site.js';
import { evaluateBase } from '../evaluate/address.js';
import { memberAround } from '../state/heap.js';
import { answerKeys, isZeroed, momentOf, noteChange, noteWrite, type State, stateWith } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';

/** A word that a call gets the address of: its place, in the heap or among the variables, and what it holds. */
export interface WordAt {
  readonly place: string;
  readonly content: Value;
}

/** The word whose address an argument is: `&x->flags`, or a bitmap, `x->done`, which is its own address. */
export function wordAt({ engine, call, values, frame }: CallSite, index: number, state: State): WordAt | undefined {
  const [argument, address] = [call.arguments[index], values[index]];
  if (address === undefined) return undefined;
  const variable = engine.addressed.get(address);
  const local = variable === undefined ? undefined : state.variables.get(variable);
  if (variable !== undefined) return local === undefined ? undefined : { place: variable, content: local };
  const known = engine.places.get(address);
  if (known !== undefined) return inArray(state, known, contentOf(state, address, known));
  if (argument?.kind !== 'member') return undefined;
  const [base] = evaluateBase(engine, argument, state, frame);
  if (!base) return undefined;
  const place = `${base.value}.${argument.member}`;
  return inArray(state, place, state.heap.get(place) ?? (isZeroed(state, base.value) ? zeroValue : undefined));
}

/** The first word of an array is an element of it: `x->done[0] |= BIT(3)`. */
function inArray({ heap }: State, place: string, content: Value | undefined): WordAt | undefined {
  if (content === undefined) return undefined;
  const first = `${heap.get(place) ?? -1}.[0]`;
  return { place: heap.has(first) ? first : place, content: heap.get(first) ?? content };
}

/** Whether a place is a local variable: only the code of its function changes it. */
export const isVariable = (place: string): boolean => place.includes(':');

/** The state after a word was changed. */
export function withWord(state: State, place: string, content: Value): State {
  if (isVariable(place)) return stateWith(state, { variables: state.variables.with(place, content) });
  const written = noteChange(noteWrite(state, memberOfKey(place)), memberAround(state, place));
  const answers = written.answers.with(answerKeys.bitsSeen(place), momentOf(state));
  return stateWith(written, { heap: written.heap.with(place, content), answers });
}

/** What a word holds: 0 in memory that was filled with zeros, of which only the address was taken so far. */
function contentOf(state: State, address: Value, place: string): Value | undefined {
  const held = state.heap.get(place);
  return held === address && isZeroed(state, address) ? zeroValue : held;
}

/** The name of the member, or the element, that a heap key stands for. */
export function memberOfKey(place: string): string {
  return place.slice(place.indexOf('.') + 1);
}
