import { cursorsOf } from '../expansion/cursors.js';
import type { NodeOf } from '../graph/model.js';
import type { CallFrame, Engine } from '../model/engine.js';
import type { State } from '../state/state.js';
import { stateWith } from '../state/state.js';
import { good, type Value } from '../state/value.js';

/**
 * A loop macro gives its cursors new values each time: no two rounds have the same entry. After a round they lead to no
 * entry that is known: to the head of the list, or to nothing.
 */
export function assignCursors(engine: Engine, node: NodeOf<'round'>, state: State, frame: CallFrame): State {
  const cursors = cursorsOf(engine.codebase, node.macro, frame.ref.path);
  let after = state;
  for (const [index, argument] of node.arguments.entries()) {
    const key = argument.kind === 'name' ? `${frame.id}:${argument.name}` : '';
    const old = after.variables.get(key);
    if (old === undefined) continue;
    const isCursor = cursors ? cursors.includes(index) : mayBeCursor(engine, old, after);
    if (!isCursor) continue;
    const value = engine.newValue();
    engine.cursors.add(value);
    engine.elements.add(value);
    after = stateWith(after, {
      variables: after.variables.with(key, value),
      signs: node.isEnd ? after.signs : after.signs.with(value, good),
      shared: after.shared.with(value, true),
    });
  }
  return after;
}

/** Of an unknown macro: a parameter, or an object that holds something, is what the loop goes over. */
function mayBeCursor(engine: Engine, old: Value, state: State): boolean {
  return (
    engine.cursors.has(old) || !(state.shared.has(old) || state.resources.some((resource) => resource.handle === old))
  );
}
