import type { State } from '../state/state.js';

/** A state after a node, and the index of the node where its path goes on. */
export type Next = readonly [State, number];
