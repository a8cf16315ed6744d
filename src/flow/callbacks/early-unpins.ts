// A pin may run the callback of its own importer. If a flag already says "pinned", the callback drops a pin too early.

import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { objectOfKey } from '../state/heap.js';
import type { Resource } from '../state/resource.js';
import { type State, stateWith } from '../state/state.js';
import type { Value } from '../state/value.js';

/** A call of dma_buf_pin(), with the states in which the importer's callback may return. */
export interface PinnedCall {
  readonly attachment: Value;
  /** The object that the callback gets. */
  readonly owner: Value;
  readonly callback: string;
  readonly results: readonly Evaluated[];
  /** Runs the callback from a state. */
  readonly run: (state: State) => readonly Evaluated[];
  readonly frame: CallFrame;
  readonly at: number;
}

/**
 * Reports a callback that unpins on all of its paths while the pin is being taken. A second run, with the flags of the
 * object unknown, must have a path without the unpin: then a flag that was set too early has misled the callback.
 * @param isFlag whether a value is a constant that a flag may have
 * @param state before the pin
 */
export function reportEarlyUnpin(
  engine: Engine,
  { attachment, owner, callback, results, run, frame, at }: PinnedCall,
  isFlag: (value: Value) => boolean,
  state: State,
): void {
  if (engine.locks || state.resources.some((one) => isPinOf(one, attachment))) return;
  const [first, ...others] = results.map((result) => unpinIn(result, attachment));
  if (!first || others.some((other) => other === undefined)) return;
  let { heap } = state;
  for (const [key, value] of state.heap)
    if (objectOfKey(key) === owner && isFlag(value)) heap = heap.with(key, engine.newValue());
  if (heap === state.heap || run(stateWith(state, { heap })).every((result) => unpinIn(result, attachment))) return;
  engine.report({ kind: 'early-unpin', at, resource: first, use: `${callback}()`, origin: null }, frame, state);
}

function isPinOf({ kind, handle }: Resource, attachment: Value): boolean {
  return kind === 'pin' && handle === attachment;
}

/** The pin that the callback dropped though it was not taken. */
function unpinIn({ state }: Evaluated, attachment: Value): Resource | undefined {
  return state.resources.find((one) => isPinOf(one, attachment) && one.status === 'released' && one.count === 0);
}
