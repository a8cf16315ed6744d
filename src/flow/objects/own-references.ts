// A path that looks a GEM object up by its handle gets one reference. How many others hold one is unknown. Source: drm_gem_object_lookup() in drivers/gpu/drm/drm_gem.c.

import { functionWithRole, gemCounts, isGemLookup } from '../../kernel/index.js';
import type { CallSite } from '../calls/call-site.js';
import { passToUnknown } from '../calls/unknown-call.js';
import type { Evaluated } from '../model/engine.js';
import { answerKeys, type State } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';
import { releasedExport } from './exporter-release.js';
import { ownOf, withOwn } from './own-counts.js';

/**
 * Evaluates a call that looks an object up by its handle, or that counts the references of such an object.
 * @returns undefined for every other call, and where the path does not know how many references it has
 */
export function applyOwnReference(site: CallSite, state: State): Evaluated | undefined {
  if (isGemLookup(site.name)) {
    const found = passToUnknown(site, site.values, state);
    return { value: found.value, state: withOwn(found.state, found.value, 1) };
  }
  const count = gemCounts.get(site.name);
  const object = count && site.values[count.object];
  const own = object === undefined ? undefined : ownOf(state, object);
  if (object === undefined || own === undefined) return undefined;
  if (count?.effect === 'get') return { value: zeroValue, state: withOwn(state, object, own + 1) };
  if (count?.effect !== 'put') return undefined;
  const left = own - 1;
  if (left < 0) reportPutAgain(site, object, state);
  const passed = passToUnknown(site, site.values, state).state;
  return { value: zeroValue, state: left < 0 ? passed : withOwn(passed, object, left) };
}

/** Reports a put after the last reference of the path, where the release of its export has put one. */
function reportPutAgain({ engine, call, name, frame }: CallSite, object: Value, state: State): void {
  const resource = releasedExport(state);
  // A wrapper of the export takes a reference of its own for the dma-buf.
  if (!state.answers.has(answerKeys.putByRelease(object)) || resource?.api !== functionWithRole('export')) return;
  engine.report({ kind: 'put-again', at: call.at, resource, use: `${name}()`, origin: null }, frame, state);
}
