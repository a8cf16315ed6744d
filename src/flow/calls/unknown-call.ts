import { declaresVariable, fillsArgumentsOnly } from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';
import type { Engine, Evaluated } from '../model/engine.js';
import { noteLent } from '../objects/loans.js';
import { forgetOwn } from '../objects/own-counts.js';
import { objectOfKey } from '../state/heap.js';
import { share, type Transfer } from '../state/ownership.js';
import { answerKeys, noteWrite, type State, stateWith } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';
import { readsAndWritesOf } from '../tree/reads-and-writes.js';
import type { AnyCallSite, CallSite } from './call-site.js';
import { fillsParameter } from './escape.js';
import { returnsFresh } from './fresh-results.js';

/** What is known of a callee that is not followed. */
interface Callee extends Pick<Transfer, 'takesOver' | 'isLent'> {
  /** Its definition, where it is found. */
  readonly target?: FunctionRef | undefined;
}

/** Passes values to a callee that is not followed. It may keep them, and may change what it gets the address of. */
export function passToUnknown(
  site: AnyCallSite,
  values: readonly Value[],
  state: State,
  { target, takesOver = false, isLent = false }: Callee = {},
): Evaluated {
  const { engine, call, frame } = site;
  const name = call.callee.kind === 'member' ? call.callee.member : site.name;
  const isFresh = returnsFresh(engine.codebase, name, target);
  // The same as endAt() makes, which is slow for what nearly every call needs.
  const end = { kind: 'passed', to: site.name, path: frame.ref.path, at: call.at } as const;
  let after = noteWrites(site, target, state);
  for (const value of values) {
    const variable = engine.addressed.get(value);
    const content = variable === undefined ? undefined : after.variables.get(variable);
    if (engine.makers.has(value))
      after = stateWith(after, { answers: after.answers.with(answerKeys.passedOn(value), true) });
    after = share(after, value, { end, takesOver, isLent });
    if (content !== undefined) after = share(after, content, { end, takesOver });
  }
  if (values.length > 0 && !(name !== null && declaresVariable(name))) after = forgetOwn(after);
  const fillsAll = !target && name !== null && fillsArgumentsOnly(name);
  for (const [index, value] of site.values.entries())
    if (fillsAll || values.includes(value) || (target && fillsParameter(engine.codebase, target, index)))
      after = fillPlace(engine, value, isFresh, after);
  const result = unknownResult(engine, after, isFresh);
  if (name !== null) engine.returnedBy.set(result.value, name);
  if (!target && name !== null) noteMaker({ ...site, name }, result.value);
  return noteLent(values, result);
}

/** Notes which call returned a value. */
export function noteMaker({ engine, call, frame, name }: CallSite, value: Value): void {
  const { outline, path } = frame.ref;
  engine.makers.set(value, { path, at: call.at, api: name, function: outline.name, frame: frame.id });
}

/** A callee that is found writes what its body shows. Any other may write everything. */
function noteWrites({ engine, name, values }: AnyCallSite, target: FunctionRef | undefined, state: State): State {
  if (!target && name !== null && fillsArgumentsOnly(name)) return state;
  const effect = target && readsAndWritesOf(engine.codebase, target);
  const after = effect ? [...effect.writes].reduce(noteWrite, state) : noteWrite(state, null);
  const isWritten = (member: string): boolean => !effect || effect.writes.has(member);
  return fillZeroes(engine, values, isWritten, forgetReleased(engine, values, isWritten, after));
}

/**
 * What an object holds of a resource from before, which the path has released, may be another one after a callee that gets
 * the object: `foo_next(foo)` fills `foo->cur` again.
 */
function forgetReleased(
  engine: Engine,
  objects: readonly Value[],
  isWritten: (member: string) => boolean,
  state: State,
): State {
  const gone = new Set<Value>();
  for (const { kind, status, count, handle } of state.resources)
    if (kind !== 'lock' && status === 'released' && count === 0) gone.add(handle);
  if (gone.size === 0) return state;
  const around = new Set(gone);
  for (const [key, value] of state.heap) if (gone.has(value)) around.add(objectOfKey(key));
  let heap = state.heap;
  for (const object of objects)
    for (const [key, value] of state.heap) {
      if (!around.has(value) || state.wholes.get(value) === object) continue;
      const owner = objectOfKey(key);
      if (owner !== object && state.wholes.get(owner) !== object) continue;
      if (isWritten(key.slice(key.indexOf('.') + 1))) heap = heap.with(key, engine.newValue());
    }
  return heap === state.heap ? state : stateWith(state, { heap });
}

/** What is zero in an object may be filled by a callee that gets the object. */
function fillZeroes(
  engine: Engine,
  objects: readonly Value[],
  isWritten: (member: string) => boolean,
  state: State,
): State {
  let after = state;
  for (const object of objects) {
    const prefix = `${object}.`;
    state.heap.forEach((value, key) => {
      if (value === zeroValue && key.startsWith(prefix) && isWritten(key.slice(prefix.length)))
        after = stateWith(after, { heap: after.heap.with(key, engine.newValue()) });
    });
    const zeroed = answerKeys.zeroed(object);
    if (state.answers.get(zeroed) === true) after = stateWith(after, { answers: after.answers.with(zeroed, false) });
  }
  return after;
}

/** A callee that gets `&x` or `&x->count` may change what is there. An embedded object stays the same object. */
function fillPlace(engine: Engine, address: Value, isFresh: boolean, state: State): State {
  const variable = engine.addressed.get(address);
  if (variable !== undefined) {
    if (!state.variables.has(variable)) return state;
    const filled = unknownResult(engine, state, isFresh);
    return stateWith(filled.state, { variables: filled.state.variables.with(variable, filled.value) });
  }
  const key = engine.places.get(address);
  const content = key === undefined ? undefined : state.heap.get(key);
  if (key === undefined || content === undefined || content === address) return state;
  const filled = unknownResult(engine, state, false);
  return stateWith(filled.state, { heap: filled.state.heap.with(key, filled.value) });
}

/**
 * A value that comes from code out of sight. That code knows it, unless it was made just now; and where it is a buffer, a
 * reference may have come with it.
 */
export function unknownResult(engine: Engine, state: State, isFresh: boolean): Evaluated {
  const value = engine.newValue();
  engine.unseen.add(value);
  return { value, state: isFresh ? state : stateWith(state, { shared: state.shared.with(value, true) }) };
}
