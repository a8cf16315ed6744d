// From the moment that a descriptor is installed another thread may close it, and the last close runs the exporter's
// `.release`. Source: dma_buf_release() in drivers/dma-buf/dma-buf.c.

import { callsIn } from '../../c/index.js';
import { isPlainLock, isPlainUnlock, takesAnyLock } from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';
import type { CallSite } from '../calls/call-site.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { exporterRelease, freedByClose } from '../objects/exporter-release.js';
import type { Resource } from '../state/resource.js';
import { answerKeys, noteLockTaken, type State, stateWith } from '../state/state.js';
import type { Value } from '../state/value.js';
import { isAssumed } from './assumed-reference.js';

/** The state after the last reference that the path has of a dma-buf went to a descriptor. */
export function publish(site: CallSite, dmabuf: Value, state: State): State {
  const { engine, frame, call } = site;
  if (ownsAnother(state, dmabuf)) return state;
  if (engine.unseen.has(dmabuf)) return publishUnseen(site, dmabuf, state);
  const release = exporterRelease(engine, state, dmabuf, frame);
  // Whoever closes the descriptor waits for a lock that this path holds.
  if (release && holdsOtherLock(site, state) && takesLock(engine, release)) return state;
  let answers = state.answers.with(answerKeys.published(dmabuf), dmabuf);
  if (release)
    for (const value of freedByClose(engine, release, dmabuf, state, { frame, at: call.at }))
      answers = answers.with(answerKeys.published(value), dmabuf);
  return stateWith(state, { answers });
}

/**
 * The same for a buffer that came from a call that cannot be followed: code that closes its descriptor may wait for any
 * lock.
 */
function publishUnseen(site: CallSite, dmabuf: Value, state: State): State {
  const isGiven = state.resources.some((one) => one.handle === dmabuf && isAssumed(one));
  if (!isGiven || holdsOtherLock(site, state)) return state;
  return stateWith(state, { answers: state.answers.with(answerKeys.published(dmabuf), dmabuf) });
}

/** Whether the path has a reference of a dma-buf besides the one that the descriptor got. */
function ownsAnother({ resources }: State, dmabuf: Value): boolean {
  return resources.some(
    ({ kind, handle, status, end }) =>
      kind === 'reference' && handle === dmabuf && status !== 'released' && end?.kind !== 'given-to-descriptor',
  );
}

/** The reference behind a published object that is used now; undefined where the use is right. */
export function publishedReference(state: State, value: Value): Resource | undefined {
  const dmabuf = state.answers.get(answerKeys.published(value));
  if (typeof dmabuf !== 'number' || ownsAnother(state, dmabuf)) return undefined;
  return state.resources.find(
    ({ kind, handle, end }) => kind === 'reference' && handle === dmabuf && end?.kind === 'given-to-descriptor',
  );
}

/** Whether the exporter of a published dma-buf takes a lock before it frees, which a caller of this path may hold. */
export function mayWait(engine: Engine, state: State, value: Value, frame: CallFrame): boolean {
  const dmabuf = state.answers.get(answerKeys.published(value));
  const release = typeof dmabuf === 'number' ? exporterRelease(engine, state, dmabuf, frame) : undefined;
  return release !== undefined && takesLock(engine, release);
}

/** Counts the locks that a path holds, other than reservation locks. */
export function countLocks(name: string, state: State): State {
  const change = isPlainLock(name) ? 1 : isPlainUnlock(name) ? -1 : 0;
  if (change === 0) return state;
  const held = Math.max(0, Number(state.answers.get(answerKeys.otherLocks) ?? 0) + change);
  const after = stateWith(state, { answers: state.answers.with(answerKeys.otherLocks, held) });
  return change > 0 ? noteLockTaken(after) : after;
}

function holdsOtherLock({ engine, frame, call }: CallSite, { answers }: State): boolean {
  if (Number(answers.get(answerKeys.otherLocks) ?? 0) > 0) return true;
  const body = engine.codebase.program.bodyText(frame.ref);
  return /\bguard\s*\(/.test(body.slice(0, Math.max(0, call.at - frame.ref.outline.bodyStart)));
}

function takesLock({ codebase }: Engine, release: FunctionRef): boolean {
  const { program, definitions } = codebase;
  const callees = callsIn(program.lower(release).body).flatMap(({ name }) => {
    const callee = name === null ? undefined : definitions.findCandidate(name, release.path);
    return callee ? [callee] : [];
  });
  return [release, ...callees].some((ref) => takesAnyLock(program.bodyText(ref)));
}
