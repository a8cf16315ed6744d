// Calls that leave it to the caller whether the lock is held: two of them can contradict each other.

import type { CallSite } from '../calls/call-site.js';
import type { LockEvent } from '../model/results.js';
import { keyHolding } from '../state/heap.js';
import { answerKeys, type State, stateWith } from '../state/state.js';
import type { Value } from '../state/value.js';
import { ownerOf } from './lock-relations.js';
import { locksOf } from './lock-state.js';

/**
 * Notes a call with an `open` verdict. Where an earlier call of the path needs the lock of this buffer otherwise, and the
 * path neither took nor dropped a lock, one of the two is wrong whatever the caller holds: that is reported at the call
 * that needs the lock.
 * @param argument the buffer or attachment that the call is about
 */
export function noteOpen(site: CallSite, open: LockEvent, argument: Value, state: State): State {
  const { engine } = site;
  if (hasSeenLock(state)) return state;
  const other = otherCall(site, open.kind === 'required' ? 'forbidden' : 'required', argument, state);
  if (other && open.kind === 'required') reportContradiction(site, open, other);
  else if (other) reportContradiction(site, other, open);
  const index = engine.lockEvents.indexOf(open);
  const place = keyHolding(state, argument);
  const answers = state.answers
    .with(answerKeys.lockOpen(open.kind, argument), index)
    .with(answerKeys.anyLockOpen(open.kind), true);
  return stateWith(state, {
    answers: place === undefined ? answers : answers.with(answerKeys.lockOpenAt(open.kind, place), index),
  });
}

/** Reports a call that needs the lock of its caller, where the path takes the same lock after it: that waits for ever. */
export function checkAgainstRequired(site: CallSite, lock: Value, state: State): void {
  const buffer = ownerOf(state, lock);
  if (buffer === undefined || hasSeenLock(state)) return;
  const needing = otherCall(site, 'required', buffer, state);
  const { call, frame, name } = site;
  if (needing) reportContradiction(site, needing, { api: name, path: frame.ref.path, at: call.at });
}

function hasSeenLock(state: State): boolean {
  return locksOf(state, 'held').length > 0 || locksOf(state, 'released').length > 0;
}

/** An earlier call of the path about the same buffer, by what it needs. */
function otherCall(
  { engine, values }: CallSite,
  kind: LockEvent['kind'],
  argument: Value,
  state: State,
): LockEvent | undefined {
  const { answers, heap } = state;
  const buffer = heap.get(`${argument}.dmabuf`);
  for (const value of [argument, ...values]) {
    const place = keyHolding(state, value);
    const index = place === undefined ? undefined : answers.get(answerKeys.lockOpenAt(kind, place));
    if (index !== undefined) return engine.lockEvents[Number(index)];
  }
  for (const [key, index] of answers) {
    const object = answerKeys.objectOfOpenLock(kind, key);
    if (object === undefined) continue;
    const isSame = values.includes(object) || object === argument || object === buffer;
    const owned = heap.get(`${object}.dmabuf`);
    if (isSame || (owned !== undefined && (owned === argument || owned === buffer)))
      return engine.lockEvents[Number(index)];
  }
  return undefined;
}

/** Reports the call that needs the lock; the place of the other one goes with it. */
function reportContradiction(
  { engine }: CallSite,
  needing: LockEvent,
  { api, path, at }: Pick<LockEvent, 'api' | 'path' | 'at'>,
): void {
  const lock = { kind: 'must-not-hold', by: api, path, at } as const;
  engine.lockEvents.push({ ...needing, verdict: 'contradicted', lock });
}
