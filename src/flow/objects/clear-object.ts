import { byteFills } from '../../kernel/index.js';
import type { CallSite } from '../calls/call-site.js';
import type { Evaluated } from '../model/engine.js';
import { overwrite } from '../state/ownership.js';
import { answerKeys, noteWrite, type State, stateWith } from '../state/state.js';
import { zeroValue } from '../state/value.js';

/**
 * Evaluates `memset(x, 0, sizeof(*x))`: all members of the object are zero, and what they held is found there no more.
 * @returns undefined for every other call
 */
export function clearObject({ name, call, values }: CallSite, state: State): readonly Evaluated[] | undefined {
  const fill = byteFills.get(name);
  const [object] = values;
  const size = call.arguments.at(-1);
  const isWhole = size?.kind === 'type' && size.text.startsWith('sizeof');
  if (!fill || object === undefined || !isWhole) return undefined;
  if (fill.byte !== null && values[fill.byte] !== zeroValue) return undefined;
  const prefix = `${object}.`;
  let after = state;
  for (const [key, old] of state.heap)
    if (key.startsWith(prefix)) {
      const written = noteWrite(after, key.slice(prefix.length));
      after = overwrite(stateWith(written, { heap: written.heap.with(key, zeroValue) }), old);
    }
  return [{ value: object, state: stateWith(after, { answers: after.answers.with(answerKeys.zeroed(object), true) }) }];
}
