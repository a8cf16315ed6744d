import {
  apiFunctions,
  fileDescribe,
  fileFunctions,
  fileInstall,
  functionWithRole,
  isKrefPut,
  kref,
  roleOf,
} from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';
import { applyCount, withCount } from '../constants/count-steps.js';
import { declaredBuffer } from '../descriptors/declared-buffer.js';
import { makeDescriptor } from '../descriptors/make-descriptor.js';
import { applyPreparedFile } from '../descriptors/prepared-file.js';
import { locksOf } from '../locks/lock-state.js';
import type { Evaluated } from '../model/engine.js';
import { runReleaseOf } from '../objects/last-put.js';
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
  if (isKrefPut(name)) return putKref(site, first, state);
  switch (name) {
    case kref.init:
      return [{ value: zeroValue, state: withCount(state, first, 1) }];
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
