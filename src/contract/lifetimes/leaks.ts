// Which resources do functions leave unreleased?

import { callsIn } from '../../c/index.js';
import type { FlowExit, FunctionFlow, Resource } from '../../flow/index.js';
import { dependsOnChangedAnswer, isAssumed, leaksAt, objectOfKey, wasOverPut } from '../../flow/index.js';
import { queueingFunctions, resourceLives, roleOf } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionAt } from '../../program/index.js';
import type { Leak } from '../model/lifetimes.js';
import { describeWayOut, stepAt, type TraceStep } from '../places.js';
import { dependsOnCount } from './counted.js';
import { decisionSteps, dependsOnMove, isOfSomeKernels, placeKey } from './defects.js';
import { isLeftAssumed } from './descriptors/assumed-references.js';
import { isKeptByCaller } from './descriptors/kept-descriptors.js';
import { isEndedByCallback } from './left/ended-by-callback.js';
import { isEndedByCaller } from './left/failing-callers.js';
import { isForgottenMember } from './left/forgotten-members.js';
import { halvesOfPairs } from './left/half-of-a-pair.js';
import { leftAfterLoan } from './left/left-after-loan.js';
import { isTakenInLoop, leftBehind } from './left/left-behind.js';
import { leftByBracket } from './left/left-by-bracket.js';
import { leftInMembers } from './left/left-in-members.js';
import { leftWithoutBuffer } from './left/left-without-buffer.js';
import { hasLoop, isLeftOfCalleesLoop, isLeftOfCountedLoop, isLeftOfNestedLoops } from './left/loops.js';
import { hasPassedOpenLoop } from './left/open-loops.js';
import { isNotedForRelease } from './left/pins/noted-for-release.js';
import { mayBeReleasedBelow } from './left/released-below.js';
import { isUnputResult } from './puts/unput-results.js';

/** Finds the resources that functions leave acquired where nobody can release them any more. */
export function findLeaks(codebase: Codebase, flows: readonly FunctionFlow[]): readonly Leak[] {
  const releasedByCallers = releasedAfterFailure(flows);
  const releasedByReceivers = releasedByOthers(codebase, flows);
  return flows.flatMap((flow) =>
    flow.exits.flatMap((exit) => [
      ...leaksOf(codebase, flow, exit, { releasedByCallers, releasedByReceivers }),
      ...leftLeaks(codebase, flow, exit, releasedByCallers),
      ...halfLeaks(codebase, flow, exit, flows, releasedByCallers),
    ]),
  );
}

/** The places of the acquires that a caller released after the acquiring function failed, by {@link placeKey}. */
function releasedAfterFailure(flows: readonly FunctionFlow[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const flow of flows)
    for (const exit of flow.exits)
      for (const resource of exit.state.resources)
        if (resource.leftByFailure && resource.status === 'released') found.add(placeKey(resource));
  return found;
}

/** Who else releases what was acquired at which places, by {@link placeKey}. */
interface OtherReleases {
  readonly releasedByCallers: ReadonlySet<string>;
  readonly releasedByReceivers: ReadonlySet<string>;
}

/** The places of the acquires that another function than the one that acquired releases: one that got the object. */
function releasedByOthers({ program }: Codebase, flows: readonly FunctionFlow[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { exits, ref } of flows)
    for (const { state } of exits)
      for (const resource of state.resources) {
        const { kind, status, end, function: taker } = resource;
        if (kind !== 'reference' || status !== 'released' || !end || taker === ref.outline.name) continue;
        if (functionAt(program, end.path, end.at)?.outline.name !== taker) found.add(placeKey(resource));
      }
  return found;
}

function leaksOf(
  codebase: Codebase,
  flow: FunctionFlow,
  exit: FlowExit,
  { releasedByCallers, releasedByReceivers }: OtherReleases,
): readonly Leak[] {
  return leaksAt(exit).flatMap((lost): Leak[] => {
    const { resource, isKnownOutside, wasTold } = lost;
    if (lost.isWithReceiver && releasedByReceivers.has(placeKey(resource))) return [];
    if (isKeptByCaller(codebase, flow, exit, lost) || isEndedByNextCall(flow, exit, resource)) return [];
    if (isEndedByCallback(codebase, flow, exit, resource)) return [];
    // How many rounds the loops of its callees have is not known as well as for its own.
    if (
      flow.isAskedBesides &&
      isTakenInLoop(codebase, flow.ref, resource) &&
      mayBeReleasedBelow(codebase, flow.ref, resource)
    )
      return [];
    if (isAssumed(resource)) {
      if (!isLeftAssumed(codebase, flow, exit, resource) || releasedByCallers.has(placeKey(resource))) return [];
      return [leakOf(codebase, flow, exit, lost, 'medium')];
    }
    if (dependsOnCount(codebase, flow, [resource]) || isFarFromApi(codebase, flow, resource)) return [];
    if (exit.outcome === 'error' && isLeftOfNestedLoops(codebase.program.lower(flow.ref), exit, resource)) return [];
    if (isLeftOfCountedLoop(codebase.program.lower(flow.ref), flow.exits, exit, resource)) return [];
    if (isLeftOfCalleesLoop(codebase, exit, resource)) return [];
    // The put that is one too many is the defect.
    if (resource.kind === 'fd' && wasOverPut(exit, resource)) return [];
    // A callee that was not followed may have taken it from there: where the function succeeds, that is what it is for.
    if (resource.isOverwritten && resource.wasPassedOn && exit.outcome !== 'error') return [];
    const isLostInMember = resource.status === 'given' && isForgottenMember(codebase, flow, exit, resource);
    if (isKnownOutside && !wasTold && !isLostInMember && !isLostAnyway(codebase, flow, exit, lost, releasedByCallers))
      return [];
    return [leakOf(codebase, flow, exit, lost, certaintyOf(flow, exit, resource, isKnownOutside || lost.wasOnlyShown))];
  });
}

/**
 * Whether a bracket that must be closed was opened in another file, for a file that names nothing of the API: what it has of
 * the buffer is an object of its driver, of which too little is known here.
 */
function isFarFromApi({ program }: Codebase, { ref }: FunctionFlow, { kind, path }: Resource): boolean {
  return resourceLives[kind].isPaired && path !== ref.path && !program.candidates.includes(ref.path);
}

/** The resources that a failing way out leaves, where another one or the next round shows that it should not. */
function leftLeaks(
  codebase: Codebase,
  flow: FunctionFlow,
  exit: FlowExit,
  releasedByCallers: ReadonlySet<string>,
): readonly Leak[] {
  const inObjects = [...leftInMembers(flow, exit), ...leftByBracket(codebase, flow, exit)];
  const left = [
    inObjects.filter((resource) => !isEndedAfterHelper(codebase, flow, resource)),
    leftBehind(codebase, flow, exit),
    leftWithoutBuffer(codebase, flow, exit),
    leftAfterLoan(codebase, flow, exit),
  ];
  return left
    .flat()
    .filter((resource) => !releasedByCallers.has(placeKey(resource)) && !dependsOnCount(codebase, flow, [resource]))
    .filter((resource) => !hasPassedOpenLoop(codebase, exit, resource))
    .map((resource) => leakOf(codebase, flow, exit, { resource, wasTold: false }, 'medium'));
}

/** Whether a helper acquired a resource for a function, whose callers call what may release it where the function fails. */
function isEndedAfterHelper(codebase: Codebase, { ref }: FunctionFlow, { function: taker }: Resource): boolean {
  if (taker === ref.outline.name) return false;
  return isEndedByCaller(
    codebase,
    ref,
    ref.outline.parameters.flatMap(({ name }) => name ?? []),
  );
}

/** The resources that a failing path leaves in members and that no function releases alone. */
function halfLeaks(
  codebase: Codebase,
  flow: FunctionFlow,
  exit: FlowExit,
  flows: readonly FunctionFlow[],
  releasedByCallers: ReadonlySet<string>,
): readonly Leak[] {
  return halvesOfPairs(codebase, flow, exit, flows)
    .filter(({ resource }) => !releasedByCallers.has(placeKey(resource)))
    .map(({ resource, releaser: { ref } }) => {
      const leak = leakOf(codebase, flow, exit, { resource, wasTold: false }, 'medium');
      const { nameAt, name } = ref.outline;
      const words = `${name}() releases it only together with another one, which was not made`;
      return { ...leak, trace: [...leak.trace, stepAt(codebase, ref.path, nameAt, words)] };
    });
}

function leakOf(
  codebase: Codebase,
  { ref }: FunctionFlow,
  exit: FlowExit,
  { resource, wasTold }: Pick<ReturnType<typeof leaksAt>[number], 'resource' | 'wasTold'>,
  certainty: Leak['certainty'],
): Leak {
  const { kind, refused, failedAfter, path, at, api, end } = resource;
  return {
    kind,
    outcome: exit.outcome,
    leaver: ref.outline.name,
    refused,
    wasTold,
    closedBy: end?.kind === 'closed' ? end.by : null,
    failedAfter,
    path,
    at,
    function: resource.function,
    api,
    certainty,
    trace: leakTrace(codebase, ref, resource, exit),
  };
}

function certaintyOf(
  { incomplete }: FunctionFlow,
  { state }: FlowExit,
  { status, isOverwritten, wasPassedOn, isElement, kind, end }: Resource,
  isKnownOutside: boolean,
): Leak['certainty'] {
  if (dependsOnChangedAnswer(state)) return 'low';
  const isOneOfMany = kind === 'fd' && isElement;
  const isDoubtful =
    isKnownOutside ||
    isOneOfMany ||
    end?.kind === 'closed' ||
    (wasPassedOn && (isOverwritten || (kind === 'mapping' && status === 'given'))) ||
    isOfSomeKernels(state.decisions) ||
    dependsOnMove(state.decisions);
  return incomplete === null && !isDoubtful ? 'high' : 'medium';
}

/**
 * Whether a resource is lost where the function fails, though callers know the object. A pin is lost unless the callers
 * release it then. A reference is lost only where another failing path releases it, since a structure may count it.
 */
function isLostAnyway(
  codebase: Codebase,
  flow: FunctionFlow,
  exit: FlowExit,
  { resource, isStranded }: ReturnType<typeof leaksAt>[number],
  releasedByCallers: ReadonlySet<string>,
): boolean {
  if (releasedByCallers.has(placeKey(resource))) return false;
  if (isLeftByDescriptor(codebase, flow, exit, resource)) return true;
  if (isStranded && resource.kind === 'mapping' && !resource.isElement) return true;
  if (resource.isElement || isUndoneInLoop(codebase, flow, resource)) return false;
  if (isUnputResult(codebase, flow, exit, resource)) return true;
  const { isPaired, releasedBy } = resourceLives[resource.kind];
  // A caller may end it through a helper that is not followed.
  if (isPaired && (isOfHelper(flow, resource) || undoesOthers(flow.exits, resource))) return false;
  if (exit.outcome !== 'error') return isPaired && isReleasedElsewhere(flow, resource);
  if (releasedBy === 'caller' && isNotedForRelease(codebase, flow, exit, resource)) return false;
  if (releasedBy === 'caller' || isStranded || isOwnReference(codebase, flow, exit, resource)) return true;
  return (
    resource.kind === 'reference' &&
    resource.function === flow.ref.outline.name &&
    flow.exits.some(
      (other) =>
        other.outcome === 'error' &&
        other.state.resources.some((same) => placeKey(same) === placeKey(resource) && same.status === 'released'),
    )
  );
}

/**
 * Whether a helper acquired it, and no way out of the function releases it: there may be another helper for that. What a
 * helper of another file acquired, a caller ends as it knows.
 */
function isOfHelper({ ref, exits }: FunctionFlow, resource: Resource): boolean {
  if (resource.function === ref.outline.name) return false;
  if (resource.path !== ref.path) return true;
  return !exits.some(({ outcome, state }) =>
    state.resources.some(
      (same) => outcome !== 'error' && placeKey(same) === placeKey(resource) && same.status === 'released',
    ),
  );
}

/** Whether a reference was taken for a descriptor that could not be made, and the function that failed then puts none. */
function isLeftByDescriptor(
  codebase: Codebase,
  { ref }: FunctionFlow,
  { outcome, state }: FlowExit,
  { kind, status, refused, api, function: taker, at, handle }: Resource,
): boolean {
  if (kind !== 'reference' || status !== 'held' || refused === null || roleOf(api) !== 'ref') return false;
  if (outcome !== 'error' || taker !== ref.outline.name) return false;
  const isHeldTwice = state.resources.some((one) => one.kind === kind && one.handle === handle && one.count > 1);
  return (
    !isHeldTwice &&
    !callsIn(codebase.program.lower(ref).body).some(({ name, call }) => call.at > at && roleOf(name ?? '') === 'put')
  );
}

/**
 * Whether the next call of the same function ends an access of the CPU: an ioctl that begins or ends one, as user space
 * asks, ends on one way out what it did not begin.
 */
function isEndedByNextCall({ exits }: FunctionFlow, { outcome }: FlowExit, { kind, handle }: Resource): boolean {
  if (kind !== 'cpu-access' || outcome === 'error') return false;
  return exits.some(({ state }) =>
    state.resources.some(
      (other) => other.kind === kind && other.handle === handle && other.count === 0 && other.status === 'released',
    ),
  );
}

/** Whether some way out releases one of the same kind that it did not acquire: the loop that unwinds looks each up anew. */
function undoesOthers(exits: readonly FlowExit[], { kind }: Resource): boolean {
  return exits.some(({ state }) =>
    state.resources.some((other) => other.kind === kind && other.count === 0 && other.status === 'released'),
  );
}

/** Whether a function with loops releases, where it fails, others than it acquired: one of them goes back over a list. */
function isUndoneInLoop(codebase: Codebase, { ref, exits }: FunctionFlow, resource: Resource): boolean {
  const failing = exits.filter(({ outcome }) => outcome === 'error');
  return undoesOthers(failing, resource) && hasLoop(codebase.program.lower(ref));
}

/** Whether another way out, on which the function does not fail, releases what was acquired at the same place. */
function isReleasedElsewhere({ ref, exits }: FunctionFlow, resource: Resource): boolean {
  return (
    resource.function === ref.outline.name &&
    exits.some(
      ({ outcome, state }) =>
        outcome !== 'error' &&
        state.resources.some((same) => placeKey(same) === placeKey(resource) && same.status === 'released'),
    )
  );
}

/**
 * Whether a function took a further reference of a buffer from its caller and stored it nowhere: nobody else can drop it.
 * A work item that is queued after that may: it finds the buffer in its own object.
 */
function isOwnReference(
  codebase: Codebase,
  { ref, parameters }: FunctionFlow,
  exit: FlowExit,
  resource: Resource,
): boolean {
  const { state } = exit;
  const attachments = new Set(
    state.resources.filter(({ kind }) => kind === 'attachment').map(({ handle }) => `${handle}.dmabuf`),
  );
  return (
    resource.kind === 'reference' &&
    roleOf(resource.api) === 'ref' &&
    resource.function === ref.outline.name &&
    parameters.includes(resource.handle) &&
    ![...state.heap].some(
      ([place, value]) => value === resource.handle && !attachments.has(place) && !state.freed.has(objectOfKey(place)),
    ) &&
    !queuesWork(codebase, ref, resource.at, exit.at)
  );
}

/** Whether a function queues a work item between two places. */
function queuesWork(codebase: Codebase, ref: FunctionRef, from: number, to: number): boolean {
  return callsIn(codebase.program.lower(ref).body).some(
    ({ name, call }) => name !== null && call.at > from && call.at < to && queueingFunctions.has(name),
  );
}

function leakTrace(codebase: Codebase, ref: FunctionRef, resource: Resource, exit: FlowExit): readonly TraceStep[] {
  const { end } = resource;
  const done = end?.kind === 'closed' ? `after ${end.by}() has closed it` : 'and nothing has released it';
  return [
    ...decisionSteps(codebase, exit.state.decisions, resource),
    stepAt(
      codebase,
      ref.path,
      exit.at,
      `${ref.outline.name}() ${describeWayOut(codebase, ref.path, exit.at)}, ${done}`,
    ),
  ];
}
