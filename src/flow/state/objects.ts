import type { Engine, Frame } from '../paths/model.js';
import { reachable } from './held.js';
import type { EndKind, Resource } from './resource.js';
import { bad, type State, signsOf, type Value } from './state.js';

/** How something is given away. */
export interface Giving {
  readonly at: number;
  readonly end: EndKind;
  /** Whether they may release also what was known outside before: a callee that releases things may. */
  readonly takesOver?: boolean;
  /** A callee that is no release function, and out of reach of the API: it may keep what it is given, and unmaps nothing. */
  readonly isLent?: boolean;
  /** The object that it is stored in. */
  readonly holder?: Value;
}

/** From here on others know a value, and all that hangs on it: what it stands for is theirs to release. */
export function share(state: State, value: Value, frame: Frame, giving: Giving): State {
  let after = state;
  const reached = reachable(after, [value]);
  for (const one of reached) {
    // Who knew a buffer or an attachment before does not take over what is done to it: only handing over itself tells.
    const isLent = giving.isLent === true && one === value && isMapping(after, one);
    if (!isLent && (giving.takesOver || one === value || !after.shared.has(one)))
      after = give(after, one, frame, giving);
    after = { ...after, shared: after.shared.with(one, true) };
  }
  return after;
}

function isMapping(state: State, value: Value): boolean {
  return state.resources.some(({ kind, handle }) => kind === 'mapping' && handle === value);
}

function give(state: State, value: Value, frame: Frame, { at, end, takesOver, holder }: Giving): State {
  const isMeant = (resource: Resource): boolean =>
    (resource.handle === value && resource.status === 'held' && resource.kind !== 'lock') ||
    // Who releases an object may release what it holds.
    (takesOver === true && resource.status === 'given' && resource.holder === value);
  if (!state.resources.some(isMeant)) return state;
  return {
    ...state,
    resources: state.resources.map(
      (resource): Resource =>
        isMeant(resource)
          ? { ...resource, status: 'given', holder: holder ?? null, end: { ...end, path: frame.ref.path, at } }
          : resource,
    ),
  };
}

/** Marks an object as freed. */
export function freeObject(state: State, value: Value): State {
  return { ...state, freed: state.freed.with(value, true) };
}

/** An object is freed by hand: what it still held is lost with it. */
export function freeHolder(state: State, value: Value): State {
  const freed = freeObject(state, value);
  const isLost = (resource: Resource): boolean => resource.status === 'given' && resource.holder === value;
  if (!freed.resources.some(isLost)) return freed;
  return {
    ...freed,
    resources: freed.resources.map(
      (resource): Resource =>
        isLost(resource) ? { ...resource, status: 'held', holderFreed: true, end: null } : resource,
    ),
  };
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
