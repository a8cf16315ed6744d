// `set_bit(EX_MAPPED, &x->state)`, `if (test_and_clear_bit(EX_MAPPED, &x->state))`: the states that a driver keeps in a word.

import type { Expression } from '../../c/index.js';
import { bitFunctions, bitmapFunctions, clearsBitmap } from '../../kernel/index.js';
import { applyBitmap } from '../constants/bitmaps.js';
import { withBit } from '../constants/bits.js';
import { bitOf } from '../constants/known-words.js';
import { withGuess } from '../constants/opaque.js';
import { flagNote } from '../constants/step-notes.js';
import { constantsIn, isNoteAbsent } from '../constants/unmade-steps.js';
import { isVariable, memberOfKey, withWord, wordAt } from '../constants/words.js';
import { bitAt } from '../evaluate/arithmetic.js';
import { isConstantName } from '../evaluate/named-constants.js';
import { newValueWith } from '../evaluate/new-value.js';
import type { Evaluated } from '../model/engine.js';
import { memberAround, objectOfKey } from '../state/heap.js';
import { answerKeys, momentOf, noteChange, noteWrite, type State, stateWith } from '../state/state.js';
import { good, type Value, zeroValue } from '../state/value.js';
import type { CallSite } from './call-site.js';

/**
 * Evaluates a call that tests or changes one bit.
 * @returns undefined for every other call, and where the word is no member that the path can name
 */
export function applyBit(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const { engine, name, call, values, frame } = site;
  if (name === clearsBitmap) return clearBitmap(site, state);
  if (bitmapFunctions.has(name)) return applyBitmap(site, state);
  const effect = bitFunctions.get(name);
  const [number] = values;
  const found = effect && wordAt(site, 1, state);
  if (!effect || number === undefined || !found) return undefined;
  const { place, content } = found;
  if (isVariable(place) && isCountedTo(call.arguments[0])) return undefined;
  const { value: flag } = bitAt(engine, state, number);
  const moment = answerKeys.bitsSeen(place);
  const seen = state.answers.get(moment);
  // Other code can only write to an object that it knows. That it did counts where the paths contradict themselves otherwise.
  const isStale =
    !isVariable(place) && state.shared.has(objectOfKey(place)) && seen !== undefined && seen !== momentOf(state);
  const word = isStale && engine.again?.tests.has(call.at) ? engine.newValue() : content;
  const stored = (isSet: boolean): State => {
    const kept = effect.makes ?? isSet;
    const changed = withBit(engine, state, bitOf(engine, word), flag, kept);
    if (isVariable(place)) return effect.makes === null ? changed.state : withWord(changed.state, place, changed.value);
    const after =
      effect.makes === null
        ? changed.state
        : noteChange(noteWrite(changed.state, memberOfKey(place)), memberAround(state, place));
    const answers = after.answers.with(moment, momentOf(state));
    return stateWith(after, { heap: after.heap.with(place, changed.value), answers });
  };
  if (!effect.tests) return [{ value: engine.newValue(), state: stored(true) }];
  const known =
    knownBit(bitOf(engine, word), flag) ?? (!isVariable(place) && isUnmade(site, place, state) ? false : undefined);
  if (known !== undefined && !isStale && frame.stack.length === 1) engine.settled.add(call.at);
  const results = [true, false]
    .filter((answer) => known === undefined || answer === known)
    .map((answer) => ({ answer, state: stored(answer) }));
  const isGuess = known === undefined && engine.opaque.has(bitOf(engine, word).base);
  const noted =
    isGuess && !isVariable(place) ? state.answers.get(answerKeys.noted(memberAround(state, place))) : undefined;
  return withGuess(engine, results, typeof noted === 'number' ? noted : undefined).map((one) =>
    one.answer ? newValueWith(engine, one.state, good) : { value: zeroValue, state: one.state },
  );
}

/** Whether the number of a bit may be what a loop counts: loops are followed for fewer rounds than they say. */
const isCountedTo = (number: Expression | undefined): boolean =>
  number?.kind !== 'literal' && !(number?.kind === 'name' && isConstantName(number.name));

/** `bitmap_zero(x->done, EX_STEPS)` */
function clearBitmap(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const found = wordAt(site, 0, state);
  return found && [{ value: zeroValue, state: withWord(state, found.place, zeroValue) }];
}

/** Whether the bit notes a step that was not made. */
function isUnmade({ engine, call, frame }: CallSite, place: string, state: State): boolean {
  const [number] = call.arguments;
  const texts = number ? constantsIn(engine, number, state, frame) : [''];
  return texts.some((text) => isNoteAbsent(engine, memberOfKey(place), (name) => flagNote(name, text), state, frame));
}

/** Whether a bit is set; undefined where that is not known. */
function knownBit({ base, set, cleared }: ReturnType<typeof bitOf>, flag: Value): boolean | undefined {
  if (set.has(flag)) return true;
  return cleared.has(flag) || base === zeroValue ? false : undefined;
}
