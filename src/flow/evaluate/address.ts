import { type Expression, type FunctionUnit, visitStatements } from '../../c/index.js';
import { isEmbedded } from '../calls/escape.js';
import { complement } from '../constants/bits.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { hasMembers } from '../state/heap.js';
import { answerKeys, isZeroed, type State, signsOf, stateWith } from '../state/state.js';
import { bad, good, type Value, zeroValue } from '../state/value.js';
import { addressKey, dereference, objectOf } from './dereference.js';
import { asElement, elementByPointer, elementMember, withElement } from './elements.js';
import { unknownValue } from './new-value.js';
import { plainVariables } from './plain-variables.js';

type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Evaluates `&x`, `*p`, `-x` and `~x`. An object and its address are one value, unless it is a plain variable. */
export function evaluateUnary(
  engine: Engine,
  { operator, operand }: ExpressionOf<'unary'>,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  if (operator === '&') {
    if (operand.kind === 'unary' && operand.operator === '*') return engine.evaluate(operand.operand, state, frame);
    if (operand.kind === 'member') return addressOfMember(engine, operand, state, frame);
    if (operand.kind === 'index') return addressOfElement(engine, operand, state, frame);
    const address = operand.kind === 'name' ? addressOfVariable(engine, operand.name, state, frame) : undefined;
    return address ? [address] : engine.evaluate(operand, state, frame);
  }
  const results = engine.evaluate(operand, state, frame);
  if (operator === '*') return results.map((result) => dereference(engine, operand, result, frame));
  if (operator === '~') return results.map((result) => complement(engine, result.state, result.value));
  return results.map((result) => unknownValue(engine, result.state));
}

/** `&list[i]`: the element. A callee that gets it may fill its place. */
function addressOfElement(
  engine: Engine,
  { object, index }: ExpressionOf<'index'>,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  return engine.evaluate(index, state, frame).flatMap((at) =>
    evaluateObject(engine, object, at.state, frame).map((base) => {
      const other = elementByPointer(engine, base.state, base.value, at.value);
      if (other !== undefined) return { value: other, state: base.state };
      const state = withElement(engine, base.state, base.value, at.value);
      const place = addressIn(engine, { value: base.value, state }, elementMember(engine, at.value));
      engine.elements.add(place.value);
      return place;
    }),
  );
}

/** The x of `x.member` and `x[i]`: an object inside another one is there also where all of that is zero. */
export function evaluateObject(
  engine: Engine,
  expression: Expression,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  return engine.evaluate(expression, state, frame).flatMap((result) => {
    if (result.value !== zeroValue) return [result];
    if (expression.kind === 'member') return addressOfMember(engine, expression, result.state, frame);
    return expression.kind === 'index' ? addressOfElement(engine, expression, result.state, frame) : [result];
  });
}

/**
 * What `p->member` or `s.member` yields, read from its object. A struct in it is there also where all of the object is zero:
 * `frame->planes + i` is an element of the array.
 */
export function withEmbedded(
  engine: Engine,
  expression: ExpressionOf<'member'>,
  read: Evaluated,
  frame: CallFrame,
): readonly Evaluated[] {
  if (read.value !== zeroValue || !isEmbedded(engine.codebase, frame.unit, expression)) return [read];
  return addressOfMember(engine, expression, read.state, frame);
}

/** The object that `p->x`, `s.x` or `(*p).x` reads or fills a member of. */
export function evaluateBase(
  engine: Engine,
  expression: ExpressionOf<'member'>,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  const object = objectOf(expression);
  const isPointer = expression.arrow || object !== expression.object;
  return isPointer ? evaluatePointer(engine, object, state, frame) : evaluateObject(engine, object, state, frame);
}

/** The p of `p->member`. A path on which nothing has been assigned to it cannot be: no result. */
function evaluatePointer(engine: Engine, expression: Expression, state: State, frame: CallFrame): readonly Evaluated[] {
  const results = engine.evaluate(expression, state, frame);
  if (expression.kind === 'binary') return results.map((result) => asElement(engine, result));
  if (expression.kind !== 'name') return results;
  const isReturned = returnedBy(frame.unit).has(expression.name);
  return results.flatMap((result) =>
    engine.unassigned.has(result.value) ? [] : [asPointer(engine, asElement(engine, result), isReturned)],
  );
}

const returned = new WeakMap<FunctionUnit, ReadonlySet<string>>();

/** The parameters that a function returns. */
function returnedBy(unit: FunctionUnit): ReadonlySet<string> {
  let names = returned.get(unit);
  if (!names) {
    const found = new Set<string>();
    visitStatements(unit.body, (statement) => {
      if (statement.kind === 'return' && statement.value?.kind === 'name') found.add(statement.value.name);
    });
    names = new Set(unit.parameters.flatMap(({ name }) => (found.has(name) ? [name] : [])));
    returned.set(unit, names);
  }
  return names;
}

/**
 * A pointer that the path dereferences is no error pointer; results of the API are left to `err-ptr-unchecked`. When locks
 * are followed, a returned parameter is not NULL, either: a helper may return the object that it has locked, or NULL.
 */
function asPointer(engine: Engine, { value, state }: Evaluated, isReturned: boolean): Evaluated {
  const signs = signsOf(state, value);
  const left = engine.locks && isReturned ? good : signs & ~bad;
  const isKnown = signs === left || (signs & good) === 0 || engine.origins.has(value);
  return { value, state: isKnown ? state : stateWith(state, { signs: state.signs.with(value, left) }) };
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
  return { value, state: state.signs.has(value) ? state : stateWith(state, { signs: state.signs.with(value, good) }) };
}

/** `&obj->base`: an object embedded in another one, which container_of() leads back to. */
function addressOfMember(
  engine: Engine,
  operand: ExpressionOf<'member'>,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] {
  const object = objectOf(operand);
  // In `&bo->tbo.base` the base is embedded in the tbo, which is embedded in the bo.
  const outer =
    object.kind === 'member' && !operand.arrow
      ? addressOfMember(engine, object, state, frame)
      : engine.evaluate(object, state, frame);
  return outer.map((base) => addressIn(engine, base, operand.member));
}

/** The address of a member or element. What was never read or stored is an object inside the other one. */
function addressIn(engine: Engine, base: Evaluated, member: string): Evaluated {
  const key = `${base.value}.${member}`;
  const known = base.state.heap.get(key);
  if (known !== undefined) return addressOfPlace(engine, base.value, key, { value: known, state: base.state });
  const value = engine.newValue();
  if (engine.elements.has(base.value)) engine.elements.add(value);
  let { answers, heap, shared } = base.state;
  heap = heap.with(key, value);
  if (isZeroed(base.state, base.value)) answers = answers.with(answerKeys.zeroed(value), true);
  if (shared.has(base.value)) shared = shared.with(value, true);
  return rememberPlace(
    engine,
    embed(base.value, { value, state: stateWith(base.state, { answers, heap, shared }) }),
    key,
  );
}

/**
 * The address of a place that holds something. An embedded object and its address are one value. A number or a pointer is
 * not its address: that is a value of its own, which is never NULL, whatever the place holds.
 */
function addressOfPlace(engine: Engine, base: Value, key: string, { value, state }: Evaluated): Evaluated {
  const known = state.heap.get(addressKey(key));
  if (known !== undefined) return { value: known, state };
  if (state.wholes.has(value) || isObject(state, value))
    return rememberPlace(engine, embed(base, { value, state }), key);
  const address = engine.newValue();
  const shared = state.shared.has(base) ? state.shared.with(address, true) : state.shared;
  const made = { value: address, state: stateWith(state, { heap: state.heap.with(addressKey(key), address), shared }) };
  return rememberPlace(engine, embed(base, made), key);
}

/** Whether a value is a struct, and not a pointer that may be NULL or an error. */
function isObject(state: State, value: Value): boolean {
  return (
    (signsOf(state, value) & good) !== 0 &&
    !state.resources.some(({ handle }) => handle === value) &&
    hasMembers(state, value)
  );
}

/** An object inside another one: container_of() leads back, and its address is not NULL. */
function embed(whole: Value, { value, state }: Evaluated): Evaluated {
  return {
    value,
    state: stateWith(state, { wholes: state.wholes.with(value, whole), signs: state.signs.with(value, good) }),
  };
}

/** Remembers where an address points, so that `*address = x` fills that place. */
function rememberPlace(engine: Engine, result: Evaluated, key: string): Evaluated {
  engine.places.set(result.value, key);
  return result;
}
