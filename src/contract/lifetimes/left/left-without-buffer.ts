// Which attachments does a failing function leave in a member after it has put their buffer?

import { callsIn } from '../../../c/index.js';
import { type FlowExit, type FunctionFlow, objectOfKey, type Resource } from '../../../flow/index.js';
import { apiRow, releasesHoldings, roleOf, undoesSomething } from '../../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../../program/index.js';
import { placeKey } from '../defects.js';

/**
 * Returns the attachments that a function leaves in a member when it fails and puts its reference to the buffer, though
 * it keeps both when it succeeds. Nobody may detach any more: the buffer may be gone.
 */
export function leftWithoutBuffer(codebase: Codebase, flow: FunctionFlow, exit: FlowExit): readonly Resource[] {
  if (exit.outcome !== 'error' || flow.incomplete !== null) return [];
  return exit.state.resources.filter((resource) => {
    const { kind, status, end, isElement, leftByFailure, wasPassedOn, path } = resource;
    const isLeft = status === 'given' && (end?.kind === 'stored' || end?.kind === 'given-to-caller');
    if (kind !== 'attachment' || !isLeft || isElement || leftByFailure || path !== flow.ref.path) return false;
    const put = putOf(flow, exit, resource);
    if (!put || (wasPassedOn && mayBeDetached(codebase, flow.ref))) return false;
    const successes = flow.exits.filter(({ outcome }) => outcome !== 'error');
    const isKept = (other: FlowExit): boolean =>
      other.state.resources.some((same) => placeKey(same) === placeKey(resource) && same.status === 'given');
    return (
      successes.some(isKept) && successes.every((other) => !other.state.resources.some((one) => isPutAt(one, put)))
    );
  });
}

/** The reference to the buffer that the function itself puts on this exit, and that belongs to nobody else. */
function putOf(flow: FunctionFlow, { state }: FlowExit, { of }: Resource): Resource | undefined {
  const { ref, parameters } = flow;
  if (of === null || parameters.includes(of)) return undefined;
  const attachments = new Set(state.resources.filter(({ kind }) => kind === 'attachment').map(({ handle }) => handle));
  return state.resources.find(
    ({ kind, handle, status, end, count, api }) =>
      kind === 'reference' &&
      handle === of &&
      status === 'released' &&
      end?.path === ref.path &&
      ref.outline.start <= end.at &&
      end.at < ref.outline.end &&
      // If a buffer came from a call and is not in a member yet, its reference came with it.
      (count > 0
        ? roleOf(api) === 'get'
        : ![...state.heap].some(([place, held]) => held === of && !attachments.has(objectOfKey(place)))),
  );
}

function isPutAt({ kind, status, end }: Resource, put: Resource): boolean {
  return kind === 'reference' && status === 'released' && end?.at === put.end?.at;
}

/** How many levels of helpers are searched for a callee that cannot be followed. */
const deepestHelper = 2;

/** Whether a callee that is not in the tree, or that is called through a pointer, may be meant to detach. */
function mayBeDetached(
  { program, definitions }: Pick<Codebase, 'definitions' | 'program'>,
  ref: FunctionRef,
  depth = deepestHelper,
): boolean {
  return callsIn(program.lower(ref).body).some(({ name, call }) => {
    if (call.arguments.length === 0 || (name !== null && apiRow(name))) return false;
    if (name === null) return true;
    const helper = definitions.find(name, ref.path);
    if (helper) return depth > 0 && mayBeDetached({ program, definitions }, helper, depth - 1);
    return releasesHoldings(name) || undoesSomething(name);
  });
}
