// Which attachments does a failing function leave in a member, when it has put the buffer that they are of?

import { callsIn } from '../../../c/index.js';
import { type FlowExit, type FunctionFlow, objectOfKey, type Resource } from '../../../flow/index.js';
import { apiRow, releasesHoldings, roleOf, undoesSomething } from '../../../kernel/index.js';
import type { Codebase } from '../../../program/index.js';
import { placeKey } from '../defects.js';

/**
 * Returns the attachments that a function leaves in a member where it fails and puts its reference of the buffer, though it
 * keeps both where it succeeds. Nobody may detach any more: the buffer may be gone.
 */
export function leftWithoutBuffer(codebase: Codebase, flow: FunctionFlow, exit: FlowExit): readonly Resource[] {
  if (exit.outcome !== 'error' || flow.incomplete !== null) return [];
  return exit.state.resources.filter((resource) => {
    const { kind, status, end, isElement, leftByFailure, wasPassedOn, path } = resource;
    const isLeft = status === 'given' && (end?.kind === 'stored' || end?.kind === 'given-to-caller');
    if (kind !== 'attachment' || !isLeft || isElement || leftByFailure || path !== flow.ref.path) return false;
    const put = putOf(flow, exit, resource);
    if (!put || (wasPassedOn && mayBeDetached(codebase, flow))) return false;
    const successes = flow.exits.filter(({ outcome }) => outcome !== 'error');
    const isKept = (other: FlowExit): boolean =>
      other.state.resources.some((same) => placeKey(same) === placeKey(resource) && same.status === 'given');
    return (
      successes.some(isKept) && successes.every((other) => !other.state.resources.some((one) => isPutAt(one, put)))
    );
  });
}

/** The reference of the buffer that the function itself puts on this way out, and that is nobody else's. */
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
      // What came from a call, and is in no member yet, came with its reference.
      (count > 0
        ? roleOf(api) === 'get'
        : ![...state.heap].some(([place, held]) => held === of && !attachments.has(objectOfKey(place)))),
  );
}

function isPutAt({ kind, status, end }: Resource, put: Resource): boolean {
  return kind === 'reference' && status === 'released' && end?.at === put.end?.at;
}

/** Whether a callee that is not in the tree may be meant to detach. */
function mayBeDetached({ program, definitions }: Codebase, { ref }: FunctionFlow): boolean {
  return callsIn(program.lower(ref).body).some(
    ({ name, call }) =>
      name !== null &&
      !apiRow(name) &&
      !definitions.find(name, ref.path) &&
      call.arguments.length > 0 &&
      (releasesHoldings(name) || undoesSomething(name)),
  );
}
