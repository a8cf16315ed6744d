import type { Engine, Evaluated } from '../model/engine.js';
import type { State } from '../state/state.js';
import { stateWith } from '../state/state.js';
import { anySign, type Signs } from '../state/value.js';

/** A value of which nothing but its signs is known, and the state that says so. */
export function newValueWith(engine: Engine, state: State, signs: Signs): Evaluated {
  const value = engine.newValue();
  if (signs !== anySign) engine.born.set(value, signs);
  return { value, state: signs === anySign ? state : stateWith(state, { signs: state.signs.with(value, signs) }) };
}

/** A value of which nothing is known. */
export function unknownValue(engine: Engine, state: State): Evaluated {
  return { value: engine.newValue(), state };
}
