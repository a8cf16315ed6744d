// What helpers around the API return where they fail: somebody has to ask for the error.

import { asksForError } from '../../../kernel/index.js';
import type { FunctionRef } from '../../../program/index.js';
import { newValueWith } from '../../evaluate/new-value.js';
import type { Evaluated } from '../../model/engine.js';
import type { ErrorOrigin } from '../../model/results.js';
import { type State, signsOf, stateWith } from '../../state/state.js';
import { anySign, bad, good, type Value } from '../../state/value.js';
import { asksOnlyForError } from '../../tree/error-questions.js';
import type { CallSite } from '../call-site.js';

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
  return { path: frame.ref.path, at: call.at, api: name, function: frame.ref.outline.name, frame: frame.id };
}

/**
 * Whether a callee only tests for an error, and an argument is a result that may be an error, or NULL in its place, or of
 * which the path knows whether it is one.
 */
export function isErrorQuestion({ engine, values }: CallSite, state: State, target: FunctionRef): boolean {
  const isResult = (value: Value): boolean =>
    signsOf(state, value) !== anySign ||
    engine.origins.has(value) ||
    state.resources.some(({ handle }) => handle === value);
  return values.some(isResult) && asksOnlyForError(engine.codebase, target);
}

/** Whether a macro tests its argument for an error, and leaves the function then: `EX_CHECK(attach)`. */
export function leavesOnError({ engine, name, values, frame }: CallSite, state: State): boolean {
  if (!values.some((value) => engine.origins.has(value) && signsOf(state, value) === bad)) return false;
  const macro = engine.codebase.definitions.macro(name, frame.ref.path);
  if (macro === undefined || !asksForError(macro) || !/\breturn\b|\bgoto\b/.test(macro)) return false;
  engine.budget.incomplete ??= `${name}() leaves the function where its argument is an error`;
  return true;
}
