import type { Expression } from '../../c/index.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { hasMembers } from '../state/heap.js';
import { isZeroed, type State, stateWith } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';
import { elementBehind, placeBehind } from './elements.js';
import { isPlainType } from './plain-variables.js';

/** Where `*p` stands: in a variable, in the heap, or nowhere that is known. */
export type Pointee =
  | { readonly kind: 'variable'; readonly key: string }
  | { readonly kind: 'heap'; readonly key: string }
  /** An object and its address are one value: `*p` of a pointer to a struct is p. */
  | { readonly kind: 'object' }
  | { readonly kind: 'null' };

/**
 * Finds the place that `*p` means. A pointer to a number or to a pointer has a place of its own behind it, which is not the
 * pointer.
 * @param pointer the expression p
 * @param value its value
 */
export function pointeeOf(
  engine: Engine,
  pointer: Expression,
  value: Value,
  state: State,
  { unit }: CallFrame,
): Pointee {
  if (value === zeroValue) return { kind: 'null' };
  const variable = engine.addressed.get(value);
  if (variable !== undefined) return { kind: 'variable', key: variable };
  const place = engine.places.get(value);
  if (place !== undefined) return { kind: 'heap', key: place };
  const key = `${value}.*`;
  const type = pointer.kind === 'name' ? unit.parameters.find(({ name }) => name === pointer.name)?.type : undefined;
  const isObject =
    type === undefined || isOpaqueType(type) ? !state.heap.has(key) && hasMembers(state, value) : isStructPointer(type);
  return isObject
    ? { kind: 'object' }
    : { kind: 'heap', key: elementBehind(engine, value) ?? placeBehind(state, value) };
}

/** Evaluates `*p`. What others know of the pointer they know of what is there, too. */
export function dereference(engine: Engine, operand: Expression, pointer: Evaluated, frame: CallFrame): Evaluated {
  const { state, value } = pointer;
  const pointee = pointeeOf(engine, operand, value, state, frame);
  const known =
    pointee.kind === 'variable'
      ? state.variables.get(pointee.key)
      : pointee.kind === 'heap'
        ? state.heap.get(pointee.key)
        : undefined;
  if (pointee.kind === 'null') return { value: engine.newValue(), state };
  // An embedded object is its own address: what is read from it as a number or a pointer is not.
  const isAddress = known === value && pointee.kind === 'heap' && !hasMembers(state, value);
  if (known !== undefined && !isAddress) return { value: known, state };
  if (pointee.kind !== 'heap') return pointer;
  const content = isZeroed(state, value) && !state.shared.has(value) ? zeroValue : engine.newValue();
  let heap = state.heap.with(pointee.key, content);
  if (isAddress) heap = heap.with(addressKey(pointee.key), value);
  const shared = state.shared.has(value) ? state.shared.with(content, true) : state.shared;
  return { value: content, state: stateWith(state, { heap, shared }) };
}

/** The heap key of the address of a place: of `5.count` it is `5.&count`. */
export function addressKey(place: string): string {
  return place.replace('.', '.&');
}

/** The object that `p->x`, `s.x` or `(*p).x` reads a member of. */
export function objectOf({ object, arrow }: Extract<Expression, { kind: 'member' }>): Expression {
  return !arrow && object.kind === 'unary' && object.operator === '*' ? object.operand : object;
}

/** `struct x *`, and not `struct x **`. */
function isStructPointer(type: string): boolean {
  return /\b(?:struct|union)\b/.test(type) && type.split('*').length === 2;
}

/** Whether a type does not tell what is behind a pointer: that of a typedef, or a macro's parameter. */
function isOpaqueType(type: string): boolean {
  return type.split('*').length === 2 && !/\b(?:struct|union)\b/.test(type) && !isPlainType(type);
}
