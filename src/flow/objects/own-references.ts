// A path that looks up a GEM object by its handle gets one reference. A path that counts an object of its caller takes
// some. How many others hold one is unknown. Source: drm_gem_object_lookup() in drivers/gpu/drm/drm_gem.c.

import { functionWithRole, gemCounts, isBorrower, isGemLookup, memberCounts } from '../../kernel/index.js';
import type { CallSite } from '../calls/call-site.js';
import { passToUnknown } from '../calls/unknown-call.js';
import type { Evaluated } from '../model/engine.js';
import { answerKeys, type State } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';
import { releasedExport } from './exporter-release.js';
import { isLookedUp, noteLookedUp, ownOf, withOwn } from './own-counts.js';

/**
 * Evaluates a call that looks an object up by its handle, or that counts the references of an object.
 * @returns undefined for every other call, and where the path does not know how many references it has
 */
export function applyOwnReference(site: CallSite, state: State): Evaluated | undefined {
  const { name, values } = site;
  if (isGemLookup(name)) {
    const found = passToUnknown(site, values, state);
    return { value: found.value, state: withOwn(noteLookedUp(found.state, found.value), found.value, 1) };
  }
  const gem = gemCounts.get(name);
  const object = values[gem?.object ?? 0];
  const effect = gem?.effect ?? memberCounts.get(name);
  if (object === undefined || (effect !== 'get' && effect !== 'put')) return undefined;
  const own = ownOf(state, object);
  if (effect === 'get') return take(site, object, state);
  if (own === undefined) return undefined;
  const left = own - 1;
  if (left < 0) reportPutAgain(site, object, state);
  // The last put of a GEM object runs its `.free`. A count in a member is only counted here: the path follows its
  // release function itself.
  if (!gem) return { value: site.engine.newValue(), state: withOwn(state, object, left) };
  const passed = passToUnknown(site, values, state).state;
  return { value: zeroValue, state: left < 0 && isLookedUp(state, object) ? passed : withOwn(passed, object, left) };
}

/**
 * Takes one more reference. An object that was not counted before may belong to the caller: the path has no reference
 * yet.
 */
function take(site: CallSite, object: Value, state: State): Evaluated | undefined {
  const own = ownOf(state, object);
  if (own !== undefined) return { value: zeroValue, state: withOwn(state, object, own + 1) };
  if (state.answers.has(answerKeys.ownReferences(object))) return undefined;
  const { value, state: after } = isBorrower(site.name)
    ? { value: zeroValue, state }
    : passToUnknown(site, site.values, state);
  return { value, state: withOwn(after, object, 1) };
}

/** Reports a put after the last reference of the path, where the release of its export has put one. */
function reportPutAgain({ engine, call, name, frame }: CallSite, object: Value, state: State): void {
  const resource = releasedExport(state);
  // A wrapper of the export takes a reference of its own for the dma-buf.
  if (!state.answers.has(answerKeys.putByRelease(object)) || resource?.api !== functionWithRole('export')) return;
  const counted = isLookedUp(state, object) ? {} : { object };
  const event = { kind: 'put-again', at: call.at, resource, use: `${name}()`, origin: null, ...counted } as const;
  engine.report(event, frame, state);
}
