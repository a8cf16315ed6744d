// Does a function put the buffer in a member though a flag beside it says that the reference is somebody else's?

import { callsIn, type FunctionUnit, type Statement, visitStatements } from '../../../c/index.js';
import {
  type FlowExit,
  type FunctionFlow,
  isZeroed,
  objectOfKey,
  type Resource,
  truthOf,
} from '../../../flow/index.js';
import { roleOf } from '../../../kernel/index.js';
import { type FunctionRef, functionKey } from '../../../program/index.js';
import type { Misuse } from '../../model/lifetimes.js';
import { heldMember, type OwnerSearch, withoutCasts } from '../../owners/members.js';
import { stepAt } from '../../places.js';
import { functionsMatching } from '../../tables/functions-matching.js';
import { decisionSteps } from '../defects.js';
import { isAskedOrStoredAfter, isDecidedByCallers } from './owner-flags.js';

/** What decides whether a function puts a member: a flag of the same structure, and the answer for which it does. */
interface Guard {
  readonly flag: string;
  readonly answer: boolean;
}

/** A put of a member that a flag decides: `if (x->owned) dma_buf_put(x->buf);`, `if (!x->lent) …`. */
interface GuardedPut extends Guard {
  readonly ref: FunctionRef;
  readonly at: number;
}

/**
 * Finds the puts of a member, on paths that took no reference, in an object whose flag says that there is none to put, where
 * all other puts of this member in the file ask the flag first.
 */
export function findPutsOfLent(search: OwnerSearch, flows: readonly FunctionFlow[]): readonly Misuse[] {
  return flows.flatMap((flow) =>
    flow.exits.flatMap((exit) =>
      exit.state.resources.flatMap((resource) =>
        placesOf(flow, exit, resource).flatMap((place) => lentPut(search, flow, exit, { resource, ...place })),
      ),
    ),
  );
}

/** A member of an object, in a state of a path. */
interface MemberPlace {
  readonly object: number;
  readonly member: string;
}

/** The members that hold a buffer which a path puts, and of which it took no reference. */
function placesOf({ ref }: FunctionFlow, { state }: FlowExit, resource: Resource): readonly MemberPlace[] {
  const { kind, status, count, path, function: putter, handle } = resource;
  const isForeign = kind === 'reference' && status === 'released' && count === 0;
  if (!isForeign || path !== ref.path || putter !== ref.outline.name) return [];
  if (isTaken(state, handle)) return [];
  return [...state.heap].flatMap(([key, held]) => {
    const member = key.slice(key.indexOf('.') + 1);
    return held === handle && /^[A-Za-z_]\w*$/.test(member) ? [{ object: objectOfKey(key), member }] : [];
  });
}

function isTaken({ resources }: FlowExit['state'], buffer: number): boolean {
  return resources.some(({ kind, handle, count }) => kind === 'reference' && handle === buffer && count > 0);
}

/** What a path knows of a flag in an object; null where that is nothing. */
function flagOf(state: FlowExit['state'], object: number, flag: string): boolean | null {
  const value = state.heap.get(`${object}.${flag}`);
  return value === undefined ? (isZeroed(state, object) ? false : null) : truthOf(state, value);
}

/** Whether a function that succeeds leaves a buffer in the member, without a reference, and the flag says so. */
function keepsLent({ outcome, state }: FlowExit, member: string, { flag, answer }: Guard): boolean {
  if (outcome === 'error') return false;
  return [...state.heap].some(
    ([key, held]) =>
      key.endsWith(`.${member}`) &&
      !isTaken(state, held) &&
      truthOf(state, held) !== false &&
      flagOf(state, objectOfKey(key), flag) === !answer,
  );
}

function lentPut(
  search: OwnerSearch,
  { ref, exits }: FunctionFlow,
  { state }: FlowExit,
  { resource, object, member }: MemberPlace & { readonly resource: Resource },
): readonly Misuse[] {
  const { codebase } = search;
  const tag = tagOfPut(search, ref, member, resource.at);
  const guards = tag === undefined ? null : guardsBesides(search, ref, { tag, member });
  const [first] = guards ?? [];
  if (!first) return [];
  const { flag, answer } = first;
  if (flagOf(state, object, flag) !== !answer || !exits.some((other) => keepsLent(other, member, first))) return [];
  if (isAskedOrStoredAfter(codebase.program.lower(ref), flag, resource.at)) return [];
  if (isDecidedByCallers(codebase, ref, flag)) return [];
  return [
    {
      kind: 'over-put',
      resource: resource.kind,
      path: resource.path,
      at: resource.at,
      function: resource.function,
      api: `${resource.api}()`,
      certainty: 'medium',
      trace: [
        ...decisionSteps(codebase, state.decisions, null),
        stepAt(
          codebase,
          first.ref.path,
          first.at,
          `${first.ref.outline.name}() puts '${member}' only if '${flag}' is ${answer ? 'set, which it is not' : 'not set, which it is'}`,
        ),
      ],
    },
  ];
}

/** The structure whose member a function puts at an offset, as far as its declared types say. */
function tagOfPut(search: OwnerSearch, ref: FunctionRef, member: string, at: number): string | undefined {
  const [buffer] =
    callsIn(search.codebase.program.lower(ref).body).find(({ call }) => call.at === at)?.call.arguments ?? [];
  const held = buffer && heldMember(search, ref, withoutCasts(buffer));
  return held?.member === member ? held.tag : undefined;
}

/** The puts of a member in other functions of the file, where each asks the same flag; null where one does not. */
function guardsBesides(
  search: OwnerSearch,
  from: FunctionRef,
  { tag, member }: { readonly tag: string; readonly member: string },
): readonly GuardedPut[] | null {
  const mention = new RegExp(`(?:->|\\.)\\s*${member}\\b`, 'g');
  const found: GuardedPut[] = [];
  for (const ref of functionsMatching(search.codebase, from.path, mention)) {
    if (functionKey(ref) === functionKey(from)) continue;
    for (const { name, call } of callsIn(search.codebase.program.lower(ref).body)) {
      const [buffer] = call.arguments;
      const held = roleOf(name ?? '') === 'put' && buffer ? heldMember(search, ref, withoutCasts(buffer)) : undefined;
      if (held?.member !== member || held.tag !== tag) continue;
      const guard = guardAround(search, ref, tag, call.at);
      if (guard) found.push({ ref, ...guard, at: call.at });
      else if (!isConditional(search.codebase.program.lower(ref), call.at)) return null;
    }
  }
  return new Set(found.map(({ flag, answer }) => `${answer} ${flag}`)).size === 1 ? found : null;
}

/** The flag that an `if` around an offset asks, or one before it that returns. */
function guardAround(search: OwnerSearch, ref: FunctionRef, tag: string, at: number): Guard | undefined {
  let found: Guard | undefined;
  visitStatements(search.codebase.program.lower(ref).body, (statement) => {
    if (statement.kind !== 'if') return;
    const { test, then, otherwise } = statement;
    const isNegated = test.kind === 'unary' && test.operator === '!';
    const asked = isNegated ? test.operand : test;
    const held = asked.kind === 'member' ? heldMember(search, ref, asked) : undefined;
    if (held?.tag !== tag) return;
    const isIn = (body: readonly Statement[]): boolean => callsIn(body).some(({ call }) => call.at === at);
    const flag = held.member;
    if (isIn(then)) found = { flag, answer: !isNegated };
    else if (isIn(otherwise) || (statement.at < at && leaves(then))) found = { flag, answer: isNegated };
  });
  return found;
}

/** Whether an `if` of any kind stands around an offset. */
function isConditional({ body }: FunctionUnit, at: number): boolean {
  let found = false;
  visitStatements(body, (statement) => {
    found ||= statement.kind === 'if' && callsIn([statement]).some(({ call }) => call.at === at);
  });
  return found;
}

function leaves(body: readonly Statement[]): boolean {
  const last = body.at(-1);
  return last?.kind === 'block' ? leaves(last.body) : last?.kind === 'return';
}
