import type { Expression } from '../../c/index.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { storeElement } from '../state/array-elements.js';
import { share } from '../state/ownership.js';
import type { State } from '../state/state.js';
import type { Value } from '../state/value.js';
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
    default:
      return [result];
  }
}

function assignVariable({ name, at }: ExpressionOf<'name'>, { value, state }: Evaluated, frame: CallFrame): Evaluated {
  const local = `${frame.id}:${name}`;
  if (state.variables.has(local)) return { value, state: { ...state, variables: state.variables.with(local, value) } };
  const after = share(state, value, { end: { kind: 'stored', in: name, path: frame.ref.path, at } });
  return { value, state: { ...after, variables: after.variables.with(`global:${name}`, value) } };
}

function assignMember(
  engine: Engine,
  { object, member, at }: ExpressionOf<'member'>,
  { value, state }: Evaluated,
  frame: CallFrame,
): readonly Evaluated[] {
  return engine.evaluate(object, state, frame).map((base) => {
    useValue(engine, base.value, base.state, frame, { at, use: `->${member}` });
    const stored: State = { ...base.state, heap: base.state.heap.with(`${base.value}.${member}`, value) };
    if (!stored.shared.has(base.value)) return { value, state: stored };
    const end = { kind: 'stored', in: member, path: frame.ref.path, at } as const;
    return { value, state: share(stored, value, { end, holder: base.value }) };
  });
}

function assignElement(
  engine: Engine,
  { object, index, at }: ExpressionOf<'index'>,
  { value, state }: Evaluated,
  frame: CallFrame,
): readonly Evaluated[] {
  return engine.evaluate(index, state, frame).flatMap((place) =>
    engine.evaluate(object, place.state, frame).map((base) => {
      const stored = storeElement(base.state, base.value, place.value, value);
      return { value, state: shareWithCaller(stored, base.value, value, frame, at) };
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
    const variable = engine.addressed.get(base.value);
    if (variable !== undefined)
      return { value, state: { ...base.state, variables: base.state.variables.with(variable, value) } };
    const place = engine.places.get(base.value);
    let heap = base.state.heap.with(`${base.value}.*`, value);
    if (place !== undefined) heap = heap.with(place, value);
    return { value, state: shareWithCaller({ ...base.state, heap }, base.value, value, frame, at) };
  });
}

/** `*out = x` and `list[i] = x`: whoever passed in the pointer has the value now. */
function shareWithCaller(state: State, place: Value, value: Value, frame: CallFrame, at: number): State {
  if (!state.shared.has(place)) return state;
  return share(state, value, { end: { kind: 'given-to-caller', path: frame.ref.path, at } });
}
