import type { Expression } from '../../c/index.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { elementKey } from '../state/array-elements.js';
import { answerKeys, type State } from '../state/state.js';
import { good } from '../state/value.js';
import { unknownValue } from './new-value.js';
import { plainVariables } from './plain-variables.js';
import { readElement } from './read.js';

type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Evaluates `&x`, `*p`, `-x` and `~x`. An object and its address are one value, unless it is a plain variable. */
export function evaluateUnary(
  engine: Engine,
  { operator, operand }: ExpressionOf<'unary'>,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  if (operator === '&') {
    if (operand.kind === 'member') return addressOfMember(engine, operand, state, frame);
    if (operand.kind === 'index') return addressOfElement(engine, operand, state, frame);
    const address = operand.kind === 'name' ? addressOfVariable(engine, operand.name, state, frame) : undefined;
    return address ? [address] : engine.evaluate(operand, state, frame);
  }
  const results = engine.evaluate(operand, state, frame);
  if (operator === '*') return results.map((result) => dereference(engine, result));
  return results.map((result) => unknownValue(engine, result.state));
}

function dereference(engine: Engine, pointer: Evaluated): Evaluated {
  const variable = engine.addressed.get(pointer.value);
  const value = variable === undefined ? undefined : pointer.state.variables.get(variable);
  return value === undefined ? pointer : { value, state: pointer.state };
}

/** `&list[i]`: the element. A callee that gets it may fill its place. */
function addressOfElement(
  engine: Engine,
  { object, index }: ExpressionOf<'index'>,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  return engine.evaluate(index, state, frame).flatMap((at) =>
    engine.evaluate(object, at.state, frame).map((base) => {
      const key = elementKey(base.state, base.value, at.value);
      return rememberPlace(engine, readElement(engine, base, at.value, frame, index.at), key);
    }),
  );
}

/** The address of a local variable, which a callee may fill; undefined for a struct, which is its own address. */
function addressOfVariable(engine: Engine, name: string, state: State, frame: CallFrame): Evaluated | undefined {
  const key = `${frame.id}:${name}`;
  if (!state.variables.has(key) || !plainVariables(frame.unit).has(name)) return undefined;
  let value = engine.addresses.get(key);
  if (value === undefined) {
    value = engine.newValue();
    engine.addresses.set(key, value);
    engine.addressed.set(value, key);
  }
  return { value, state: state.signs.has(value) ? state : { ...state, signs: state.signs.with(value, good) } };
}

/** `&obj->base`: an object embedded in another one, which container_of() leads back to. */
function addressOfMember(
  engine: Engine,
  operand: ExpressionOf<'member'>,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  const { object } = operand;
  // In `&bo->tbo.base` the base is embedded in the tbo, which is embedded in the bo.
  const outer =
    object.kind === 'member' && !operand.arrow
      ? addressOfMember(engine, object, state, frame)
      : engine.evaluate(object, state, frame);
  return outer.map((base) => {
    const key = `${base.value}.${operand.member}`;
    const known = base.state.heap.get(key);
    const isZeroed = base.state.answers.has(answerKeys.zeroed(base.value));
    const value = known ?? engine.newValue();
    let { answers, heap, shared } = base.state;
    if (known === undefined) {
      heap = heap.with(key, value);
      if (isZeroed) answers = answers.with(answerKeys.zeroed(value), true);
      if (shared.has(base.value)) shared = shared.with(value, true);
    }
    const wholes = base.state.wholes.with(value, base.value);
    const signs = base.state.signs.with(value, good);
    return rememberPlace(engine, { value, state: { ...base.state, answers, heap, shared, wholes, signs } }, key);
  });
}

/** Remembers where an address points, so that `*address = x` fills that place. */
function rememberPlace(engine: Engine, result: Evaluated, key: string): Evaluated {
  engine.places.set(result.value, key);
  return result;
}
