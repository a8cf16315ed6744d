import type { Evaluated } from '../model/engine.js';
import { wholeOf } from '../state/heap.js';
import { answerKeys, type State, signsOf, stateWith } from '../state/state.js';
import { bad, good, type Value } from '../state/value.js';

/**
 * Notes that code out of sight got a counted object. It may have taken a reference, unless it fails: so what it returned
 * is remembered.
 */
export function noteLent(values: readonly Value[], { value: result, state }: Evaluated): Evaluated {
  let { answers } = state;
  state.answers.forEach((count, key) => {
    const object = typeof count === 'number' ? answerKeys.countedObject(key) : undefined;
    if (object === undefined) return;
    const whole = wholeOf(state, object);
    if (values.some((value) => value === object || value === whole))
      answers = answers.with(answerKeys.lent(object, result), true);
  });
  return answers === state.answers ? { value: result, state } : { value: result, state: stateWith(state, { answers }) };
}

/** Whether a callee that did not fail may have taken a reference of the object. */
export function mayBeKept(state: State, object: Value): boolean {
  let isKept = false;
  state.answers.forEach((_, key) => {
    const result = answerKeys.resultOfLoan(key, object);
    if (result === undefined) return;
    const signs = signsOf(state, result);
    // A number that is not 0, and may be negative, is an error.
    if (signs !== bad && signs !== (good | bad)) isKept = true;
  });
  return isKept;
}
