import { errorConversions, errorPrintedBy, predicates } from '../../../kernel/index.js';
import { newValueWith } from '../../evaluate/new-value.js';
import { opposite, signsFor } from '../../evaluate/sign-tests.js';
import type { Engine, Evaluated } from '../../model/engine.js';
import { assume, type State, signsOf } from '../../state/state.js';
import { bad, good, type Signs, type Value, zero, zeroValue } from '../../state/value.js';
import type { CallSite } from '../call-site.js';

/**
 * Evaluates the helpers of linux/err.h, which carry an error from one type to another or test for one.
 * @returns undefined for every other function
 */
export function applyErrorHelper(
  engine: Engine,
  name: string,
  value: Value,
  state: State,
): readonly Evaluated[] | undefined {
  /** The results where the value has one of some signs, if it can: a value with these signs, or 0 for null. */
  const where = (signs: Signs, result: Signs | null): readonly Evaluated[] => {
    const assumed = assume(state, value, signs);
    if (!assumed) return [];
    return [result === null ? { value: zeroValue, state: assumed } : newValueWith(engine, assumed, result)];
  };
  const conversion = errorConversions.get(name);
  if (conversion?.isOfError) {
    // `PTR_ERR(p) == -EAGAIN` may come before `IS_ERR(p)`: the number is an error only if the pointer is one.
    const errors = where(bad, bad);
    for (const error of errors) engine.constants.add(error.value);
    return [...errors, ...where(good, good), ...where(zero, null)];
  }
  if (conversion) {
    // `ERR_PTR(0)` is NULL. A number that may be negative counts as an error, unless it is 0.
    if (value === zeroValue) return [{ value, state }];
    const signs = signsOf(state, value);
    return [newValueWith(engine, state, signs & bad ? bad | (signs & zero) : signs)];
  }
  const predicate = predicates.get(name);
  if (!predicate) return undefined;
  const signs = signsFor(predicate.trueFor);
  const whenTrue = where(signs, predicate.answer === 'error' ? bad : good);
  const whenFalse = where(opposite(signs), null);
  // The signs of the pointer settle the answer: the path does not miss the other one.
  if (whenFalse.length === 0) for (const { value: answer } of whenTrue) engine.constants.add(answer);
  return [...whenTrue, ...whenFalse];
}

/** Evaluates a call that prints an error and returns it; undefined for any other call. */
export function applyErrorPrint({ engine, name, values }: CallSite, state: State): Evaluated | undefined {
  const printed = errorPrintedBy(name);
  if (printed?.kind === 'error-pointer') return newValueWith(engine, state, bad);
  const value = printed ? values[printed.index] : undefined;
  return value === undefined ? undefined : { value, state };
}
