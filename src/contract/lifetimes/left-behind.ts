// What does a function that fails leave in a member, though its other ways out show that it has to release it?

import { callsIn } from '../../c/index.js';
import { type FlowExit, type FunctionFlow, hasIndex, type Resource } from '../../flow/index.js';
import { resourceLives } from '../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import { namesRelease } from '../owners/release-sites.js';
import { placeKey } from './defects.js';
import { loopsAround } from './loops.js';

/**
 * Returns what a failing way out leaves where the function owes its release: nobody outside does it then. Where one of its
 * failing ways out releases some of that kind that cannot be told apart, nothing is said.
 */
export function leftBehind(codebase: Codebase, flow: FunctionFlow, exit: FlowExit): readonly Resource[] {
  if (exit.outcome !== 'error') return [];
  const failing = flow.exits.filter(({ outcome }) => outcome === 'error');
  return exit.state.resources.filter(
    (resource) =>
      !isPutAnyhow(failing, resource.kind) &&
      ((isLeftInMember(resource) && isReleasedAndLeftThere(failing, exit, resource)) ||
        (isTakenInLoop(codebase, flow.ref, resource) && isLeftOfRounds(codebase, flow.ref, failing, resource))),
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

/** Whether a function has stored something that it acquired, and no callee that was not followed has seen it there. */
function isLeftInMember({ status, end, count, wasPassedOn, leftByFailure }: Resource): boolean {
  return status === 'given' && end?.kind === 'stored' && count > 0 && !wasPassedOn && !leftByFailure;
}

/**
 * Whether another failing way out releases what was acquired at the same place, and leaves the stale pointer in the member:
 * so callers cannot release what they find there after a failure. Where a loop had several rounds, which of them is left
 * depends on where it ends.
 */
function isReleasedAndLeftThere(failing: readonly FlowExit[], exit: FlowExit, resource: Resource): boolean {
  const key = placeKey(resource);
  const onlyOne = ({ state }: FlowExit): Resource | undefined => {
    const [first, second] = state.resources.filter((same) => placeKey(same) === key);
    return second ? undefined : first;
  };
  if (!onlyOne(exit) || failing.some((other) => undoesAt(other, exit, key))) return false;
  return failing.some((other) => {
    const same = other === exit ? undefined : onlyOne(other);
    return same?.status === 'released' && same.count > 0 && isIn(other, same.handle);
  });
}

/**
 * Whether one way out releases what another leaves, where both have acquired the same and leave at the same place: what
 * is asked in between decides, and perhaps always so.
 */
function undoesAt(one: FlowExit, other: FlowExit, key: string): boolean {
  const taken = ({ state }: FlowExit): string =>
    state.resources.flatMap((resource) => (resource.count > 0 ? placeKey(resource) : [])).join();
  return (
    one.at === other.at &&
    one.state.resources.some((resource) => placeKey(resource) === key && resource.status === 'released') &&
    taken(one) === taken(other)
  );
}

/** Whether a member holds a value. What the core keeps in an attachment is no member of the driver. */
function isIn({ state }: FlowExit, value: number): boolean {
  const attachments = new Set(state.resources.filter(({ kind }) => kind === 'attachment').map(({ handle }) => handle));
  for (const [key, held] of state.heap)
    if (held === value && !attachments.has(Number(key.slice(0, key.indexOf('.'))))) return true;
  return false;
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
