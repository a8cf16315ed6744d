import { type Expression, subexpressions } from '../c/index.js';
import { plainVariables } from './addresses.js';
import { applyApi } from './api-call.js';
import { takers } from './cleanup.js';
import { applyCount } from './counts.js';
import { decideTest } from './decide.js';
import { allocators, apiFunctions, borrowers, freeFunctions } from './effects.js';
import type { Engine, Frame } from './engine.js';
import { freeHolder, share, toCaller, useValue } from './objects.js';
import { releasedExport, releaseFreed } from './release.js';
import { assume, bad, good, type State, signsOf, type Value, withEntry, withMember, zero, zeroValue } from './state.js';
import { constantSigns } from './tests.js';

export interface Evaluated {
  readonly value: Value;
  readonly state: State;
}

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
      // An array is taken for one of its elements.
      return evaluate(engine, expression.index, state, frame).flatMap(({ state: after }) =>
        evaluate(engine, expression.object, after, frame).map((base) =>
          readMember(engine, base, '[]', frame, expression.at),
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
      return assign(engine, expression.operand, freshWith(engine, state, 7), frame);
    default:
      return sideEffects(engine, subexpressions(expression), state, frame).map((after) => freshWith(engine, after, 7));
  }
}

function freshWith(engine: Engine, state: State, signs: number): Evaluated {
  const value = engine.fresh();
  return { value, state: signs === 7 ? state : { ...state, signs: withEntry(state.signs, value, signs) } };
}

/** Runs expressions for what they do, one after the other. */
function sideEffects(engine: Engine, expressions: readonly Expression[], state: State, frame: Frame): readonly State[] {
  return expressions.reduce<readonly State[]>(
    (states, expression) =>
      states.flatMap((current) => evaluate(engine, expression, current, frame).map((result) => result.state)),
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
      variables: withEntry(state.variables, `global:${name}`, value),
      shared: withMember(state.shared, value),
    },
  };
}

function readMember(engine: Engine, base: Evaluated, member: string, frame: Frame, at: number): Evaluated {
  const state = useValue(engine, base.value, base.state, frame, at, `->${member}`);
  const key = `${base.value}.${member}`;
  const known = state.heap.get(key);
  if (known !== undefined) return { value: known, state };
  // What kzalloc() gave is all zero until somebody writes to it.
  if (state.answers.has(`zeroed:${base.value}`)) return { value: zeroValue, state };
  const value = engine.fresh();
  const shared = state.shared.has(base.value) ? withMember(state.shared, value) : state.shared;
  return { value, state: { ...state, heap: withEntry(state.heap, key, value), shared } };
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
  return { value, state: state.signs.has(value) ? state : { ...state, signs: withEntry(state.signs, value, good) } };
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
  return evaluate(engine, operand.object, state, frame).map((base) => {
    const key = `${base.value}.${operand.member}`;
    const known = base.state.heap.get(key);
    const isZeroed = base.state.answers.has(`zeroed:${base.value}`);
    const value = known ?? engine.fresh();
    let { answers, heap, shared } = base.state;
    if (known === undefined) {
      heap = withEntry(heap, key, value);
      if (isZeroed) answers = withEntry(answers, `zeroed:${value}`, true);
      if (shared.has(base.value)) shared = withMember(shared, value);
    }
    answers = withEntry(answers, `whole:${value}`, base.value);
    return { value, state: { ...base.state, answers, heap, shared, signs: withEntry(base.state.signs, value, good) } };
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
function assign(engine: Engine, target: Expression, { value, state }: Evaluated, frame: Frame): readonly Evaluated[] {
  switch (target.kind) {
    case 'name': {
      const local = `${frame.id}:${target.name}`;
      const isLocal = state.variables.has(local);
      const after = isLocal ? state : share(state, value, frame, { at: target.at, how: `stored in '${target.name}'` });
      return [
        {
          value,
          state: { ...after, variables: withEntry(after.variables, isLocal ? local : `global:${target.name}`, value) },
        },
      ];
    }
    case 'member':
      return evaluate(engine, target.object, state, frame).map((base) => {
        const known = useValue(engine, base.value, base.state, frame, target.at, `->${target.member}`);
        const stored = { ...known, heap: withEntry(known.heap, `${base.value}.${target.member}`, value) };
        return {
          value,
          state: stored.shared.has(base.value)
            ? share(stored, value, frame, { at: target.at, how: `stored in '${target.member}'`, holder: base.value })
            : stored,
        };
      });
    case 'cast':
      return assign(engine, target.operand, { value, state }, frame);
    case 'unary':
    case 'index': {
      // `*out = x`, `list[i] = x`: whoever gave the place has it now.
      const place = target.kind === 'unary' ? target.operand : target.object;
      return evaluate(engine, place, state, frame).map((base) => {
        const variable = target.kind === 'unary' ? engine.addressed.get(base.value) : undefined;
        if (variable !== undefined)
          return { value, state: { ...base.state, variables: withEntry(base.state.variables, variable, value) } };
        const stored = { ...base.state, heap: withEntry(base.state.heap, `${base.value}.*`, value) };
        return {
          value,
          state: stored.shared.has(base.value) ? share(stored, value, frame, { at: target.at, how: toCaller }) : stored,
        };
      });
    }
    default:
      return [{ value, state }];
  }
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
        after = { ...result.state, heap: withEntry(result.state.heap, `${object}.${member}`, result.value) };
    }
  return { value: object, state: after };
}

/** Functions that answer the same for the same argument: conversions from one view of an object to another. */
const conversions = /^(?:container_of\w*|to_\w+|\w+_to_\w+|list_entry|\w*_priv|dev_get_drvdata|\w+_get_drvdata)$/;

function evaluateCall(
  engine: Engine,
  call: Extract<Expression, { kind: 'call' }>,
  state: State,
  frame: Frame,
): readonly Evaluated[] {
  const name = call.callee.kind === 'name' ? call.callee.name : null;
  let ways: readonly { readonly values: readonly Value[]; readonly state: State }[] = [{ values: [], state }];
  for (const argument of call.arguments)
    ways = ways.flatMap((way) =>
      evaluate(engine, argument, way.state, frame).map((result) => ({
        values: [...way.values, result.value],
        state: result.state,
      })),
    );
  if (call.callee.kind !== 'name')
    ways = ways.flatMap((way) =>
      evaluate(engine, call.callee, way.state, frame).map((result) => ({ values: way.values, state: result.state })),
    );
  return ways.flatMap((way) => applyCall(engine, call, name, way.values, way.state, frame));
}

function applyCall(
  engine: Engine,
  call: Extract<Expression, { kind: 'call' }>,
  name: string | null,
  values: readonly Value[],
  state: State,
  frame: Frame,
): readonly Evaluated[] {
  const [first] = values;
  if (name === null) return [handOver(engine, values, state, frame, call.at, 'a function pointer')];
  const counted = applyCount(engine, name, call, values, state, frame);
  if (counted) return counted;
  const api = apiFunctions.get(name);
  if (api) return applyApi(engine, name, api, call, values, state, frame);
  const [argument] = call.arguments;
  if (takers.has(name) && argument && first !== undefined)
    return assign(engine, argument, { value: zeroValue, state }, frame).map((result) => ({ ...result, value: first }));
  const error = first === undefined ? undefined : errorHelper(engine, name, first, state);
  if (error) return error;
  if (first !== undefined && conversions.test(name)) return [convert(engine, name, call, first, state)];
  if (freeFunctions.has(name)) {
    let after = state;
    for (const value of values.slice(-1)) {
      if (state.answers.has(releaseFreed(value)))
        engine.report(
          { kind: 'double-free', at: call.at, resource: releasedExport(state), use: `${name}()`, origin: null },
          frame,
          state,
        );
      after = freeHolder(after, value);
    }
    return [{ value: engine.fresh(), state: after }];
  }
  if (allocators.test(name)) {
    const made = freshWith(engine, state, good);
    // Two ways, so that what is known of the object does not depend on a later test.
    return [
      /zalloc|calloc|alloc_obj/.test(name)
        ? { ...made, state: { ...made.state, answers: withEntry(made.state.answers, `zeroed:${made.value}`, true) } }
        : made,
      { value: zeroValue, state },
    ];
  }
  if (leavesOnError(engine, name, values, state, frame)) return [];
  const target = engine.world.definitions.findNear(name, frame.ref.path);
  if (target && engine.relevance.matters(target)) {
    const results = engine.call(target, values, state, frame);
    if (results && results.length > 0) return results;
    if (results) return []; // it never returns
    return [handOver(engine, values, state, frame, call.at, `${name}()`, true)];
  }
  if (borrowers.test(name)) return [freshWith(engine, state, 7)];
  // What can be seen not to reach the API within a few calls releases nothing.
  return [handOver(engine, values, state, frame, call.at, `${name}()`, !target && releasers.test(name))];
}

/** A macro that tests for an error itself, and leaves the function then: `EX_CHECK(attach)`. */
function leavesOnError(engine: Engine, name: string, values: readonly Value[], state: State, frame: Frame): boolean {
  if (!values.some((value) => engine.origins.has(value) && signsOf(state, value) === bad)) return false;
  const macro = engine.world.definitions.macro(name, frame.ref.path);
  return macro !== undefined && /\bIS_ERR/.test(macro) && /\breturn\b|\bgoto\b/.test(macro);
}

/** Names of functions that end an object: with it goes what it holds. */
const releasers =
  /(?:^|_)(?:put|release|free|destroy|cleanup|unref|fini|remove|unregister|drop|detach|teardown)(?:_|$)/;

/** A callee that cannot be followed may keep whatever it is given. */
function handOver(
  engine: Engine,
  values: readonly Value[],
  state: State,
  frame: Frame,
  at: number,
  to: string,
  takesOver = false,
): Evaluated {
  let after = state;
  for (const value of values) {
    const variable = engine.addressed.get(value);
    const kept = variable === undefined ? undefined : after.variables.get(variable);
    after = share(after, value, frame, { at, how: `handed to ${to}`, takesOver });
    if (variable === undefined || kept === undefined) continue;
    // Whoever gets the place of a variable may take what is in it, and fill it.
    after = share(after, kept, frame, { at, how: `handed to ${to}`, takesOver });
    after = { ...after, variables: withEntry(after.variables, variable, engine.fresh()) };
  }
  return freshWith(engine, after, 7);
}

function convert(
  engine: Engine,
  name: string,
  call: Extract<Expression, { kind: 'call' }>,
  value: Value,
  state: State,
): Evaluated {
  const types = call.arguments
    .slice(1)
    .map((argument) => (argument.kind === 'type' ? argument.text : argument.kind === 'name' ? argument.name : ''));
  const key = `convert:${name}:${types.join(',')}:${value}`;
  const known = state.answers.get(key) ?? state.answers.get(`whole:${value}`);
  if (typeof known === 'number') return { value: known, state };
  const made = engine.fresh();
  return {
    value: made,
    state: {
      ...state,
      answers: withEntry(withEntry(state.answers, key, made), `whole:${value}`, made),
      signs: withEntry(state.signs, made, good),
      shared: state.shared.has(value) ? withMember(state.shared, made) : state.shared,
    },
  };
}

/** ERR_PTR, PTR_ERR and their kin carry an error from one type to another. */
function errorHelper(engine: Engine, name: string, value: Value, state: State): readonly Evaluated[] | undefined {
  const split = (onBad: number, otherwise: number | Value): readonly Evaluated[] => {
    const isBad = assume(state, value, bad);
    const isNot = assume(state, value, good | zero);
    return [
      ...(isBad ? [freshWith(engine, isBad, onBad)] : []),
      ...(isNot
        ? [otherwise === zeroValue ? { value: zeroValue, state: isNot } : freshWith(engine, isNot, otherwise)]
        : []),
    ];
  };
  switch (name) {
    case 'ERR_PTR':
      // `ERR_PTR(0)` is NULL; of a number that was not looked at, it is an error.
      return [
        value === zeroValue
          ? { value, state }
          : freshWith(engine, state, signsOf(state, value) & bad ? bad : signsOf(state, value)),
      ];
    case 'ERR_CAST':
    case 'PTR_ERR':
      return [freshWith(engine, state, bad)];
    case 'PTR_ERR_OR_ZERO':
      return split(bad, zeroValue);
    case 'IS_ERR':
      return split(good, zeroValue);
    case 'IS_ERR_OR_NULL': {
      const failed = assume(state, value, bad | zero);
      const fine = assume(state, value, good);
      return [
        ...(failed ? [freshWith(engine, failed, good)] : []),
        ...(fine ? [{ value: zeroValue, state: fine }] : []),
      ];
    }
    default:
      return undefined;
  }
}
