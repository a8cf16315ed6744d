import type { CallFrame, Engine } from '../model/engine.js';
import type { FlowExit } from '../model/results.js';
import { objectOfKey, reachable } from '../state/heap.js';
import { signsOf } from '../state/state.js';
import { bad, type Value } from '../state/value.js';

/**
 * Reports the error pointers that a function leaves in a member though it succeeds: it asked whether they are NULL, which
 * they never are, or did not ask at all.
 */
export function reportKeptErrors(engine: Engine, { state, value, at, outcome }: FlowExit, frame: CallFrame): void {
  if (engine.origins.size === 0 || outcome !== 'success' || value === null || engine.locks) return;
  const errors = new Set([...engine.origins.keys()].filter((error) => signsOf(state, error) === bad));
  if (errors.size === 0) return;
  const known = reachable(state, [...state.shared.keys(), value]);
  for (const [place, held] of state.heap) {
    const origin = errors.has(held) ? engine.origins.get(held) : undefined;
    const keptIn = place.slice(place.indexOf('.') + 1);
    if (!origin || !/^[a-z]\w*$/i.test(keptIn) || !known.has(objectOfKey(place))) continue;
    const event = { kind: 'error-pointer', at, resource: null, use: `.${keptIn} =`, origin, keptIn } as const;
    engine.report({ ...event, isDoubtful: true, isAskedForNull: engine.askedForNull.has(held) }, frame, state);
  }
}

/**
 * Reports the error pointers that get through to the end of a function though a test was to stop them: it asked only whether
 * they are NULL. A caller that gets the pointer, or finds it in a member, may ask for the error.
 */
export function reportErrorsPastNullTests(
  engine: Engine,
  { state, value, at, outcome }: FlowExit,
  frame: CallFrame,
): void {
  if (engine.origins.size === 0 || engine.locks) return;
  const kept = new Set<Value>();
  if (engine.askedForNull.size > 0)
    state.heap.forEach((held) => {
      kept.add(held);
    });
  for (const [error, origin] of engine.origins) {
    const nullTest = engine.askedForNull.get(error);
    if (!nullTest || engine.askedForError.has(error) || signsOf(state, error) !== bad) continue;
    const isReturned = error === value;
    // A function that fails in another way has noticed the error.
    if (kept.has(error) || (outcome === 'error' && !isReturned)) continue;
    const event = { kind: 'error-pointer', at, resource: null, use: 'return', origin, nullTest } as const;
    engine.report({ ...event, isReturned, isDoubtful: true }, frame, state);
  }
}
