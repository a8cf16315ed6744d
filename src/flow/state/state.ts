import { PersistentMap } from './persistent-map.js';
import type { Resource } from './resource.js';

/**
 * What is known at one point of one path. A value is a number: two places that hold the same number hold the same
 * thing. What may be true of it is a set of signs.
 */
export type Value = number;

/** A set of signs: NULL or 0, a good pointer or positive number, an error pointer or negative number. */
export type Signs = number;
export const zero: Signs = 1;
export const good: Signs = 2;
export const bad: Signs = 4;
export const anySign: Signs = 7;

/** The one value of NULL, 0 and false. */
export const zeroValue: Value = 0;

export interface Cleanup {
  readonly depth: number;
  readonly name: string;
  readonly action: string;
  readonly values: readonly Value[];
}

export interface State {
  readonly variables: PersistentMap<string, Value>;
  /** Members of objects: `${object}.${member}`. */
  readonly heap: PersistentMap<string, Value>;
  readonly signs: PersistentMap<Value, Signs>;
  readonly resources: readonly Resource[];
  /** Objects that somebody outside of the function knows. */
  readonly shared: PersistentMap<Value, true>;
  /** Objects that were freed. */
  readonly freed: PersistentMap<Value, true>;
  /** Answers to tests whose operands are not followed, by their text and values. */
  readonly answers: PersistentMap<string, boolean | number>;
  readonly cleanups: readonly Cleanup[];
  readonly depth: number;
  /** Decisions, for the trace: the offset of a test and what it was. */
  readonly decisions: readonly Decision[];
}

export interface Decision {
  readonly path: string;
  readonly at: number;
  readonly text: string;
}

export const emptyState: State = {
  variables: new PersistentMap(),
  heap: new PersistentMap(),
  signs: new PersistentMap(),
  resources: [],
  shared: new PersistentMap(),
  freed: new PersistentMap(),
  answers: new PersistentMap(),
  cleanups: [],
  depth: 0,
  decisions: [],
};

export function signsOf(state: State, value: Value): Signs {
  return state.signs.get(value) ?? anySign;
}

/** The state in which a value has only these signs, or undefined where it cannot. */
export function assume(state: State, value: Value, signs: Signs): State | undefined {
  const left = signsOf(state, value) & signs;
  if (left === 0) return undefined;
  return left === signsOf(state, value) ? state : { ...state, signs: state.signs.with(value, left) };
}

/** Replaces one resource. */
export function withResource(state: State, old: Resource, changed: Resource): State {
  return { ...state, resources: state.resources.map((resource) => (resource === old ? changed : resource)) };
}
