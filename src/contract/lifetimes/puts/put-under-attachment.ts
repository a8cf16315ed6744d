// Does a function put the only reference to a buffer, and keep an attachment that a helper made to it?

import { type CallExpression, callsIn, type Expression, expressionText, stripCasts } from '../../../c/index.js';
import type { FlowExit, FunctionFlow, Resource } from '../../../flow/index.js';
import { apiRow, declaresBuffer, isFailureTest, isHarmless, roleOf, takesFile } from '../../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../../program/index.js';
import type { Misuse } from '../../model/lifetimes.js';
import { stepAt } from '../../places.js';
import { isOfSomeKernels } from '../defects.js';

/**
 * Finds the puts of a buffer that a function got itself, on a path that succeeds, if a helper of the module has
 * attached to the buffer and the attachment stays. An attachment holds no reference. Nothing is reported if any other
 * code gets the buffer, since it may take a reference.
 */
export function findPutsUnderAttachment(codebase: Codebase, flows: readonly FunctionFlow[]): readonly Misuse[] {
  return flows.flatMap((flow) =>
    flow.exits.flatMap((exit) =>
      exit.outcome === 'error'
        ? []
        : exit.state.resources.flatMap((resource) => putUnder(codebase, flow, exit, resource)),
    ),
  );
}

function putUnder(
  codebase: Codebase,
  { ref }: FunctionFlow,
  { state }: FlowExit,
  attachment: Resource,
): readonly Misuse[] {
  const { kind, of, status, count, function: helper, path, isElement, wasPassedOn } = attachment;
  if (kind !== 'attachment' || of === null || status === 'released' || count === 0 || isElement || wasPassedOn)
    return [];
  const target = helper === ref.outline.name ? undefined : codebase.definitions.findNear(helper, ref.path);
  if (target?.path !== path) return [];
  const references = state.resources.filter((one) => one.kind === 'reference' && one.handle === of);
  const [own, ...others] = references;
  if (!own?.end || others.length > 0 || own.status !== 'released' || own.count === 0) return [];
  if (own.function !== ref.outline.name || roleOf(own.api) !== 'get' || own.end.path !== ref.path) return [];
  if (!isShownOnlyTo(codebase, ref, own, helper) || mayTakeReference(codebase, target)) return [];
  return [
    {
      kind: 'put-under-attachment',
      resource: 'reference',
      path: ref.path,
      at: own.end.at,
      function: ref.outline.name,
      api: own.api,
      certainty: isOfSomeKernels(state.decisions) ? 'low' : 'medium',
      trace: [
        stepAt(codebase, own.path, own.at, 'the reference is taken here'),
        stepAt(codebase, path, attachment.at, 'attached here; an attachment holds no reference'),
      ],
    },
  ];
}

/** Whether only API functions and one helper get the buffer's variable, and nothing takes a reference to its file. */
function isShownOnlyTo(codebase: Codebase, ref: FunctionRef, { end }: Resource, helper: string): boolean {
  const calls = callsIn(codebase.program.lower(ref).body);
  const put = calls.find(({ call }) => call.at === end?.at)?.call;
  const [buffer] = put?.arguments ?? [];
  if (!buffer || stripCasts(buffer).kind !== 'name') return false;
  const text = expressionText(stripCasts(buffer));
  const isBuffer = (argument: Expression): boolean => expressionText(stripCasts(argument)) === text;
  // A function that compares the buffer with a member knows who else has a reference.
  if (
    new RegExp(`\\b${text}\\s*[!=]=\\s*\\w+(?:->|\\.)|(?:->|\\.)\\w+\\s*[!=]=\\s*${text}\\b`).test(
      codebase.program.bodyText(ref),
    )
  )
    return false;
  const isHarmlessCall = (name: string | null, { arguments: values }: CallExpression): boolean =>
    name === helper || isKnown(name) || !values.some(isBuffer);
  return calls.every(({ name, call }) => !(name !== null && takesFile(name)) && isHarmlessCall(name, call));
}

const isKnown = (name: string | null): boolean =>
  name !== null && roleOf(name) !== 'ref' && (apiRow(name) !== undefined || isHarmless(name) || isFailureTest(name));

/** Whether a helper takes a reference to a buffer, or passes one of its parameters to code that may take one. */
function mayTakeReference({ program }: Codebase, ref: FunctionRef): boolean {
  const unit = program.lower(ref);
  const parameters = new Set(unit.parameters.filter(({ type }) => declaresBuffer(type)).map(({ name }) => name));
  return callsIn(unit.body).some(({ name, call }) => {
    if (name !== null && (roleOf(name) === 'ref' || takesFile(name))) return true;
    if (isKnown(name)) return false;
    return call.arguments.some((argument) => {
      const bare = stripCasts(argument);
      return bare.kind === 'name' && parameters.has(bare.name);
    });
  });
}
