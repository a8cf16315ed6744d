import { type State, signsOf } from './state.js';
import { bad, type Value } from './value.js';

/** Key of an array's element in the heap. A null index stands for every element but those stored with a known index. */
function elementKeyOf(array: Value, index: Value | null): string {
  return `${array}.${index === null ? '[]' : `[${index}]`}`;
}

/**
 * The heap key under which to read an element: that of the element stored with the same index, or that of the element
 * stored last which is no error.
 */
export function elementKey(state: State, array: Value, index: Value): string {
  const exact = elementKeyOf(array, index);
  return state.heap.has(exact) ? exact : elementKeyOf(array, null);
}

/**
 * Stores an element. An error is stored under its own index only: the error path releases the elements before it, which
 * were stored without error.
 */
export function storeElement(state: State, array: Value, index: Value, value: Value): State {
  const heap = state.heap.with(elementKeyOf(array, index), value);
  return { ...state, heap: signsOf(state, value) === bad ? heap : heap.with(elementKeyOf(array, null), value) };
}
