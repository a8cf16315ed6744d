// A descriptor takes over a reference of a dma-buf, and from then on user space can close it. Sources: dma_buf_fd() in
// drivers/dma-buf/dma-buf.c, fd_install() in fs/file.c.

import { acquire, findHeld, isNewReference } from '../calls/acquire-release.js';
import { type CallSite, endAt } from '../calls/call-site.js';
import { newValueWith } from '../evaluate/new-value.js';
import { standsInLoop } from '../graph/loops.js';
import type { Evaluated } from '../model/engine.js';
import type { CodePlace, Resource } from '../state/resource.js';
import { answerKeys, type State, stateWith, withResource } from '../state/state.js';
import { bad, good, type Value, zero } from '../state/value.js';
import { giveAssumed } from './assumed-reference.js';
import { publish } from './published.js';

/**
 * The state after a descriptor was installed: it has the reference, which the function must not put any more.
 * @param descriptor the number; null where it is not known
 */
export function makeDescriptor(
  site: CallSite,
  dmabuf: Value | undefined,
  descriptor: Value | null,
  state: State,
): State {
  const given = dmabuf === undefined ? undefined : referenceToGive(state, dmabuf);
  let after = state;
  if (given && dmabuf !== undefined) {
    const owned = {
      ...given,
      status: 'given',
      holder: null,
      end: endAt(site, { kind: 'given-to-descriptor' }),
    } as const;
    after = withResource(state, given, given.count > 1 ? { ...given, count: given.count - 1 } : owned);
    // Whoever else knows a buffer that came from outside may hold it.
    if (given.count === 1 && isNewReference(given.api)) after = publish(site, dmabuf, after);
  } else if (dmabuf !== undefined) after = publish(site, dmabuf, giveAssumed(site, dmabuf, state));
  if (descriptor === null) return after;
  after = acquire(site, { kind: 'fd', handle: descriptor, of: dmabuf ?? null, direction: null }, after);
  after = stateWith(after, { answers: after.answers.with(answerKeys.watched, true) });
  const acquired = findHeld(after, 'fd', descriptor);
  // In a loop the descriptors of earlier rounds are not told from that of this one.
  const isInLoop = standsInLoop(site.frame.unit, site.call);
  const made = acquired && { ...acquired, isElement: acquired.isElement || isInLoop };
  if (!acquired || !made) return after;
  after = withResource(after, acquired, made);
  if (!after.answers.has(answerKeys.reserved(descriptor))) return after;
  // The number was told before it was installed: that is the right order.
  if (after.answers.has(answerKeys.told(descriptor)))
    return withResource(after, made, { ...made, status: 'given', end: endAt(site, { kind: 'copied-to-user' }) });
  return after.shared.has(descriptor)
    ? withResource(after, made, { ...made, status: 'given', end: endAt(site, { kind: 'given-to-caller' }) })
    : after;
}

/** The state after a scope took the reference that a descriptor is to have: it drops it unless the descriptor is installed. */
export function prepareDescriptor(site: CallSite, dmabuf: Value, state: State): State {
  const given = findHeld(state, 'reference', dmabuf);
  if (!given) return state;
  const end = endAt(site, { kind: 'given-to-descriptor' });
  return withResource(state, given, { ...given, status: 'given', holder: null, end });
}

/** The reference that a descriptor takes: one of the function's own, or that which it stored where others find it. */
function referenceToGive(state: State, dmabuf: Value): Resource | undefined {
  return (
    findHeld(state, 'reference', dmabuf) ??
    state.resources.find(
      (resource) => resource.kind === 'reference' && resource.handle === dmabuf && mayGoToDescriptor(resource),
    )
  );
}

/** Whether a reference is the function's own, or stored where nobody has had the chance to put it. */
export function mayGoToDescriptor({ status, end, wasPassedOn }: Resource): boolean {
  return (
    status === 'held' ||
    (status === 'given' && !wasPassedOn && (end?.kind === 'stored' || end?.kind === 'given-to-caller'))
  );
}

/** get_unused_fd_flags(): a number that nobody else knows, or an error. */
export function reserveNumber(site: CallSite, state: State): readonly Evaluated[] {
  const done = newValueWith(site.engine, state, good | zero);
  const failed = newValueWith(site.engine, state, bad);
  const answers = done.state.answers.with(answerKeys.reserved(done.value), true).with(answerKeys.watched, true);
  return [
    { value: done.value, state: stateWith(done.state, { answers }) },
    { value: failed.value, state: noteFailure(site, failed.state) },
  ];
}

/**
 * The state after a path closed descriptors that it had installed. User space may have used the number by then, or may
 * have closed it and opened another file with the same number.
 */
export function closeDescriptor(site: CallSite, descriptor: Value, state: State): State {
  const isClosed = ({ kind, handle, status }: Resource): boolean =>
    kind === 'fd' && handle === descriptor && status !== 'released';
  if (!state.resources.some(isClosed)) return state;
  const end = endAt(site, { kind: 'closed', by: site.name });
  return stateWith(state, {
    resources: state.resources.map((one) => (isClosed(one) ? { ...one, status: 'given', end } : one)),
  });
}

/**
 * Notes that a call failed after a descriptor was installed: code that sees the failure does not see the number.
 * @param copied what the call was to copy to user space
 */
export function noteFailure(
  { frame, call }: Pick<CallSite, 'frame' | 'call'>,
  state: State,
  copied: ReadonlySet<Value> = new Set(),
): State {
  const place: CodePlace = { path: frame.ref.path, at: call.at };
  const isLost = ({ kind, status, failedAfter }: Resource): boolean =>
    kind === 'fd' && status !== 'released' && failedAfter === null;
  if (!state.resources.some(isLost)) return state;
  return stateWith(state, {
    resources: state.resources.map((resource) =>
      isLost(resource) ? { ...resource, failedAfter: { ...place, wasCopy: copied.has(resource.handle) } } : resource,
    ),
  });
}
