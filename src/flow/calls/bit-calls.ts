// `set_bit(EX_MAPPED, &x->state)`, `if (test_and_clear_bit(EX_MAPPED, &x->state))`: the states that a driver keeps in a word.

import { expressionText } from '../../c/index.js';
import { bitFunctions, clearsBitmap } from '../../kernel/index.js';
import { bitOf, withBit } from '../constants/bits.js';
import { flagNote } from '../constants/step-notes.js';
import { isNoteAbsent } from '../constants/unmade-steps.js';
import { evaluateBase } from '../evaluate/address.js';
import { intern } from '../evaluate/arithmetic.js';
import { newValueWith } from '../evaluate/new-value.js';
import type { Evaluated } from '../model/engine.js';
import { objectOfKey } from '../state/heap.js';
import { answerKeys, isZeroed, momentOf, noteWrite, type State, stateWith } from '../state/state.js';
import { good, type Value, zeroValue } from '../state/value.js';
import type { CallSite } from './call-site.js';

/**
 * Evaluates a call that tests or changes one bit. What the path knows of a word holds until other code may have written to
 * it.
 * @returns undefined for every other call, and where the word is no member that the path can name
 */
export function applyBit(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const { engine, name, call, values, frame } = site;
  if (name === clearsBitmap) return clearBitmap(site, state);
  const effect = bitFunctions.get(name);
  const [number, address] = values;
  const place = effect && placeOf(site, 1, state);
  const content = address === undefined || place === undefined ? undefined : contentOf(state, address, place);
  if (!effect || number === undefined || place === undefined || content === undefined) return undefined;
  const flag = intern(engine, `bit ${number}`);
  engine.flags.add(flag);
  const moment = answerKeys.bitsSeen(place);
  const seen = state.answers.get(moment);
  // Other code can only write to an object that it knows.
  const isOwn = !state.shared.has(objectOfKey(place));
  const word = isOwn || seen === undefined || seen === momentOf(state) ? content : engine.newValue();
  const stored = (isSet: boolean): State => {
    const kept = effect.makes ?? isSet;
    const changed = withBit(engine, state, bitOf(engine, word), flag, kept);
    const after = effect.makes === null ? changed.state : noteWrite(changed.state, memberOfKey(place));
    const answers = after.answers.with(moment, momentOf(state));
    return stateWith(after, { heap: after.heap.with(place, changed.value), answers });
  };
  if (!effect.tests) return [{ value: engine.newValue(), state: stored(true) }];
  const known = knownBit(bitOf(engine, word), flag) ?? (isUnmade(site, place, state) ? false : undefined);
  if (known !== undefined && frame.stack.length === 1) engine.settled.add(call.at);
  return [
    ...(known === false ? [] : [newValueWith(engine, stored(true), good)]),
    ...(known === true ? [] : [{ value: zeroValue, state: stored(false) }]),
  ];
}

/** The place of a word: of `&x->flags`, or of a bitmap, `x->done`, which is its own address. */
function placeOf({ engine, call, values, frame }: CallSite, index: number, state: State): string | undefined {
  const [argument, address] = [call.arguments[index], values[index]];
  const known = address === undefined ? undefined : engine.places.get(address);
  if (known !== undefined || argument?.kind !== 'member') return known;
  const [base] = evaluateBase(engine, argument, state, frame);
  const place = base && `${base.value}.${argument.member}`;
  return place !== undefined && state.heap.has(place) ? place : undefined;
}

/** `bitmap_zero(x->done, EX_STEPS)` */
function clearBitmap(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const place = placeOf(site, 0, state);
  if (place === undefined) return undefined;
  const written = noteWrite(state, memberOfKey(place));
  const answers = written.answers.with(answerKeys.bitsSeen(place), momentOf(state));
  return [{ value: zeroValue, state: stateWith(written, { heap: written.heap.with(place, zeroValue), answers }) }];
}

/** Whether the bit notes a step that was not made. */
function isUnmade({ engine, call, frame }: CallSite, place: string, state: State): boolean {
  const [number] = call.arguments;
  const noteOf = (name: string): string => flagNote(name, number ? expressionText(number) : '');
  return isNoteAbsent(engine, memberOfKey(place), noteOf, state, frame);
}

/** What a word holds: 0 in memory that was filled with zeros, of which only the address was taken so far. */
function contentOf(state: State, address: Value, place: string): Value | undefined {
  const held = state.heap.get(place);
  return held === address && isZeroed(state, address) ? zeroValue : held;
}

/** Whether a bit is set; undefined where that is not known. */
function knownBit({ base, set, cleared }: ReturnType<typeof bitOf>, flag: Value): boolean | undefined {
  if (set.has(flag)) return true;
  return cleared.has(flag) || base === zeroValue ? false : undefined;
}

function memberOfKey(place: string): string {
  return place.slice(place.indexOf('.') + 1);
}
