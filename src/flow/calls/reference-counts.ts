import {
  apiFunctions,
  changesCount,
  countSteps,
  fileDescribe,
  fileFunctions,
  fileInstall,
  functionWithRole,
  kref,
  roleOf,
} from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';
import { declaredBuffer } from '../descriptors/declared-buffer.js';
import { makeDescriptor } from '../descriptors/make-descriptor.js';
import { applyPreparedFile } from '../descriptors/prepared-file.js';
import { numberOf } from '../evaluate/arithmetic.js';
import { newValueWith } from '../evaluate/new-value.js';
import { locksOf } from '../locks/lock-state.js';
import type { Evaluated } from '../model/engine.js';
import { runReleaseOf } from '../objects/last-put.js';
import { mayBeKept } from '../objects/loans.js';
import { bufferOfFile } from '../state/files.js';
import { answerKeys, assume, mayHideLock, type State, stateWith } from '../state/state.js';
import { good, type Value, zeroValue } from '../state/value.js';
import { mayDropOwn } from '../tree/reference-takers.js';
import { applyApi } from './api-call.js';
import type { CallSite } from './call-site.js';

/**
 * Evaluates calls that count references by other means than the API's own functions: krefs and the dma-buf's file.
 * @returns undefined for every other call
 */
export function applyReferenceCount(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const { name, values } = site;
  const [first, second] = values;
  if (first === undefined) return undefined;
  switch (name) {
    case kref.init:
      return [{ value: zeroValue, state: withCount(state, first, 1) }];
    case kref.put:
      return putKref(site, first, state);
    case fileInstall: {
      if (second === undefined) return undefined;
      const dmabuf = bufferOfFile(state, second) ?? declaredBuffer(site, second, state);
      return dmabuf === undefined ? undefined : [giveToDescriptor(site, dmabuf, first, state)];
    }
    case fileDescribe: {
      if (second === undefined) return undefined;
      const dmabuf = bufferOfFile(state, second) ?? declaredBuffer(site, second, state);
      const api = apiFunctions.get(functionWithRole('fd'));
      return dmabuf === undefined || !api ? undefined : applyApi({ ...site, values: [dmabuf, first] }, api, state);
    }
  }
  const counted = applyCount(site, state);
  if (counted) return counted;
  const prepared = applyPreparedFile(site, state);
  if (prepared) return prepared;
  if (roleOf(name) === 'fd-install') return [giveToDescriptor(site, first, second ?? null, state)];
  const role = fileFunctions.get(name);
  const api = role && apiFunctions.get(functionWithRole(role));
  const dmabuf = bufferOfFile(state, first);
  if (dmabuf === undefined || !api) return undefined;
  const results = applyApi({ ...site, values: [dmabuf] }, api, state);
  // get_file() returns its argument, which cannot be NULL.
  return role === 'ref' ? results.flatMap((result) => asGiven(first, result.state)) : results;
}

function asGiven(file: Value, state: State): readonly Evaluated[] {
  const after = assume(state, file, good);
  return after ? [{ value: file, state: after }] : [];
}

function giveToDescriptor(site: CallSite, dmabuf: Value, descriptor: Value | null, state: State): Evaluated {
  return { value: zeroValue, state: makeDescriptor(site, dmabuf, descriptor, state) };
}

function withCount(state: State, kref: Value, count: number): State {
  return stateWith(state, { answers: state.answers.with(answerKeys.references(kref), count) });
}

/** Evaluates a call that sets, raises or drops a count; undefined where the count is not known, and for any other call. */
function applyCount(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const [count, to] = site.values;
  const step = countSteps.get(site.name);
  if (step === undefined || count === undefined) return undefined;
  if (step === 'set') return to === undefined ? undefined : setCount(site, count, to, state);
  if (step === 'put') return dropCount(site, count, state);
  const known = state.answers.get(answerKeys.references(count));
  if (typeof known !== 'number') return undefined;
  if (step === 'try-get' && known <= 0) return [{ value: zeroValue, state }];
  const raised = withCount(state, count, known + 1);
  return [step === 'try-get' ? newValueWith(site.engine, raised, good) : { value: zeroValue, state: raised }];
}

/** The state in which a count is unknown, if a call changes it in a way that is not followed. */
export function forgetCount(name: string, count: Value, state: State): State {
  const key = answerKeys.references(count);
  if (!changesCount(name) || countSteps.has(name) || typeof state.answers.get(key) !== 'number') return state;
  return name === kref.init || name === kref.put
    ? state
    : stateWith(state, { answers: state.answers.with(key, false) });
}

/** The last kref_put() runs the release function that is its second argument. */
function putKref(site: CallSite, kref: Value, state: State): readonly Evaluated[] | undefined {
  const { engine, call, frame } = site;
  const count = state.answers.get(answerKeys.references(kref));
  const [, release] = call.arguments;
  const target =
    release?.kind === 'name' ? engine.codebase.definitions.findCandidate(release.name, frame.ref.path) : undefined;
  if (typeof count !== 'number' && engine.locks) return target && putUnderLock(site, target, kref, state);
  if (typeof count !== 'number') return undefined;
  if (count > 1) return [{ value: zeroValue, state: withCount(state, kref, count - 1) }];
  return target && runReleaseOf(site, target, kref, state);
}

/**
 * Follows a put under a reservation lock that may be the last one. If it is, its release function runs under the lock.
 * @returns undefined if the path holds no lock, or if the release function has nothing to do with it
 */
function putUnderLock(
  site: CallSite,
  release: FunctionRef,
  object: Value,
  state: State,
): readonly Evaluated[] | undefined {
  const { engine, frame } = site;
  if (mayHideLock(state) || !locksOf(state, 'held').length || !engine.relevance.matters(release)) return undefined;
  if (mayDropOwn(engine.codebase, frame)) return undefined;
  const within = stateWith(state, { answers: state.answers.with(answerKeys.inLastPut, true) });
  const results = runReleaseOf(site, release, object, within);
  // Defects in the release function are reported; the path continues as if the put were not the last one.
  return results && [{ value: zeroValue, state }];
}

/** `refcount_set(&x->users, 1)`: the count is known if it is set to a number. */
function setCount({ engine }: CallSite, count: Value, to: Value, state: State): readonly Evaluated[] | undefined {
  const number = numberOf(engine, to);
  return engine.locks || number === undefined
    ? undefined
    : [{ value: zeroValue, state: withCount(state, count, number) }];
}

/** refcount_dec_and_test() is true only for the last reference. Code that got the object may have taken one. */
function dropCount({ engine }: CallSite, count: Value, state: State): readonly Evaluated[] | undefined {
  const known = state.answers.get(answerKeys.references(count));
  if (engine.locks || typeof known !== 'number' || known < 1 || mayBeKept(state, count)) return undefined;
  const dropped = withCount(state, count, known - 1);
  return [known > 1 ? { value: zeroValue, state: dropped } : newValueWith(engine, dropped, good)];
}
