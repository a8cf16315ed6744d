import type { Form } from '../../program/index.js';
import { PersistentMap } from '../state/persistent-map.js';
import type { State } from '../state/state.js';
import type { FlowExit, FunctionFlow } from './results.js';

/** A state whose persistent maps are plain ones. */
type PackedState = {
  readonly [Key in keyof State]: State[Key] extends PersistentMap<infer K, infer V> ? ReadonlyMap<K, V> : State[Key];
};

type PackedFlow = Omit<FunctionFlow, 'exits'> & {
  readonly exits: readonly (Omit<FlowExit, 'state'> & { readonly state: PackedState })[];
};

/**
 * How a flow is kept for later runs. The expressions in its decisions are read again as other objects: they are only for
 * traces.
 */
export const packedFlow: Form<FunctionFlow> = {
  pack(flow): PackedFlow {
    const known = new Map<unknown, ReadonlyMap<unknown, unknown>>();
    /** What several exits share is written once. */
    const plainMap = <K, V>(map: PersistentMap<K, V>): ReadonlyMap<K, V> => {
      const made = known.get(map) ?? entriesOf(map);
      known.set(map, made);
      return made as ReadonlyMap<K, V>;
    };
    return { ...flow, exits: flow.exits.map((exit) => ({ ...exit, state: packState(exit.state, plainMap) })) };
  },
  unpack(packed) {
    const flow = packed as PackedFlow;
    const known = new Map<unknown, PersistentMap<unknown, unknown>>();
    const persistent = <K, V>(map: ReadonlyMap<K, V>): PersistentMap<K, V> => {
      const made = known.get(map) ?? (new PersistentMap(map) as PersistentMap<unknown, unknown>);
      known.set(map, made);
      return made as PersistentMap<K, V>;
    };
    return { ...flow, exits: flow.exits.map((exit) => ({ ...exit, state: unpackState(exit.state, persistent) })) };
  },
};

function entriesOf<K, V>(map: PersistentMap<K, V>): ReadonlyMap<K, V> {
  const entries = new Map<K, V>();
  map.forEach((value, key) => {
    entries.set(key, value);
  });
  return entries;
}

function packState(state: State, plainMap: <K, V>(map: PersistentMap<K, V>) => ReadonlyMap<K, V>): PackedState {
  return {
    ...state,
    variables: plainMap(state.variables),
    heap: plainMap(state.heap),
    signs: plainMap(state.signs),
    shared: plainMap(state.shared),
    freed: plainMap(state.freed),
    wholes: plainMap(state.wholes),
    answers: plainMap(state.answers),
  };
}

function unpackState(state: PackedState, persistent: <K, V>(map: ReadonlyMap<K, V>) => PersistentMap<K, V>): State {
  return {
    ...state,
    variables: persistent(state.variables),
    heap: persistent(state.heap),
    signs: persistent(state.signs),
    shared: persistent(state.shared),
    freed: persistent(state.freed),
    wholes: persistent(state.wholes),
    answers: persistent(state.answers),
  };
}
