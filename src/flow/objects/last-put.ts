import { apiFunctions } from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';
import { type CallSite, endAt } from '../calls/call-site.js';
import type { Evaluated } from '../model/engine.js';
import { isLeftOnPurpose } from '../releases/left-on-purpose.js';
import { objectOfKey } from '../state/heap.js';
import { share } from '../state/ownership.js';
import type { Resource } from '../state/resource.js';
import type { State } from '../state/state.js';
import { answerKeys, stateWith } from '../state/state.js';
import type { Value } from '../state/value.js';

/**
 * Follows the function that the last put of a counted object calls.
 * @param object its argument
 * @returns undefined where it is too deep
 */
export function runReleaseOf(
  site: CallSite,
  release: FunctionRef,
  object: Value,
  state: State,
): readonly Evaluated[] | undefined {
  const results = site.engine.call(release, [object], state, {
    frame: { ...site.frame, spare: 1 },
    at: site.call.at,
  });
  // A release function leaves something only on purpose, such as memory that the device still uses.
  const end = endAt(site, { kind: 'left-by-release-function' });
  const lost = results ? lostByRelease(site, release, results, state) : new Set<Resource>();
  return results?.map((result) => {
    const after = keepLost(share(result.state, object, { end, takesOver: true }), lost);
    let { answers } = after;
    for (const value of after.freed.keys())
      if (!state.freed.has(value)) answers = answers.with(answerKeys.freedByPut(value), true);
    return { value: result.value, state: stateWith(after, { answers }) };
  });
}

/**
 * What a path took, and a release function leaves in the object that it frees, whichever way it goes, though it has a release for
 * that kind: a test of a member that was never set skips it.
 */
function lostByRelease(
  { engine }: CallSite,
  release: FunctionRef,
  results: readonly Evaluated[],
  before: State,
): ReadonlySet<Resource> {
  const code = engine.codebase.program.bodyText(release);
  return new Set(
    before.resources.filter(
      (resource) =>
        resource.kind !== 'lock' &&
        resource.status === 'held' &&
        resource.count > 0 &&
        releaseOf(resource.kind).test(code) &&
        results.length > 0 &&
        results.every(({ state }) => state.resources.includes(resource) && isFreedWith(before, state, resource)) &&
        !isLeftOnPurpose(engine, release, before, (name) => releaseOf(resource.kind).test(`${name}(`)),
    ),
  );
}

const patterns = new Map<Resource['kind'], RegExp>();

/** Finds a call that releases a kind. */
function releaseOf(kind: Resource['kind']): RegExp {
  let pattern = patterns.get(kind);
  if (!pattern) {
    const names = [...apiFunctions].flatMap(([name, { effects }]) =>
      effects.some((effect) => effect.kind === 'release' && effect.resource === kind) ? [name] : [],
    );
    pattern = new RegExp(`\\b(?:${names.join('|')})\\s*\\(`);
    patterns.set(kind, pattern);
  }
  return pattern;
}

/** Whether an object that has a resource was freed between two states. */
function isFreedWith(before: State, after: State, { handle }: Resource): boolean {
  for (const [key, value] of after.heap) {
    const object = objectOfKey(key);
    if (value === handle && after.freed.has(object) && !before.freed.has(object)) return true;
  }
  return false;
}

function keepLost(state: State, lost: ReadonlySet<Resource>): State {
  if (lost.size === 0) return state;
  const isLost = (resource: Resource): boolean =>
    [...lost].some(
      ({ kind, handle, path, at }) =>
        kind === resource.kind && handle === resource.handle && path === resource.path && at === resource.at,
    );
  return stateWith(state, {
    resources: state.resources.map((resource) =>
      isLost(resource) ? { ...resource, status: 'held', holderFreed: true, end: null } : resource,
    ),
  });
}
