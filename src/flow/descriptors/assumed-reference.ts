// A descriptor takes over a reference. If a buffer came from a call that is not followed, and the path took no
// reference to it, the reference that the descriptor takes over came with the buffer.

import { type CallSite, endAt } from '../calls/call-site.js';
import { objectOfKey } from '../state/heap.js';
import { newResource, type Resource } from '../state/resource.js';
import { answerKeys, type State, stateWith } from '../state/state.js';
import type { Value } from '../state/value.js';

/** Whether a reference is only assumed for this reason: no call of the path took it, and none has released it. */
export function isAssumed({ kind, count, status }: Resource): boolean {
  return kind === 'reference' && count === 0 && status !== 'released';
}

/** The state after no descriptor could be made: the reference that came with the buffer is still there. */
export function refuseAssumed(site: CallSite, buffer: Value, state: State): State {
  const refused = { path: site.frame.ref.path, at: site.call.at, api: site.name };
  return withReference(site, buffer, { refused }, state);
}

/** The state after a descriptor took over the reference that came with the buffer. */
export function giveAssumed(site: CallSite, buffer: Value, state: State): State {
  return withReference(site, buffer, { status: 'given', end: endAt(site, { kind: 'given-to-descriptor' }) }, state);
}

function withReference({ engine }: CallSite, buffer: Value, fields: Partial<Resource>, state: State): State {
  const maker = engine.makers.get(buffer);
  if (!maker || isKnownElsewhere(state, buffer)) return state;
  if (state.resources.some(({ kind, handle }) => kind === 'reference' && handle === buffer)) return state;
  const reference = newResource({ ...maker, kind: 'reference', handle: buffer, count: 0, ...fields });
  return stateWith(state, { resources: [...state.resources, reference] });
}

/**
 * Whether the path has stored a buffer where others find it, or passed it to a call that cannot be followed. Then
 * somebody else may have a reference.
 */
export function isKnownElsewhere({ heap, variables, answers, resources, shared }: State, buffer: Value): boolean {
  if (answers.has(answerKeys.passedOn(buffer))) return true;
  for (const [key, value] of variables) if (value === buffer && key.startsWith('global:')) return true;
  for (const [key, value] of heap) {
    const holder = objectOfKey(key);
    const isAttachment = resources.some(({ kind, handle }) => kind === 'attachment' && handle === holder);
    if (value === buffer && shared.has(holder) && !isAttachment) return true;
  }
  return false;
}
