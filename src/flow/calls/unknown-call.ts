import type { FunctionRef } from '../../program/index.js';
import type { Engine, Evaluated } from '../model/engine.js';
import { noteLent } from '../objects/loans.js';
import { share, type Transfer } from '../state/ownership.js';
import { noteWrite, type State } from '../state/state.js';
import type { Value } from '../state/value.js';
import { type AnyCallSite, endAt } from './call-site.js';
import { returnsFresh } from './fresh-results.js';
import { readsAndWritesOf } from './reads-and-writes.js';

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
  const { engine, call } = site;
  const name = call.callee.kind === 'member' ? call.callee.member : site.name;
  const isFresh = returnsFresh(engine.codebase, name, target);
  const end = endAt(site, { kind: 'passed', to: site.name });
  let after = noteWrites(engine, target, state);
  for (const value of values) {
    const variable = engine.addressed.get(value);
    const content = variable === undefined ? undefined : after.variables.get(variable);
    after = share(after, value, { end, takesOver, isLent });
    if (variable !== undefined && content !== undefined) {
      after = share(after, content, { end, takesOver });
      const filled = unknownResult(engine, after, isFresh);
      after = { ...filled.state, variables: filled.state.variables.with(variable, filled.value) };
    } else after = changePlace(engine, value, after);
  }
  return noteLent(values, unknownResult(engine, after, isFresh));
}

/** A callee that is found writes what its body shows. Any other may write everything. */
function noteWrites({ codebase }: Engine, target: FunctionRef | undefined, state: State): State {
  const effect = target && readsAndWritesOf(codebase, target);
  return effect ? [...effect.writes].reduce(noteWrite, state) : noteWrite(state, null);
}

/** A callee that gets `&x->count` may change the count. An embedded object stays the same object. */
function changePlace(engine: Engine, address: Value, state: State): State {
  const key = engine.places.get(address);
  const content = key === undefined ? undefined : state.heap.get(key);
  if (key === undefined || content === undefined || content === address) return state;
  const filled = unknownResult(engine, state, false);
  return { ...filled.state, heap: filled.state.heap.with(key, filled.value) };
}

/**
 * A value that comes from code out of sight. That code knows it, unless it was made just now; and where it is a buffer, a
 * reference may have come with it.
 */
export function unknownResult(engine: Engine, state: State, isFresh: boolean): Evaluated {
  const value = engine.newValue();
  engine.unseen.add(value);
  return { value, state: isFresh ? state : { ...state, shared: state.shared.with(value, true) } };
}
