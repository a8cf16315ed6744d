import { type Expression, subexpressions } from '../../c/index.js';
import type { Engine, Evaluated, Frame } from '../paths/model.js';
import { plainVariables } from '../state/addresses.js';
import { elementKey, rememberPlace, storeElement } from '../state/elements.js';
import { freshWith } from '../state/fresh.js';
import { share, useValue } from '../state/objects.js';
import { assume, bad, good, type Signs, type State, signsOf, type Value, zero, zeroValue } from '../state/state.js';
import { evaluateCall } from './calls.js';
import { decideTest } from './decide.js';
import { constantSigns } from './tests.js';

/** Evaluates an expression: one result for each way that it can go. */
export function evaluate(engine: Engine, expression: Expression, state: State, frame: Frame): readonly Evaluated[] {
  const constant = constantSigns(expression);
  if (constant === zero) return [{ value: zeroValue, state }];
  if (constant !== undefined) return [freshWith(engine, state, constant)];
  switch (expression.kind) {
    case 'name':
      return [readName(engine, expression.name, state, frame)];
    case 'member':
      return evaluate(engine, expression.object, state, frame).map((base) =>
        readMember(engine, base, expression.member, frame, expression.at),
      );
    case 'index':
      return evaluate(engine, expression.index, state, frame).flatMap((index) =>
        evaluate(engine, expression.object, index.state, frame).map((base) =>
          readElement(engine, base, index.value, frame, expression.at),
        ),
      );
    case 'cast':
      return evaluate(engine, expression.operand, state, frame);
    case 'unary':
      return evaluateUnary(engine, expression.operator, expression.operand, state, frame);
    case 'assignment':
      return evaluateAssignment(engine, expression, state, frame);
    case 'conditional':
      return evaluateConditional(engine, expression, state, frame);
    case 'sequence':
      return expression.items.reduce<readonly Evaluated[]>(
        (results, item) => results.flatMap((result) => evaluate(engine, item, result.state, frame)),
        [{ value: zeroValue, state }],
      );
    case 'call':
      return evaluateCall(engine, expression, state, frame);
    case 'initialiser':
    case 'compound-literal':
      return sideEffects(engine, subexpressions(expression), state, frame).map((after) =>
        storeInitialiser(engine, expression, after, frame),
      );
    case 'statements':
      return engine.block(expression.body, state, frame);
    case 'binary':
      if (expression.operator === '&&' || expression.operator === '||')
        return truthOf(engine, expression, state, frame);
      return sideEffects(engine, [expression.left, expression.right], state, frame).map((after) =>
        freshWith(engine, after, 7),
      );
    case 'update':
      return evaluateUpdate(engine, expression, state, frame);
    default:
      return sideEffects(engine, subexpressions(expression), state, frame).map((after) => freshWith(engine, after, 7));
  }
}

/** `i++` of what is 0 or more is more than 0: so much must be known of a loop's counter. */
function evaluateUpdate(
  engine: Engine,
  { operator, operand, at }: Extract<Expression, { kind: 'update' }>,
  state: State,
  frame: Frame,
): readonly Evaluated[] {
  return evaluate(engine, operand, state, frame).flatMap((old) => {
    const changed = freshWith(engine, old.state, counted(operator, signsOf(old.state, old.value)));
    const isPrefix = operand.at > at;
    return assign(engine, operand, changed, frame).map((after) => (isPrefix ? after : { ...after, value: old.value }));
  });
}

function counted(operator: string, signs: Signs): Signs {
  const isUp = operator === '++';
  let after = signs & zero ? (isUp ? good : bad) : 0;
  if (signs & good) after |= isUp ? good : good | zero;
  if (signs & bad) after |= isUp ? bad | zero : bad;
  return after;
}

/** Runs expressions for what they do, one after the other. */
function sideEffects(engine: Engine, expressions: readonly Expression[], state: State, frame: Frame): readonly State[] {
  return expressions.reduce<readonly State[]>(
    (states, expression) =>
      engine.bounded(
        states.flatMap((current) => evaluate(engine, expression, current, frame).map((result) => result.state)),
      ),
    [state],
  );
}

function readName(engine: Engine, name: string, state: State, frame: Frame): Evaluated {
  const local = `${frame.id}:${name}`;
  const known = state.variables.get(local) ?? state.variables.get(`global:${name}`);
  if (known !== undefined) return { value: known, state };
  const value = engine.fresh();
  engine.globals.set(value, name);
  // What is no local variable is a global, which everybody knows.
  return {
    value,
    state: {
      ...state,
      variables: state.variables.with(`global:${name}`, value),
      shared: state.shared.with(value, true),
    },
  };
}

function readElement(engine: Engine, base: Evaluated, index: Value, frame: Frame, at: number): Evaluated {
  const key = elementKey(base.state, base.value, index);
  return readMember(engine, base, key.slice(key.indexOf('.') + 1), frame, at);
}

function readMember(engine: Engine, base: Evaluated, member: string, frame: Frame, at: number): Evaluated {
  const state = useValue(engine, base.value, base.state, frame, at, `->${member}`);
  const key = `${base.value}.${member}`;
  const known = state.heap.get(key);
  if (known !== undefined) return { value: known, state };
  // What kzalloc() gave is all zero until somebody writes to it.
  if (state.answers.has(`zeroed:${base.value}`)) return { value: zeroValue, state };
  const value = engine.fresh();
  const shared = state.shared.has(base.value) ? state.shared.with(value, true) : state.shared;
  return { value, state: { ...state, heap: state.heap.with(key, value), shared } };
}

function evaluateUnary(
  engine: Engine,
  operator: string,
  operand: Expression,
  state: State,
  frame: Frame,
): readonly Evaluated[] {
  if (operator === '&' && operand.kind === 'member') return embeddedMember(engine, operand, state, frame);
  if (operator === '&') {
    if (operand.kind === 'index') return elementPlace(engine, operand, state, frame);
    const address = operand.kind === 'name' ? addressOf(engine, operand.name, state, frame) : undefined;
    return address ? [address] : evaluate(engine, operand, state, frame);
  }
  // An object and its address are one value here, unless it is a plain variable.
  if (operator === '*')
    return evaluate(engine, operand, state, frame).map((result) => {
      const place = engine.addressed.get(result.value);
      const value = place === undefined ? undefined : result.state.variables.get(place);
      return value === undefined ? result : { value, state: result.state };
    });
  if (operator === '!') return truthOf(engine, { kind: 'unary', operator, operand, at: operand.at }, state, frame);
  return evaluate(engine, operand, state, frame).map((result) => freshWith(engine, result.state, 7));
}

/** `&list[i]`: the element, and the place that a callee may fill. */
function elementPlace(
  engine: Engine,
  { object, index }: Extract<Expression, { kind: 'index' }>,
  state: State,
  frame: Frame,
): readonly Evaluated[] {
  return evaluate(engine, index, state, frame).flatMap((at) =>
    evaluate(engine, object, at.state, frame).map((base) => {
      const key = elementKey(base.state, base.value, at.value);
      return rememberPlace(engine, readElement(engine, base, at.value, frame, index.at), key);
    }),
  );
}

/** The place of a local variable that a callee may fill; undefined for a struct, which is its own place. */
function addressOf(engine: Engine, name: string, state: State, frame: Frame): Evaluated | undefined {
  const key = `${frame.id}:${name}`;
  if (!state.variables.has(key) || !plainVariables(frame.unit).has(name)) return undefined;
  let value = engine.addresses.get(key);
  if (value === undefined) {
    value = engine.fresh();
    engine.addresses.set(key, value);
    engine.addressed.set(value, key);
  }
  return { value, state: state.signs.has(value) ? state : { ...state, signs: state.signs.with(value, good) } };
}

/** A test as a value: something, or 0. */
function truthOf(engine: Engine, test: Expression, state: State, frame: Frame): readonly Evaluated[] {
  return decideTest(engine, test, state, frame).map((way) =>
    way.answer ? freshWith(engine, way.state, good) : { value: zeroValue, state: way.state },
  );
}

/** `&obj->base`: a part of an object, from which container_of() finds the whole again. */
function embeddedMember(
  engine: Engine,
  operand: Extract<Expression, { kind: 'member' }>,
  state: State,
  frame: Frame,
): readonly Evaluated[] {
  const { object } = operand;
  // `&bo->tbo.base`: the base is a part of the tbo, which is a part of the whole.
  const outer =
    object.kind === 'member' && !operand.arrow
      ? embeddedMember(engine, object, state, frame)
      : evaluate(engine, object, state, frame);
  return outer.map((base) => {
    const key = `${base.value}.${operand.member}`;
    const known = base.state.heap.get(key);
    const isZeroed = base.state.answers.has(`zeroed:${base.value}`);
    const value = known ?? engine.fresh();
    let { answers, heap, shared } = base.state;
    if (known === undefined) {
      heap = heap.with(key, value);
      if (isZeroed) answers = answers.with(`zeroed:${value}`, true);
      if (shared.has(base.value)) shared = shared.with(value, true);
    }
    answers = answers.with(`whole:${value}`, base.value);
    const signs = base.state.signs.with(value, good);
    return rememberPlace(engine, { value, state: { ...base.state, answers, heap, shared, signs } }, key);
  });
}

function evaluateAssignment(
  engine: Engine,
  expression: Extract<Expression, { kind: 'assignment' }>,
  state: State,
  frame: Frame,
): readonly Evaluated[] {
  return evaluate(engine, expression.value, state, frame).flatMap((result) =>
    assign(engine, expression.target, expression.operator === '=' ? result : freshWith(engine, result.state, 7), frame),
  );
}

/** Puts a value where it belongs. What is put into an object that others know, they know as well. */
export function assign(
  engine: Engine,
  target: Expression,
  { value, state }: Evaluated,
  frame: Frame,
): readonly Evaluated[] {
  switch (target.kind) {
    case 'name': {
      const local = `${frame.id}:${target.name}`;
      const isLocal = state.variables.has(local);
      const after = isLocal
        ? state
        : share(state, value, frame, {
            at: target.at,
            end: { kind: 'stored', in: target.name },
          });
      return [
        {
          value,
          state: { ...after, variables: after.variables.with(isLocal ? local : `global:${target.name}`, value) },
        },
      ];
    }
    case 'member':
      return evaluate(engine, target.object, state, frame).map((base) => {
        const known = useValue(engine, base.value, base.state, frame, target.at, `->${target.member}`);
        const stored = { ...known, heap: known.heap.with(`${base.value}.${target.member}`, value) };
        return {
          value,
          state: stored.shared.has(base.value)
            ? share(stored, value, frame, {
                at: target.at,
                end: { kind: 'stored', in: target.member },
                holder: base.value,
              })
            : stored,
        };
      });
    case 'cast':
      return assign(engine, target.operand, { value, state }, frame);
    case 'index':
      return evaluate(engine, target.index, state, frame).flatMap((index) =>
        evaluate(engine, target.object, index.state, frame).map((base) => {
          const stored = storeElement(base.state, base.value, index.value, value);
          return { value, state: storedFor(stored, base.value, value, frame, target.at) };
        }),
      );
    case 'unary':
      return evaluate(engine, target.operand, state, frame).map((base) => {
        const variable = engine.addressed.get(base.value);
        if (variable !== undefined)
          return { value, state: { ...base.state, variables: base.state.variables.with(variable, value) } };
        const place = engine.places.get(base.value);
        let heap = base.state.heap.with(`${base.value}.*`, value);
        if (place !== undefined) heap = heap.with(place, value);
        return { value, state: storedFor({ ...base.state, heap }, base.value, value, frame, target.at) };
      });
    default:
      return [{ value, state }];
  }
}

/** `*out = x`, `list[i] = x`: whoever gave the place has it now. */
function storedFor(state: State, place: Value, value: Value, frame: Frame, at: number): State {
  return state.shared.has(place) ? share(state, value, frame, { at, end: { kind: 'given-to-caller' } }) : state;
}

function evaluateConditional(
  engine: Engine,
  expression: Extract<Expression, { kind: 'conditional' }>,
  state: State,
  frame: Frame,
): readonly Evaluated[] {
  const { test, then, otherwise } = expression;
  // `a ?: b` is a where that is something.
  if (then === null)
    return evaluate(engine, test, state, frame).flatMap((result): readonly Evaluated[] => {
      const isSomething = assume(result.state, result.value, good | bad);
      const isZero = assume(result.state, result.value, zero);
      return [
        ...(isSomething ? [{ value: result.value, state: isSomething }] : []),
        ...(isZero ? evaluate(engine, otherwise, isZero, frame) : []),
      ];
    });
  return decideTest(engine, test, state, frame).flatMap((way) =>
    evaluate(engine, way.answer ? then : otherwise, way.state, frame),
  );
}

function storeInitialiser(engine: Engine, expression: Expression, state: State, frame: Frame): Evaluated {
  const list = expression.kind === 'compound-literal' ? expression.value : expression;
  const object = engine.fresh();
  let after = state;
  if (list.kind === 'initialiser')
    for (const { designators, value } of list.entries) {
      const [member] = designators;
      const [result] = member && designators.length === 1 ? evaluate(engine, value, after, frame) : [];
      if (member && result)
        after = { ...result.state, heap: result.state.heap.with(`${object}.${member}`, result.value) };
    }
  return { value: object, state: after };
}
