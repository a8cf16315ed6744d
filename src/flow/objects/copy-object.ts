import { isMemoryCopy } from '../../kernel/index.js';
import { type CallSite, endAt } from '../calls/call-site.js';
import type { Engine, Evaluated } from '../model/engine.js';
import { objectOfKey } from '../state/heap.js';
import { overwrite, share } from '../state/ownership.js';
import { isZeroed, noteWrite, type State, stateWith } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';

/**
 * Evaluates `memcpy(x, y, …)`: `x` holds what `y` holds afterwards, and code that knows `x` can reach it.
 * @returns undefined for every other call
 */
export function applyCopy(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const { engine, name, values } = site;
  const [to, from] = values;
  if (!isMemoryCopy(name) || to === undefined || from === undefined) return undefined;
  const copied = copyMembers(engine, from, to, state);
  if (!state.shared.has(to)) return [{ value: to, state: copied }];
  const end = endAt(site, { kind: 'given-to-caller' });
  return [{ value: to, state: [...membersOf(copied, from).values()].reduce((s, v) => share(s, v, { end }), copied) }];
}

/**
 * `*to = *from`: each member of `to` holds what the same member of `from` holds. What the path knew about `to` is gone,
 * also if nothing is known about `from`. What a literal replaces is lost: `*to = (struct foo){ .fd = -1 };`.
 */
export function copyMembers(engine: Engine, from: Value, to: Value, state: State): State {
  const known = new Map(membersOf(state, from));
  let after = state;
  for (const [member, old] of membersOf(state, to)) {
    if (known.has(member) || state.wholes.get(old) === to) continue;
    const value = isZeroed(state, from) ? zeroValue : engine.newValue();
    known.set(member, value);
    const { heap, shared } = after;
    after = stateWith(after, {
      heap: heap.with(`${from}.${member}`, value),
      shared: shared.has(from) ? shared.with(value, true) : shared,
    });
  }
  for (const [member, value] of known) {
    const written = noteWrite(after, member);
    const filled = stateWith(written, { heap: written.heap.with(`${to}.${member}`, value) });
    after = isZeroed(state, from) ? overwrite(filled, state.heap.get(`${to}.${member}`)) : filled;
  }
  return stateWith(after, { heap: after.heap.with(`${to}.*`, from) });
}

/** What is known of an object, by member, except the addresses of its members. */
function membersOf({ heap }: State, object: Value): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  for (const [key, value] of heap) {
    const member = key.slice(key.indexOf('.') + 1);
    if (objectOfKey(key) === object && !/^[*&]/.test(member)) found.set(member, value);
  }
  return found;
}
