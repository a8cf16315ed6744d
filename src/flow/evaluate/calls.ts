import type { CallExpression } from '../../c/index.js';
import { allocators, apiFunctions, borrowers, freeFunctions } from '../../kernel/effects.js';
import { takers } from '../expansion/cleanup.js';
import { usedAt } from '../expansion/macros.js';
import { applyLocks, noteHiddenLock } from '../locks/locks.js';
import type { Engine, Evaluated, Frame } from '../paths/model.js';
import { applyCount } from '../state/counts.js';
import { freshWith } from '../state/fresh.js';
import { freeHolder, share } from '../state/objects.js';
import { assume, bad, good, type State, signsOf, type Value, zero, zeroValue } from '../state/state.js';
import { applyApi } from './api-call.js';
import { onlyLooksAt } from './borrows.js';
import { assign, evaluate } from './evaluate.js';
import { releasedExport, releaseFreed } from './release.js';

/** Functions that answer the same for the same argument: conversions from one view of an object to another. */
const conversions = /^(?:container_of\w*|to_\w+|\w+_to_\w+|list_entry|\w*_priv|dev_get_drvdata|\w+_get_drvdata)$/;

/** Calls a function: its effect where it is known, what its body does where it can be followed. */
export function evaluateCall(engine: Engine, call: CallExpression, state: State, frame: Frame): readonly Evaluated[] {
  const name = call.callee.kind === 'name' ? call.callee.name : null;
  let ways: readonly { readonly values: readonly Value[]; readonly state: State }[] = [{ values: [], state }];
  for (const argument of call.arguments)
    ways = engine.bounded(
      ways.flatMap((way) =>
        evaluate(engine, argument, way.state, frame).map((result) => ({
          values: [...way.values, result.value],
          state: result.state,
        })),
      ),
    );
  if (call.callee.kind !== 'name')
    ways = ways.flatMap((way) =>
      evaluate(engine, call.callee, way.state, frame).map((result) => ({ values: way.values, state: result.state })),
    );
  return ways.flatMap((way) => applyCall(engine, call, name, way.values, way.state, frame));
}

function applyCall(
  engine: Engine,
  call: CallExpression,
  name: string | null,
  values: readonly Value[],
  state: State,
  frame: Frame,
): readonly Evaluated[] {
  const [first] = values;
  if (name === null) return callSlot(engine, call, values, state, frame);
  const locks = engine.locks && applyLocks(engine, engine.locks, name, call, values, state, frame);
  if (locks?.done) return locks.done;
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
        ? { ...made, state: { ...made.state, answers: made.state.answers.with(`zeroed:${made.value}`, true) } }
        : made,
      { value: zeroValue, state },
    ];
  }
  if (leavesOnError(engine, name, values, state, frame)) return [];
  const target = engine.find(name, frame.ref.path);
  if (target && engine.relevance.matters(target)) {
    const results = engine.call(target, values, state, frame);
    if (results && results.length > 0) return results;
    if (results) return []; // it never returns
    return [handOver(engine, values, state, frame, call.at, name, true)];
  }
  const macro = target ? undefined : engine.macros.get(name);
  if (macro && !frame.stack.includes(name)) return engine.expand(usedAt(macro, call.at), values, state, frame);
  if (engine.locks) return [noteHiddenLock(name, handOver(engine, values, state, frame, call.at, name))];
  if (borrowers.test(name)) return [freshWith(engine, state, 7)];
  // What can be seen not to reach the API within a few calls releases nothing.
  const kept = target ? values.filter((_, index) => !onlyLooksAt(engine.codebase, target, index)) : values;
  return [handOver(engine, kept, state, frame, call.at, name, !target && releasers.test(name), !releasers.test(name))];
}

/** A call through a pointer: followed where the slot is known, else whoever is called may keep what it is given. */
function callSlot(
  engine: Engine,
  call: CallExpression,
  values: readonly Value[],
  state: State,
  frame: Frame,
): readonly Evaluated[] {
  const target = call.callee.kind === 'member' ? engine.locks?.slots.get(call.callee.member) : undefined;
  const results = target && engine.call(target, values, state, frame);
  return results ?? [handOver(engine, values, state, frame, call.at, null)];
}

/** A macro that tests for an error itself, and leaves the function then: `EX_CHECK(attach)`. */
function leavesOnError(engine: Engine, name: string, values: readonly Value[], state: State, frame: Frame): boolean {
  if (!values.some((value) => engine.origins.has(value) && signsOf(state, value) === bad)) return false;
  const macro = engine.codebase.definitions.macro(name, frame.ref.path);
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
  to: string | null,
  takesOver = false,
  isLent = false,
): Evaluated {
  let after = state;
  for (const value of values) {
    const variable = engine.addressed.get(value);
    const kept = variable === undefined ? undefined : after.variables.get(variable);
    after = share(after, value, frame, { at, end: { kind: 'passed', to }, takesOver, isLent });
    if (variable === undefined || kept === undefined) continue;
    // Whoever gets the place of a variable may take what is in it, and fill it.
    after = share(after, kept, frame, { at, end: { kind: 'passed', to }, takesOver });
    after = { ...after, variables: after.variables.with(variable, engine.fresh()) };
  }
  return freshWith(engine, after, 7);
}

function convert(engine: Engine, name: string, call: CallExpression, value: Value, state: State): Evaluated {
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
      answers: state.answers.with(key, made).with(`whole:${value}`, made),
      signs: state.signs.with(made, good),
      shared: state.shared.has(value) ? state.shared.with(made, true) : state.shared,
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
