// What helpers around the API return where they fail: somebody has to ask for the error.

import type { FunctionRef } from '../../program/index.js';
import { newValueWith } from '../evaluate/new-value.js';
import type { Evaluated } from '../model/engine.js';
import type { ErrorOrigin } from '../model/results.js';
import { type State, stateWith } from '../state/state.js';
import { bad, good } from '../state/value.js';
import type { CallSite } from './call-site.js';

/**
 * The result of a helper that is not followed: the object, or an error pointer.
 * @param passed the result and state of a call of which nothing is known
 * @param before the state where the helper has failed
 */
export function objectOrError(site: CallSite, passed: Evaluated, before: State): readonly Evaluated[] {
  const { engine } = site;
  const failed = newValueWith(engine, before, bad);
  engine.origins.set(failed.value, originAt(site));
  const { value, state } = passed;
  return [{ value, state: stateWith(state, { signs: state.signs.with(value, good) }) }, failed];
}

/** The error of a helper that was followed is for its caller to ask for, wherever it came from. */
export function nameOrigin(site: CallSite, results: readonly Evaluated[]): void {
  const { origins } = site.engine;
  for (const { value } of results) if (origins.has(value)) origins.set(value, originAt(site));
}

/**
 * Makes the call of a helper the origin of an error that the helper has tested and returned: if the caller does not
 * test the result, that is the caller's mistake.
 * @param helper the function that was followed
 */
export function nameTestedOrigin(site: CallSite, helper: FunctionRef, results: readonly Evaluated[]): void {
  const { origins, askedForError } = site.engine;
  const { start, end } = helper.outline;
  for (const { value } of results) {
    const asked = askedForError.get(value);
    if (!origins.has(value) || asked?.path !== helper.path || asked.at < start || asked.at >= end) continue;
    origins.set(value, originAt(site));
    askedForError.delete(value);
  }
}

function originAt({ name, call, frame }: CallSite): ErrorOrigin {
  return { path: frame.ref.path, at: call.at, api: name, function: frame.ref.outline.name };
}
