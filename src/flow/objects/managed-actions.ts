// devm_add_action_or_reset() has run the action when it fails; devm_add_action() has not. Source: drivers/base/devres.c.

import { callsIn, type Expression } from '../../c/index.js';
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
function runAction(site: CallSite, state: State, action = site.call.arguments[1]): readonly State[] | undefined {
  const { engine, call, values, frame } = site;
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

/**
 * The state in which nobody will run the action: what it would have released is again the path's to release. That of an
 * object of the caller is the caller's, which learns of the failure; an action that was added before runs all the same.
 */
function withNobodyToRelease(site: CallSite, state: State): State {
  if (isOfCaller(site, state)) return state;
  const ended = endedBy(site, state, site.call.arguments[1]);
  if (ended.size === 0) return state;
  const others = new Set(actionsBefore(site).flatMap((action) => [...endedBy(site, state, action)]));
  const resources = state.resources.map((resource, index): Resource => {
    if (!ended.has(index) || others.has(index)) return resource;
    return { ...resource, status: 'held', end: null, holderFreed: true };
  });
  return stateWith(state, { resources });
}

/** Whether the action's object is what the function that is followed got from its caller. */
function isOfCaller({ values, frame }: CallSite, { variables }: State): boolean {
  let outermost = frame;
  while (outermost.from) outermost = outermost.from.frame;
  const { id, unit } = outermost;
  return unit.parameters.some(({ name }) => name !== null && variables.get(`${id}:${name}`) === values[2]);
}

/** The actions that the function names for registration before this one. */
function actionsBefore({ call, frame }: CallSite): readonly Expression[] {
  return callsIn(frame.unit.body).flatMap(({ name, call: other }) => {
    const [, action] = other.arguments;
    return name !== null && registersAction(name) && other.at < call.at && action ? [action] : [];
  });
}

/** The resources, by their index, that an action ends in each case. Nothing of this happens on the path. */
function endedBy(site: CallSite, state: State, action: Expression | undefined): ReadonlySet<number> {
  const { engine } = site;
  const { length } = engine.events;
  const { steps, incomplete } = engine.budget;
  const results = runAction(site, state, action) ?? [];
  engine.events.length = length;
  Object.assign(engine.budget, { steps, incomplete });
  const isEnded = ({ status, count }: Resource, index: number): boolean =>
    status !== 'released' && count > 0 && results.every((after) => after.resources[index]?.status === 'released');
  if (results.length === 0) return new Set();
  return new Set(state.resources.flatMap((resource, index) => (isEnded(resource, index) ? [index] : [])));
}
