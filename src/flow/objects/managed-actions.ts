// devm_add_action_or_reset() has run the action when it fails; devm_add_action() has not. Source: drivers/base/devres.c.

import { registersAction, runsActionOnFailure } from '../../kernel/index.js';
import { type CallSite, endAt } from '../calls/call-site.js';
import { passToUnknown } from '../calls/unknown-call.js';
import { newValueWith } from '../evaluate/new-value.js';
import { isDropped } from '../graph/dropped-calls.js';
import type { Evaluated } from '../model/engine.js';
import { share } from '../state/ownership.js';
import type { Resource } from '../state/resource.js';
import { type State, stateWith } from '../state/state.js';
import { bad, zeroValue } from '../state/value.js';

/**
 * Evaluates a call that has a function run with an object when the device goes.
 * @returns undefined for every other call
 */
export function applyManagedAction(site: CallSite, state: State): readonly Evaluated[] | undefined {
  if (!registersAction(site.name)) return undefined;
  const registered = passToUnknown(site, site.values, state, { takesOver: true }).state;
  const done: Evaluated = { value: zeroValue, state: registered };
  if (isDropped(site.frame.unit, site.call)) return [done];
  const failed = runsActionOnFailure(site.name)
    ? (runAction(site, state) ?? [registered])
    : [withNobodyToRelease(site, state)];
  return [done, ...failed.map((after) => newValueWith(site.engine, after, bad))];
}

/** The states after the action has run; undefined where its function is not found, or too deep. */
function runAction(site: CallSite, state: State): readonly State[] | undefined {
  const { engine, call, values, frame } = site;
  const [, action] = call.arguments;
  const [, , data] = values;
  const target =
    action?.kind === 'name' ? engine.codebase.definitions.findCandidate(action.name, frame.ref.path) : undefined;
  if (!target || data === undefined) return undefined;
  // The action decides what it does not release.
  const end = endAt(site, { kind: 'left-by-release-function' });
  return engine
    .call(target, [data], state, { frame: { ...frame, spare: 1 }, at: call.at })
    ?.map((result) => share(result.state, data, { end, takesOver: true }));
}

/** The state in which nobody will run the action: what it would have released is again the path's to release. */
function withNobodyToRelease(site: CallSite, state: State): State {
  const { engine } = site;
  const { length } = engine.events;
  const { steps, incomplete } = engine.budget;
  const results = runAction(site, state) ?? [];
  // Nothing of this happens on the path.
  engine.events.length = length;
  Object.assign(engine.budget, { steps, incomplete });
  const [first, ...others] = results;
  if (!first) return state;
  const isReleased = (after: State, index: number): boolean => after.resources[index]?.status === 'released';
  const resources = state.resources.map((resource, index): Resource => {
    const wouldEnd = resource.status !== 'released' && resource.count > 0 && isReleased(first, index);
    if (!wouldEnd || !others.every((after) => isReleased(after, index))) return resource;
    return { ...resource, status: 'held', end: null, holderFreed: true };
  });
  return stateWith(state, { resources });
}
