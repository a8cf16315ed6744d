import type { Engine, Evaluated } from '../paths/model.js';
import type { State } from './state.js';

/** A new value with these signs. */
export function freshWith(engine: Engine, state: State, signs: number): Evaluated {
  const value = engine.fresh();
  return { value, state: signs === 7 ? state : { ...state, signs: state.signs.with(value, signs) } };
}
