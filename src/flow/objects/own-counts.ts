// How many references of its own a path has of a counted object.

import { answerKeys, type State, stateWith } from '../state/state.js';
import type { Value } from '../state/value.js';

/** How many references of an object the path has; undefined where it does not know. */
export function ownOf({ answers }: State, object: Value): number | undefined {
  const own = answers.get(answerKeys.ownReferences(object));
  return typeof own === 'number' ? own : undefined;
}

/** The state in which the path has so many; false: it does not know any more. */
export function withOwn(state: State, object: Value, own: number | false): State {
  const answers = state.answers.with(answerKeys.ownReferences(object), own).with(answerKeys.watched, true);
  return stateWith(state, { answers });
}

/** The state after the path found an object by a handle: the path must have taken every reference that it puts. */
export function noteLookedUp(state: State, object: Value): State {
  return stateWith(state, { answers: state.answers.with(answerKeys.lookedUp(object), true) });
}

/** Whether the path found an object by a handle. */
export function isLookedUp({ answers }: State, object: Value): boolean {
  return answers.has(answerKeys.lookedUp(object));
}

/** The state after other code got something: it may have found any counted object from there. */
export function forgetOwn(state: State): State {
  let { answers } = state;
  // Few paths count anything, and every call out of sight asks.
  if (!answers.has(answerKeys.watched)) return state;
  state.answers.forEach((own, key) => {
    if (answerKeys.ownObject(key) !== undefined && typeof own === 'number') answers = answers.with(key, false);
  });
  return answers === state.answers ? state : stateWith(state, { answers });
}

/** Notes the objects of which an exporter's `.release`, which ran between two states, put a reference of the path. */
export function notePutByRelease(before: State, after: State): State {
  let { answers } = after;
  before.answers.forEach((own, key) => {
    const object = answerKeys.ownObject(key);
    if (object === undefined || typeof own !== 'number') return;
    const left = ownOf(after, object);
    if (left !== undefined && left < own) answers = answers.with(answerKeys.putByRelease(object), true);
  });
  return stateWith(after, { answers });
}
