import type { Expression } from '../../c/index.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { copyMembers } from '../objects/copy-object.js';
import { hasMembers, memberAround } from '../state/heap.js';
import { overwrite, share } from '../state/ownership.js';
import { noteStore, noteWrite, type State, stateWith } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';
import { placeName } from '../tree/reads-and-writes.js';
import { evaluateBase, evaluateObject } from './address.js';
import { pointeeOf } from './dereference.js';
import { memberOfElement } from './elements.js';
import { useValue } from './use-value.js';

type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Stores a value in an lvalue. A value that is stored where other code can read it is given to that code. */
export function assign(engine: Engine, target: Expression, result: Evaluated, frame: CallFrame): readonly Evaluated[] {
  switch (target.kind) {
    case 'name':
      return [assignVariable(target, result, frame)];
    case 'member':
      return assignMember(engine, target, result, frame);
    case 'cast':
      return assign(engine, target.operand, result, frame);
    case 'index':
      return assignElement(engine, target, result, frame);
    case 'unary':
      return assignThroughPointer(engine, target, result, frame);
    case 'call':
      return [assignByMacro(target, result, frame)];
    default:
      return [result];
  }
}

/**
 * `dev->current = *job`: the member holds a copy, which stays when the object behind the pointer is freed.
 * @returns the copy; the result as it is for what is no such assignment
 */
export function copied(
  engine: Engine,
  { target, value }: Pick<ExpressionOf<'assignment'>, 'target' | 'value'>,
  result: Evaluated,
  frame: CallFrame,
): Evaluated {
  const isPart = target.kind === 'member' || target.kind === 'index';
  if (!isPart || value.kind !== 'unary' || value.operator !== '*' || value.operand.kind !== 'name') return result;
  const { state } = result;
  // What a pointer to a pointer leads to is no object.
  const pointer = state.variables.get(`${frame.id}:${value.operand.name}`);
  if (pointer !== result.value || !hasMembers(state, pointer)) return result;
  const copy = engine.newValue();
  return { value: copy, state: copyMembers(engine, pointer, copy, state) };
}

/**
 * `FOO_AUTO(x) = f()`, `*this_cpu_ptr(x) = f()`: a macro that yields a place or declares a variable. Only the macro
 * knows what happens to the value.
 */
function assignByMacro({ arguments: [first], callee, at }: ExpressionOf<'call'>, result: Evaluated, frame: CallFrame) {
  const { value, state } = first?.kind === 'name' ? assignVariable(first, result, frame) : result;
  const end = { kind: 'stored', in: callee.kind === 'name' ? callee.name : '', path: frame.ref.path, at } as const;
  return { value, state: share(state, value, { end }) };
}

function assignVariable({ name, at }: ExpressionOf<'name'>, { value, state }: Evaluated, frame: CallFrame): Evaluated {
  const local = `${frame.id}:${name}`;
  if (state.variables.has(local))
    return { value, state: stateWith(state, { variables: state.variables.with(local, value) }) };
  const key = `global:${name}`;
  const after = share(state, value, { end: { kind: 'stored', in: name, path: frame.ref.path, at } });
  const stored = noteWrite(stateWith(after, { variables: after.variables.with(key, value) }), name);
  return { value, state: overwrite(stored, state.variables.get(key)) };
}

function assignMember(
  engine: Engine,
  target: ExpressionOf<'member'>,
  { value, state }: Evaluated,
  frame: CallFrame,
): readonly Evaluated[] {
  const { member, at } = target;
  return evaluateBase(engine, target, state, frame).map((base) => {
    useValue(engine, base.value, base.state, frame, { at, use: `->${member}` });
    const stored = store(base.state, `${base.value}.${member}`, value);
    if (!stored.shared.has(base.value)) return { value, state: stored };
    const end = { kind: 'stored', in: member, path: frame.ref.path, at } as const;
    return { value, state: share(stored, value, { end, holder: base.value }) };
  });
}

/** Stores a value in a place of the heap. */
function store(state: State, key: string, value: Value): State {
  const written = noteStore(noteWrite(state, key.slice(key.indexOf('.') + 1)), memberAround(state, key));
  return overwrite(stateWith(written, { heap: state.heap.with(key, value) }), state.heap.get(key));
}

function assignElement(
  engine: Engine,
  target: ExpressionOf<'index'>,
  { value, state }: Evaluated,
  frame: CallFrame,
): readonly Evaluated[] {
  const { object, index, at } = target;
  return engine.evaluate(index, state, frame).flatMap((place) =>
    evaluateObject(engine, object, noteWrite(place.state, placeName(target)), frame).map((base) => {
      const key = `${base.value}.${memberOfElement(engine, base.state, base.value, place.value)}`;
      const stored: State = stateWith(base.state, { heap: base.state.heap.with(key, value) });
      // Only here the element is certain: the same index filled it.
      const after = value === zeroValue ? overwrite(stored, base.state.heap.get(key), { isElement: true }) : stored;
      return { value, state: shareWithCaller(after, base.value, value, frame, at, base.value) };
    }),
  );
}

/** `*p = x`: fills a local variable, or the member or element whose address p is. */
function assignThroughPointer(
  engine: Engine,
  { operand, at }: ExpressionOf<'unary'>,
  { value, state }: Evaluated,
  frame: CallFrame,
): readonly Evaluated[] {
  return engine.evaluate(operand, state, frame).map((base) => {
    const pointee = pointeeOf(engine, operand, base.value, base.state, frame);
    if (pointee.kind === 'null') return { value, state: base.state };
    if (pointee.kind === 'variable')
      return { value, state: stateWith(base.state, { variables: base.state.variables.with(pointee.key, value) }) };
    const stored =
      pointee.kind === 'heap'
        ? store(base.state, pointee.key, value)
        : copyMembers(engine, value, base.value, base.state);
    return { value, state: shareWithCaller(stored, base.value, value, frame, at) };
  });
}

/** `*p = (struct foo){ … }`: fills the members of the object behind p, even if it is unknown so far. */
export function assignObject(
  engine: Engine,
  target: Expression,
  result: Evaluated,
  frame: CallFrame,
): readonly Evaluated[] {
  if (target.kind !== 'unary' || target.operator !== '*') return assign(engine, target, result, frame);
  const { value } = result;
  const bases = engine.evaluate(target.operand, result.state, frame);
  const isNew = (base: Evaluated): boolean => {
    const pointee = pointeeOf(engine, target.operand, base.value, base.state, frame);
    return pointee.kind === 'heap' && pointee.key === `${base.value}.*` && !base.state.heap.has(pointee.key);
  };
  if (!bases.every(isNew)) return assignThroughPointer(engine, target, result, frame);
  return bases.map((base) => {
    const copied = copyMembers(engine, value, base.value, base.state);
    return { value, state: shareWithCaller(copied, base.value, value, frame, target.at) };
  });
}

/**
 * `*out = x` and `list[i] = x`: the code that passed in the pointer has the value now.
 * @param holder the array that is lost together with its contents when it is freed
 */
function shareWithCaller(
  state: State,
  place: Value,
  value: Value,
  frame: CallFrame,
  at: number,
  holder?: Value,
): State {
  if (!state.shared.has(place)) return state;
  return share(state, value, { end: { kind: 'given-to-caller', path: frame.ref.path, at }, holder });
}
