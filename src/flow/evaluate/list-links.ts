import type { Engine } from '../model/engine.js';
import type { State } from '../state/state.js';
import { stateWith } from '../state/state.js';

/**
 * Forgets which entries the links of lists and trees lead to: the list has changed, or may have by the time that a loop
 * comes round. `head->next` is another entry from here on.
 */
export function forgetLinks(engine: Engine, state: State): State {
  let { heap, shared } = state;
  for (const key of engine.links) {
    const old = heap.get(key);
    if (old === undefined) continue;
    const value = engine.newValue();
    heap = heap.with(key, value);
    if (shared.has(old)) shared = shared.with(value, true);
  }
  return heap === state.heap ? state : stateWith(state, { heap, shared });
}
