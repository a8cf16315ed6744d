// Does a failing function put what a member holds, though it leaves it there, and though other failures leave the reference?

import { type FlowExit, type FunctionFlow, objectOfKey, type Resource, writesAlike } from '../../../flow/index.js';
import type { Codebase, FunctionRef } from '../../../program/index.js';
import type { Misuse } from '../../model/lifetimes.js';
import { stepAt } from '../../places.js';
import { decisionSteps, isOfSomeKernels } from '../defects.js';
import { isEndedByCaller } from '../left/failing-callers.js';

/**
 * Finds the puts of a function that replaces a buffer: where it succeeds, it puts the old one and stores another. Where it
 * fails, it leaves the old one in its place, whether it has put it or not, and the caller cannot tell one failure from the
 * other: the next call puts the old one once more.
 */
export function findGoneOnFailure(codebase: Codebase, flows: readonly FunctionFlow[]): readonly Misuse[] {
  return flows.flatMap((flow) =>
    flow.incomplete === null && flow.exits.some((exit) => exit.outcome !== 'error') ? goneIn(codebase, flow) : [],
  );
}

function goneIn(codebase: Codebase, flow: FunctionFlow): readonly Misuse[] {
  const { ref, exits } = flow;
  const failures = exits.filter(({ outcome }) => outcome === 'error');
  return failures.flatMap((exit) =>
    exit.state.resources.flatMap((resource) => {
      const place = placeOfFound(flow, exit, resource);
      if (place === undefined || exit.state.heap.get(place) !== resource.handle) return [];
      const replaces = exits.some((other) => other.outcome !== 'error' && replacesAt(flow, other, place));
      const isKept = failures.some(
        (other) => other !== exit && keepsAt(other, resource, place) && writesAlike(exit.state, other.state),
      );
      if (!replaces || !isKept || isToldApart(codebase, ref)) return [];
      return [overPut(codebase, ref, exit, resource)];
    }),
  );
}

/** The member in which a function found a buffer that it puts itself; undefined for another reference, and for several members. */
function placeOfFound(
  { ref, parameters }: FunctionFlow,
  { state }: FlowExit,
  { kind, status, count, function: putter, path, isElement, handle }: Resource,
): string | undefined {
  const isFound = kind === 'reference' && status === 'released' && count === 0 && !isElement;
  if (!isFound || path !== ref.path || putter !== ref.outline.name || parameters.includes(handle)) return undefined;
  const attachments = new Set(state.resources.filter((one) => one.kind === 'attachment').map((one) => one.handle));
  const places = [...state.heap].flatMap(([place, held]) =>
    held === handle && !attachments.has(objectOfKey(place)) ? [place] : [],
  );
  const [only, ...others] = places;
  const isPlain = only !== undefined && others.length === 0 && !only.includes('[');
  return isPlain && !state.freed.has(objectOfKey(only)) ? only : undefined;
}

/** Whether a way out has put what it found at a place, and has stored another buffer there. */
function replacesAt({ ref }: FunctionFlow, { state }: FlowExit, place: string): boolean {
  const held = state.heap.get(place);
  return state.resources.some(
    ({ kind, status, count, function: putter, path, handle }) =>
      kind === 'reference' &&
      status === 'released' &&
      count === 0 &&
      path === ref.path &&
      putter === ref.outline.name &&
      held !== handle &&
      state.resources.some((one) => one.kind === 'reference' && one.handle === held && one.count > 0),
  );
}

/** Whether a failure leaves what is at a place, with its reference. */
function keepsAt(kept: FlowExit, resource: Resource, place: string): boolean {
  const { heap, resources, freed } = kept.state;
  const held = heap.get(place);
  return (
    (held === undefined || held === resource.handle) &&
    !freed.has(objectOfKey(place)) &&
    !resources.some(({ kind, status, count }) => kind === 'reference' && status === 'released' && count === 0)
  );
}

/** Whether a caller, where the function fails, may release or free what it passed, or asks which error it is. */
function isToldApart(codebase: Codebase, ref: FunctionRef): boolean {
  const { program, references } = codebase;
  const names = ref.outline.parameters.flatMap(({ name }) => name ?? []);
  return (
    isEndedByCaller(codebase, ref, names) ||
    references.callersOf(ref).some(({ caller }) => comparesError.test(program.bodyText(caller)))
  );
}

const comparesError = /[!=]=\s*-E[A-Z]|\bcase\s+-E[A-Z]/;

function overPut(codebase: Codebase, { path, outline }: FunctionRef, exit: FlowExit, put: Resource): Misuse {
  return {
    kind: 'over-put',
    resource: put.kind,
    path: put.path,
    at: put.at,
    function: outline.name,
    api: `${put.api}()`,
    certainty: isOfSomeKernels(exit.state.decisions) ? 'low' : 'medium',
    trace: [
      ...decisionSteps(codebase, exit.state.decisions, null),
      stepAt(codebase, path, exit.at, `${outline.name}() fails here, and leaves the buffer in its place`),
    ],
  };
}
