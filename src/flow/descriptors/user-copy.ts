import { fillsVariable, type UserCopy, userCopies } from '../../kernel/index.js';
import { type CallSite, endAt } from '../calls/call-site.js';
import { assign } from '../evaluate/assign.js';
import { newValueWith } from '../evaluate/new-value.js';
import type { Evaluated } from '../model/engine.js';
import { reachable } from '../state/heap.js';
import { PersistentMap } from '../state/persistent-map.js';
import { answerKeys, noteWrite, type State, stateWith } from '../state/state.js';
import { good, type Value, zeroValue } from '../state/value.js';
import { noteFailure } from './make-descriptor.js';

/**
 * Evaluates a copy between the kernel and user space: it succeeds with 0, or fails with anything else.
 * @returns undefined for every other call
 */
export function applyUserCopy(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const copy = userCopies.get(site.name);
  const value = copy && site.values[copy.index];
  if (!copy || value === undefined) return undefined;
  const failed = newValueWith(site.engine, state, good);
  if (copy.direction === 'from-user') return [{ value: zeroValue, state: fill(site, copy, value, state) }, failed];
  const copied = contentOf(site, value, state);
  return [
    { value: zeroValue, state: tell(site, copied, state) },
    { value: failed.value, state: noteFailure(site, failed.state, copied) },
  ];
}

/** What a copy of an object contains. */
function contentOf({ engine }: CallSite, source: Value, state: State): ReadonlySet<Value> {
  const variable = engine.addressed.get(source);
  const place = engine.places.get(source);
  const content =
    variable === undefined ? (place === undefined ? undefined : state.heap.get(place)) : state.variables.get(variable);
  return reachable(state, content === undefined ? [source] : [source, content]);
}

/** User space knows the descriptors in the data that was copied to it. */
function tell(site: CallSite, told: ReadonlySet<Value>, state: State): State {
  let { answers } = state;
  for (const value of told)
    if (answers.has(answerKeys.reserved(value))) answers = answers.with(answerKeys.told(value), true);
  const end = endAt(site, { kind: 'copied-to-user' });
  const resources = state.resources.map((resource) =>
    resource.kind === 'fd' && resource.status === 'held' && told.has(resource.handle)
      ? { ...resource, status: 'given' as const, end }
      : resource,
  );
  return stateWith(state, { answers, resources });
}

/** What is filled from user space is not known any more. */
function fill({ engine, call, name, frame }: CallSite, { index }: UserCopy, target: Value, state: State): State {
  const content = engine.newValue();
  const argument = call.arguments[index];
  const written = noteWrite(state, null);
  if (argument && fillsVariable.has(name))
    return assign(engine, argument, { value: content, state: written }, frame)[0]?.state ?? written;
  const variable = engine.addressed.get(target);
  if (variable !== undefined) return stateWith(written, { variables: written.variables.with(variable, content) });
  const place = engine.places.get(target);
  const isEmbedded = written.wholes.has(target) && place !== undefined && written.heap.get(place) === target;
  if (place !== undefined && !isEmbedded) return stateWith(written, { heap: written.heap.with(place, content) });
  return forgetMembers(target, written);
}

function forgetMembers(object: Value, state: State): State {
  const prefix = `${object}.`;
  const zeroed = answerKeys.zeroed(object);
  const heap = new PersistentMap(new Map([...state.heap].filter(([key]) => !key.startsWith(prefix))));
  const answers = state.answers.has(zeroed) ? state.answers.with(zeroed, false) : state.answers;
  return stateWith(state, { heap, answers });
}
