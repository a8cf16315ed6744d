// The last put of a device calls the `.release` that the driver has stored in it. Source: device_release() in
// drivers/base/core.c.

import { deviceCounts, deviceRelease } from '../../kernel/index.js';
import type { CallSite } from '../calls/call-site.js';
import { passToUnknown } from '../calls/unknown-call.js';
import type { Evaluated } from '../model/engine.js';
import { answerKeys, type State, stateWith } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';
import { runReleaseOf } from './last-put.js';
import { mayBeKept } from './loans.js';

/**
 * Evaluates a call that counts the references of a device.
 * @returns undefined for any other call, and if the count or the function that the last put calls is not known
 */
export function applyDevice(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const effect = deviceCounts.get(site.name);
  const [device] = site.values;
  if (effect === undefined || device === undefined) return undefined;
  if (effect === 'init') {
    const { value, state: after } = passToUnknown(site, site.values, state);
    return [{ value, state: withCount(after, device, 1) }];
  }
  const known = state.answers.get(answerKeys.references(device));
  if (typeof known !== 'number' || known < 1) return undefined;
  if (effect === 'get') return [{ value: device, state: withCount(state, device, known + 1) }];
  if (known > 1) return [{ value: zeroValue, state: withCount(state, device, known - 1) }];
  if (mayBeKept(state, device)) return undefined;
  const { engine, frame } = site;
  const name = engine.globals.get(state.heap.get(`${device}.${deviceRelease}`) ?? -1);
  const release = name === undefined ? undefined : engine.codebase.definitions.findCandidate(name, frame.ref.path);
  return release && runReleaseOf(site, release, device, withCount(state, device, 0));
}

function withCount(state: State, device: Value, count: number): State {
  return stateWith(state, { answers: state.answers.with(answerKeys.references(device), count) });
}
