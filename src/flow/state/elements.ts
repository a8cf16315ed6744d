import type { Engine, Evaluated } from '../paths/model.js';
import { bad, type State, signsOf, type Value } from './state.js';

/** The cell that stands for every element of an array whose index is another than the one last stored with. */
const anyElement = '[]';

function cell(array: Value, index: Value | null): string {
  return `${array}.${index === null ? anyElement : `[${index}]`}`;
}

/** An element that was stored with the same index; else whichever was stored last and is no error. */
export function elementKey(state: State, array: Value, index: Value): string {
  const exact = cell(array, index);
  return state.heap.has(exact) ? exact : cell(array, null);
}

/** Stores an element. An error stays with its index: those before it are what an error path unwinds. */
export function storeElement(state: State, array: Value, index: Value, value: Value): State {
  const heap = state.heap.with(cell(array, index), value);
  return { ...state, heap: signsOf(state, value) === bad ? heap : heap.with(cell(array, null), value) };
}

/** Remembers that a value stands for the place of a member or element, so that `*place = x` can fill that. */
export function rememberPlace(engine: Engine, { value, state }: Evaluated, key: string): Evaluated {
  engine.places.set(value, key);
  return { value, state };
}
