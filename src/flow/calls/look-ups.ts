import { type FunctionRef, functionKey } from '../../program/index.js';
import type { Evaluated } from '../model/engine.js';
import { bufferOfFile } from '../state/files.js';
import { answerKeys, type State, signsOf, stateWith } from '../state/state.js';
import type { Value } from '../state/value.js';
import { readsConstantsOnly } from '../tree/constant-look-ups.js';
import { handsBack } from '../tree/handed-back.js';
import { readsAndWritesOf } from '../tree/reads-and-writes.js';
import type { CallSite } from './call-site.js';
import { unknownResult } from './unknown-call.js';

/**
 * Evaluates a call of a function that only reads: with the same arguments, and nothing written in between that it reads,
 * it answers the same again.
 * @returns undefined for a function that writes, or calls what is not known
 */
export function lookUp(site: CallSite, target: FunctionRef, state: State): Evaluated | undefined {
  const { engine, values } = site;
  const effect = readsAndWritesOf(engine.codebase, target);
  if (!effect || effect.writes.size > 0 || /^\s*(?:static\s+|inline\s+)*void\s*$/.test(target.outline.returnType))
    return undefined;
  // What comes back is no object that was found.
  if (handsBack(engine.codebase, target)) return undefined;
  if (readsConstantsOnly(engine.codebase, target)) {
    const known = state.answers.get(answerKeys.question(functionKey(target), values));
    if (typeof known === 'number') return { value: known, state };
    const made = unknownResult(engine, state, false);
    const answers = made.state.answers.with(answerKeys.question(functionKey(target), values), made.value);
    return { value: made.value, state: stateWith(made.state, { answers }) };
  }
  const versions = [...effect.reads].map((name) => state.answers.get(answerKeys.written(name)) ?? 0);
  const question = `${functionKey(target)}(${values})${versions}`;
  const asked = answerKeys.lookUp(question, state.answers.get(answerKeys.unseenCalls) ?? 0);
  const known = state.answers.get(asked);
  if (typeof known === 'number') return { value: known, state };
  const made = unknownResult(engine, state, false);
  let answers = made.state.answers.with(asked, made.value);
  // A call in between may have written what this one reads: it may answer the same all the same.
  const earlier = state.answers.get(answerKeys.lookUp(question, null));
  if (typeof earlier === 'number') answers = answers.with(answerKeys.askedAgain(earlier, made.value), true);
  answers = answers.with(answerKeys.lookUp(question, null), made.value);
  const found = stateWith(made.state, { answers });
  return { value: made.value, state: keepCompared(site, effect.compared, made.value, found) };
}

/** What is found for a buffer may hold the buffer. */
function keepCompared({ values }: CallSite, compared: ReadonlySet<number>, found: Value, state: State): State {
  let after = state;
  for (const [index, value] of values.entries()) if (compared.has(index)) after = keep(after, value, found);
  return after;
}

/**
 * Notes that an object which others know may hold a reference of a buffer, besides the one that this path holds.
 * @param kept the buffer, or its file
 */
export function keep(state: State, kept: Value, holder: Value): State {
  const buffer = bufferOfFile(state, kept) ?? kept;
  const isHeld = state.resources.some(({ kind, handle }) => kind === 'reference' && handle === buffer);
  return isHeld ? stateWith(state, { answers: state.answers.with(answerKeys.keeper(buffer), holder) }) : state;
}

/**
 * Whether a path goes on only if two calls of the same look-up answered differently, though nothing that this code shows
 * was written in between.
 */
export function dependsOnChangedAnswer(state: State): boolean {
  let depends = false;
  state.answers.forEach((_, key) => {
    const pair = answerKeys.pairOf(key);
    if (pair && ((signsOf(state, pair[0]) & signsOf(state, pair[1])) === 0 || comparesOtherwise(state, pair)))
      depends = true;
  });
  return depends;
}

/** Whether the path found two values to compare differently with a third one. */
function comparesOtherwise({ answers }: State, [first, second]: readonly [Value, Value]): boolean {
  const swap = (value: Value): Value => (value === first ? second : value);
  let differs = false;
  answers.forEach((answer, key) => {
    const asked = answerKeys.compared(key);
    if (!asked || (asked.left !== first && asked.right !== first)) return;
    const [left, right] = [swap(asked.left), swap(asked.right)];
    const other = answers.get(asked.operator === '==' ? answerKeys.same(left, right) : answerKeys.less(left, right));
    if (other !== undefined && other !== answer) differs = true;
  });
  return differs;
}
