import type { Engine, Frame } from './engine.js';
import { reachable } from './held.js';
import { bad, type Resource, type State, signsOf, type Value, withMember } from './state.js';

/**
 * From here on others know a value, and all that hangs on it: what it stands for is theirs to release.
 * @param takesOver whether they may release also what was known outside before: a callee that releases things may
 */
export function share(state: State, value: Value, frame: Frame, at: number, how: string, takesOver = false): State {
  let after = state;
  const reached = reachable(after, [value]);
  for (const one of reached) {
    // Who knew a buffer or an attachment before does not take over what is done to it: only handing over itself tells.
    if (takesOver || one === value || !after.shared.has(one)) after = give(after, one, frame, at, how);
    after = { ...after, shared: withMember(after.shared, one) };
  }
  return after;
}

function give(state: State, value: Value, frame: Frame, at: number, how: string): State {
  if (!state.resources.some((resource) => resource.handle === value && resource.status === 'held')) return state;
  return {
    ...state,
    resources: state.resources.map(
      (resource): Resource =>
        resource.handle === value && resource.status === 'held'
          ? { ...resource, status: 'given', end: { path: frame.ref.path, at, how } }
          : resource,
    ),
  };
}

/** Marks an object as freed. */
export function freeObject(state: State, value: Value): State {
  return { ...state, freed: withMember(state.freed, value) };
}

/** A value is dereferenced or handed to the API: reports where it can only be an error pointer, or is gone. */
export function useValue(engine: Engine, value: Value, state: State, frame: Frame, at: number, use: string): State {
  const origin = engine.origins.get(value);
  if (origin && signsOf(state, value) === bad)
    engine.report({ kind: 'error-pointer', at, resource: null, use, origin }, frame, state);
  if (state.freed.has(value)) {
    const resource =
      state.resources.find((candidate) => candidate.handle === value && candidate.status === 'released') ?? null;
    if (resource) engine.report({ kind: 'use-after-release', at, resource, use, origin: null }, frame, state);
  }
  return state;
}
