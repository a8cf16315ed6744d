import type { Engine, Evaluated } from '../model/engine.js';
import { objectOfKey } from '../state/heap.js';
import { type State, signsOf, stateWith } from '../state/state.js';
import { good, type Value, zeroValue } from '../state/value.js';
import { numberOf, sumOf } from './arithmetic.js';

/** The member, in the heap, that an element of an array is: `[3]` where its index is a number, `[v12]` of any other value. */
export function elementMember(engine: Engine, index: Value): string {
  return `[${numberOf(engine, index) ?? `v${index}`}]`;
}

/**
 * The member that holds an element. For the first element it is that of `*table`, if that was stored or read before.
 */
export function memberOfElement(engine: Engine, { heap }: State, array: Value, index: Value): string {
  const member = elementMember(engine, index);
  const isBehind = member === firstElement && !heap.has(`${array}.${member}`) && heap.has(`${array}.*`);
  return isBehind ? '*' : member;
}

const firstElement = '[0]';

/** The heap key of `*table`: that of the first element, if that was stored or read before. */
export function placeBehind({ heap }: State, pointer: Value): string {
  const [behind, first] = [`${pointer}.*`, `${pointer}.${firstElement}`];
  return !heap.has(behind) && heap.has(first) ? first : behind;
}

/** The heap key of `*(table + i)`, which is that of `table[i]`; undefined if the pointer is no such sum. */
export function elementBehind(engine: Engine, pointer: Value): string | undefined {
  const step = engine.steps.get(pointer);
  if (step) return `${step.array}.${elementMember(engine, step.index)}`;
  const sum = engine.sums.get(pointer);
  return sum && sum.base !== zeroValue ? `${sum.base}.[${sum.offset}]` : undefined;
}

/**
 * The value of `x->planes[i]` where the path knows the element as `x->planes` or `x->planes + i`, which is the same place;
 * undefined where it does not.
 */
export function elementByPointer(engine: Engine, state: State, array: Value, index: Value): Value | undefined {
  if (state.heap.has(`${array}.${elementMember(engine, index)}`)) return undefined;
  const pointer = pointerTo(engine, array, index);
  return pointer !== undefined && hasOwnMembers(state, pointer) ? pointer : undefined;
}

/** The value of `array + index`, where the path has made it. */
function pointerTo(engine: Engine, array: Value, index: Value): Value | undefined {
  const number = numberOf(engine, index);
  if (number === undefined) return engine.interned.get(`${array}+${index}`);
  const { base, offset } = sumOf(engine, array);
  return offset + number === 0 ? base : engine.interned.get(`${base}+${offset + number}`);
}

/** Whether a member of an object is known, and not only what stands behind it or in an array. */
function hasOwnMembers({ heap }: State, object: Value): boolean {
  const prefix = `${object}.`;
  for (const [key] of heap) if (key.startsWith(prefix) && /\w/.test(key.charAt(prefix.length))) return true;
  return false;
}

/** The element of an array that a pointer stands for, where the path knows it as `x->planes[i]`. */
export function asElement(engine: Engine, { value, state }: Evaluated): Evaluated {
  if (engine.elements.size === 0) return { value, state };
  const key = elementBehind(engine, value) ?? `${value}.${firstElement}`;
  const element = state.heap.get(key);
  return { value: element !== undefined && hasOwnMembers(state, element) ? element : value, state };
}

/** `x->planes + i`: an element of an array in an object, from which container_of() leads back. */
export function withinArray(array: Value, { value, state }: Evaluated): Evaluated {
  if (value === array || !state.wholes.has(array)) return { value, state };
  return { value, state: stateWith(state, { wholes: state.wholes.with(value, array) }) };
}

/**
 * The state in which an element can be read. Where nothing is known of this element, but another one that it may be still
 * holds something, it is that one: an array that is filled by one index may be emptied by another.
 */
export function withElement(engine: Engine, state: State, array: Value, index: Value): State {
  const key = `${array}.${elementMember(engine, index)}`;
  if (state.heap.has(key)) return state;
  const prefix = `${array}.[`;
  const others: Value[] = [];
  for (const [place, value] of state.heap)
    if (place.startsWith(prefix) && (signsOf(state, value) & good) !== 0)
      if (mayBe(engine, place.slice(prefix.length, -1), index)) others.push(value);
  if (others.length === 0) return state;
  const held = holders(state);
  const found = others.findLast((value) => held.has(value));
  return found === undefined ? state : stateWith(state, { heap: state.heap.with(key, found) });
}

/** How many objects may lie around one another: the planes of a view, and the views, are arrays of structures. */
const deepest = 4;

/** The handles of what is held, and the objects around them. */
function holders(state: State): ReadonlySet<Value> {
  const found = new Set<Value>();
  for (const { status, handle, isCallers } of state.resources) if (status === 'held' && !isCallers) found.add(handle);
  for (let depth = 0; depth < deepest && found.size > 0; depth++) {
    const owners: Value[] = [];
    for (const [key, value] of state.heap) if (found.has(value)) owners.push(objectOfKey(key));
    for (const owner of owners) found.add(owner);
  }
  return found;
}

/** Whether an index may be one under which an element was stored: `3` or `v12`. */
function mayBe(engine: Engine, stored: string, index: Value): boolean {
  const number = numberOf(engine, index);
  if (!stored.startsWith('v')) return number === undefined;
  return number !== undefined || sumOf(engine, Number(stored.slice(1))).base !== sumOf(engine, index).base;
}
