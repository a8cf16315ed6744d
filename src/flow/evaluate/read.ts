import { isListLink, reservationMember } from '../../kernel/index.js';
import { constantSign, firstName } from '../constants/names/constant-signs.js';
import { constantContent } from '../constants/names/constant-variables.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { isZeroed, type State, stateWith } from '../state/state.js';
import { good, type Signs, type Value, zeroValue } from '../state/value.js';
import { literalValue, resolve } from './arithmetic.js';
import { elementByPointer, memberOfElement, withElement } from './elements.js';
import { isConstantName } from './named-constants.js';
import { useValue } from './use-value.js';

/** Reads a variable. A name that is no local variable is a global one, which other code knows, too. */
export function readName(engine: Engine, written: string, state: State, frame: CallFrame): Evaluated {
  const read = state.variables.get(`${frame.id}:${written}`) ?? state.variables.get(`global:${written}`);
  if (read !== undefined) return { value: resolve(state, read), state };
  const content = isConstantName(written) ? undefined : constantContent(engine.codebase, written, frame.ref.path);
  if (content && 'number' in content) return literalValue(engine, state, content.number);
  if (content) return readName(engine, content.constant, state, frame);
  const name = firstName(engine.codebase, written, frame.ref.path);
  const known = name === written ? undefined : state.variables.get(`global:${name}`);
  if (known !== undefined) return { value: resolve(state, known), state };
  const value = engine.newValue();
  engine.globals.set(value, name);
  engine.globalFiles.set(value, frame.ref.path);
  const sign = constantSign(engine.codebase, name, frame.ref.path) ?? signOfFunction(engine, name, frame.ref.path);
  return {
    value,
    state: stateWith(state, {
      variables: state.variables.with(`global:${name}`, value),
      shared: state.shared.with(value, true),
      signs: sign === undefined ? state.signs : state.signs.with(value, sign),
    }),
  };
}

/** A function has an address: `if (x->free)` is true where the path has stored one in the member. */
function signOfFunction({ codebase }: Engine, name: string, path: string): Signs | undefined {
  return codebase.definitions.findCandidate(name, path) === undefined ? undefined : good;
}

/** Reads `base->member`; other code knows the member where it knows the object. */
export function readMember(engine: Engine, base: Evaluated, member: string, frame: CallFrame, at: number): Evaluated {
  const { state } = base;
  useValue(engine, base.value, state, frame, { at, use: `->${member}` });
  const key = `${base.value}.${member}`;
  if (isListLink(member)) engine.links.add(key);
  const known = state.heap.get(key);
  if (known !== undefined) return { value: resolve(state, known), state };
  // Memory from kzalloc() is zero until something is stored in it.
  if (isZeroed(state, base.value)) return { value: zeroValue, state };
  const value = engine.newValue();
  engine.fromMembers.add(value);
  if (engine.elements.has(base.value) || member.startsWith('[')) engine.elements.add(value);
  const shared = state.shared.has(base.value) ? state.shared.with(value, true) : state.shared;
  const after = stateWith(state, { heap: state.heap.with(key, value), shared });
  return { value, state: engine.locks && member === reservationMember ? withReservation(engine, value, after) : after };
}

/**
 * Every buffer has a reservation object: `foo_map(foo, buf->resv)` gets one, and gets NULL only if the code says so.
 */
function withReservation(engine: Engine, value: Value, state: State): State {
  engine.constants.add(value);
  return stateWith(state, { signs: state.signs.with(value, good) });
}

/** Reads `base[index]`. */
export function readElement(engine: Engine, base: Evaluated, index: Value, frame: CallFrame, at: number): Evaluated {
  const known = elementByPointer(engine, base.state, base.value, index);
  if (known !== undefined) return { value: known, state: base.state };
  const state = withElement(engine, base.state, base.value, index);
  const member = memberOfElement(engine, state, base.value, index);
  return readMember(engine, { value: base.value, state }, member, frame, at);
}
