import { assertionOf } from '../../kernel/index.js';
import { newValueWith } from '../evaluate/new-value.js';
import { signsFor } from '../evaluate/sign-tests.js';
import type { Evaluated } from '../model/engine.js';
import { assume, type State, signsOf } from '../state/state.js';
import { anySign, zero } from '../state/value.js';
import type { CallSite } from './call-site.js';

/**
 * Evaluates an assertion that ends the test where it does not hold: the path goes on only where it does.
 * @returns undefined for a call that is no assertion, or asserts nothing that is followed
 */
export function applyAssertion({ engine, name, values }: CallSite, state: State): readonly Evaluated[] | undefined {
  const assertion = assertionOf(name);
  const value = assertion && values[assertion.argument];
  if (!assertion || value === undefined) return undefined;
  const other = assertion.comparedWith === null ? undefined : values[assertion.comparedWith];
  if (assertion.comparedWith !== null && (other === undefined || signsOf(state, other) !== zero)) return undefined;
  const held = assume(state, value, signsFor(assertion.leaves));
  return held ? [newValueWith(engine, held, anySign)] : [];
}
