// Which elements of an array does a function that fails leave, though it unwinds?

import { callsIn } from '../../../c/index.js';
import { type FlowExit, type FunctionFlow, hasIndex, type Resource } from '../../../flow/index.js';
import { resourceLives } from '../../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../../program/index.js';
import { namesRelease } from '../../owners/release-sites.js';
import { placeKey } from '../defects.js';
import { loopsAround } from './loops.js';

/**
 * Returns what a failing way out leaves of what a loop over an array acquired. Where one of the failing ways out releases
 * some of that kind that cannot be told apart, nothing is said.
 */
export function leftBehind(codebase: Codebase, flow: FunctionFlow, exit: FlowExit): readonly Resource[] {
  if (exit.outcome !== 'error') return [];
  const failing = flow.exits.filter(({ outcome }) => outcome === 'error');
  return exit.state.resources.filter(
    (resource) =>
      isTakenInLoop(codebase, flow.ref, resource) &&
      !isPutAnyhow(failing, resource.kind) &&
      isLeftOfRounds(codebase, flow.ref, failing, resource),
  );
}

/** Whether a loop over an array acquired a resource, in the function itself or in a helper that gets an element. */
export function isTakenInLoop(
  { program }: Codebase,
  ref: FunctionRef,
  { function: taker, isElement, path, at }: Resource,
): boolean {
  const unit = program.lower(ref);
  if (taker === ref.outline.name) return isElement && path === ref.path && loopsAround(unit, at) > 0;
  return callsIn(unit.body).some(
    ({ name, call }) => name === taker && call.arguments.some(hasIndex) && loopsAround(unit, call.at) > 0,
  );
}

/**
 * Whether the first element that a loop acquired is left on every failing way out that has it, though the function unwinds:
 * its unwinding loop ends too early, or begins too late.
 */
function isLeftOfRounds(
  codebase: Codebase,
  ref: FunctionRef,
  failing: readonly FlowExit[],
  resource: Resource,
): boolean {
  const { kind } = resource;
  if (kind === 'fd' || kind === 'lock') return false;
  const firsts = failing.flatMap(
    ({ state }) => state.resources.find((same) => placeKey(same) === placeKey(resource)) ?? [],
  );
  if (firsts.some((first) => first.status === 'released' || first.wasPassedOn || first.leftByFailure)) return false;
  return resourceLives[kind].releasedBy === 'caller' || unwinds(codebase, ref, resource);
}

/** Whether a failing way out releases one of a kind that it did not acquire: which one, cannot be told. */
function isPutAnyhow(failing: readonly FlowExit[], kind: Resource['kind']): boolean {
  return failing.some(({ state }) =>
    state.resources.some((other) => other.kind === kind && other.status === 'released' && other.count === 0),
  );
}

/** Whether a function releases some of a kind behind the place of an acquire, itself or in a callee. */
function unwinds({ program, definitions }: Codebase, ref: FunctionRef, { kind, at, path }: Resource): boolean {
  return callsIn(program.lower(ref).body).some(({ name, call }) => {
    if (name === null || (path === ref.path && call.at < at)) return false;
    if (namesRelease(name, kind)) return true;
    const callee = definitions.findCandidate(name, ref.path);
    return callee !== undefined && namesRelease(program.bodyText(callee), kind);
  });
}
