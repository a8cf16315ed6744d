// Which elements of an array does a function that fails leave, though it unwinds?

import { callsIn } from '../../../c/index.js';
import { type FlowExit, type FunctionFlow, hasIndex, type Resource } from '../../../flow/index.js';
import { resourceLives } from '../../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../../program/index.js';
import { namesRelease } from '../../owners/release-sites.js';
import { placeKey } from '../defects.js';
import { areInOneLoop, loopsAround } from './loops.js';

/**
 * Returns what a failing way out leaves of what a loop over an array acquired. Where one of the failing ways out releases
 * some of that kind that cannot be told apart, nothing is said.
 */
export function leftBehind(codebase: Codebase, flow: FunctionFlow, exit: FlowExit): readonly Resource[] {
  if (exit.outcome !== 'error') return [];
  const failing = flow.exits.filter(({ outcome }) => outcome === 'error');
  return exit.state.resources.filter(
    (resource) =>
      !isPutAnyhow(failing, resource.kind) &&
      ((isTakenInLoop(codebase, flow.ref, resource) && isLeftOfRounds(codebase, flow.ref, failing, resource)) ||
        (isTakenInOwnLoop(codebase, flow.ref, resource) && isLeftOfLastRound(failing, exit, resource))),
  );
}

/** Whether a loop of the function itself acquired a resource. */
function isTakenInOwnLoop({ program }: Codebase, ref: FunctionRef, { function: taker, path, at }: Resource): boolean {
  return taker === ref.outline.name && path === ref.path && loopsAround(program.lower(ref), at) === 1;
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
  const all = failing.map((exit) => ofSamePlace(exit, resource));
  // If a step of the first round fails, the cleanup of that round may differ from the cleanup of a complete round.
  const longer = all.filter(({ length }) => length > 1);
  const areLeft = (exits: readonly (readonly Resource[])[]): boolean =>
    exits.every(([first]) => !first || isLeft(first));
  if (areLeft(all)) return resourceLives[kind].releasedBy === 'caller' || unwinds(codebase, ref, resource, false);
  return longer.length > 0 && areLeft(longer) && unwinds(codebase, ref, resource, true);
}

/**
 * Whether a round leaves what it acquired if a later step of that round fails, though the function undoes the rounds
 * before it. The first round must leave it, too, if it fails there.
 */
function isLeftOfLastRound(failing: readonly FlowExit[], exit: FlowExit, resource: Resource): boolean {
  if (!isLeft(resource) || resource.kind === 'fd' || resource.kind === 'lock') return false;
  const rounds = ofSamePlace(exit, resource);
  const before = rounds.slice(0, -1);
  const isUndone = ({ status, count }: Resource): boolean => status === 'released' && count > 0;
  return (
    rounds.at(-1) === resource &&
    before.length > 0 &&
    before.every(isUndone) &&
    failing.some((other) => {
      const [only, ...others] = ofSamePlace(other, resource);
      return only !== undefined && others.length === 0 && other.at === exit.at && isLeft(only);
    })
  );
}

/** Whether it is certain that nobody has released a resource. */
function isLeft({ status, end, wasPassedOn, leftByFailure }: Resource): boolean {
  const isGone = status === 'released' || end?.kind === 'given-to-descriptor';
  return !isGone && !wasPassedOn && !leftByFailure;
}

/** What a path to an exit has acquired at the place of a resource, in order. */
function ofSamePlace({ state }: FlowExit, resource: Resource): readonly Resource[] {
  return state.resources.filter((same) => placeKey(same) === placeKey(resource));
}

/** Whether a failing way out releases one of a kind that it did not acquire: which one, cannot be told. */
function isPutAnyhow(failing: readonly FlowExit[], kind: Resource['kind']): boolean {
  return failing.some(({ state }) =>
    state.resources.some((other) => other.kind === kind && other.status === 'released' && other.count === 0),
  );
}

/**
 * Whether a function, or a callee, releases a resource of this kind after the place that acquires it.
 * @param isApart whether the release must be outside of the loop that acquires
 */
function unwinds(
  { program, definitions }: Codebase,
  ref: FunctionRef,
  { kind, at, path }: Resource,
  isApart: boolean,
): boolean {
  const unit = program.lower(ref);
  return callsIn(unit.body).some(({ name, call }) => {
    if (name === null || (path === ref.path && call.at < at)) return false;
    if (isApart && (path !== ref.path || areInOneLoop(unit, at, call.at))) return false;
    if (namesRelease(name, kind)) return true;
    const callee = definitions.findCandidate(name, ref.path);
    return callee !== undefined && namesRelease(program.bodyText(callee), kind);
  });
}
