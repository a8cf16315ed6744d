// Which resources do functions keep when they succeed, and in which member, if that can be told?

import { callsIn, type FunctionUnit } from '../../c/index.js';
import type { FunctionFlow, Resource } from '../../flow/index.js';
import { apiFunction, type ResourceKind } from '../../kernel/index.js';
import { assignmentsOf, functionKey } from '../../program/index.js';
import { isCallResult } from '../calls/origins.js';
import { returnedValues } from '../calls/returned-values.js';
import { type Fill, fillsByMember, keptResources } from './fills.js';
import { type HeldMember, type OwnerSearch, rootOf } from './members.js';
import { isHandleOf } from './undoing.js';

/** A resource that a function keeps when it succeeds, and the member that it is in; null where that is not known. */
export interface Kept {
  readonly kind: ResourceKind;
  readonly api: string;
  readonly held: HeldMember | null;
  readonly fills: readonly [Pick<Fill, 'ref' | 'call'>, ...Pick<Fill, 'ref' | 'call'>[]];
}

/** Finds what functions keep. What is returned, or is passed to code that cannot be seen, is left out. */
export function findKept(search: OwnerSearch, flows: readonly FunctionFlow[], fills: readonly Fill[]): readonly Kept[] {
  return [...keptInMembers(search, fills), ...keptElsewhere(search, flows, fills)];
}

function keptInMembers(search: OwnerSearch, fills: readonly Fill[]): readonly Kept[] {
  return [...fillsByMember(search, fills).values()].flatMap((ones) => {
    const isReturned = ones.some((fill) =>
      returnedValues(search.codebase.program.lower(fill.ref)).some((value) => isHandleOf(value, fill)),
    );
    return isReturned ? [] : [{ kind: ones[0].kind, api: ones[0].api, held: ones[0].held, fills: ones }];
  });
}

/** The resources of which the code does not show in which one member they are. */
function keptElsewhere(search: OwnerSearch, flows: readonly FunctionFlow[], fills: readonly Fill[]): readonly Kept[] {
  const known = new Set(fills.map(({ kind, ref, call }) => `${kind} ${functionKey(ref)} ${call.at}`));
  return flows.flatMap((flow) =>
    keptResources(flow).flatMap((resource): readonly Kept[] => {
      const { ref } = flow;
      const { kind, api, at } = resource;
      if (known.has(`${kind} ${functionKey(ref)} ${at}`) || isGivenAway(search, flow, resource)) return [];
      const call = callsIn(search.codebase.program.lower(ref).body).find((one) => one.call.at === at)?.call;
      return call ? [{ kind, api, held: null, fills: [{ ref, call }] }] : [];
    }),
  );
}

/** Whether somebody gets the resource who is not among the functions that are asked: a caller, or a call without a name. */
function isGivenAway({ codebase }: OwnerSearch, { ref }: FunctionFlow, { api, at, end }: Resource): boolean {
  const unit = codebase.program.lower(ref);
  if (end?.kind === 'given-to-caller' || end?.kind === 'left-by-release-function') return true;
  if (end?.kind === 'passed' && (end.to === null || !codebase.definitions.findNear(end.to, ref.path))) {
    // Code that gets the object which holds it cannot know the member.
    const to = callsIn(unit.body).find(({ call }) => call.at === end.at)?.call;
    if (!to || to.arguments.some((argument) => isCallResult(unit, argument, at))) return true;
  }
  const call = callsIn(unit.body).find((one) => one.call.at === at)?.call;
  const effect = apiFunction(api, call?.arguments.length ?? 0)?.effects.find(({ kind }) => kind === 'acquire');
  if (effect?.kind !== 'acquire') return false;
  if (effect.handle === 'result')
    return returnedValues(unit).some((value) => isCallResult(unit, value, at)) || isInVariable(unit, at);
  const handle = call?.arguments[effect.handle];
  const root = handle ? rootOf(handle) : null;
  const isParameter = ref.outline.parameters.some(({ name }) => name === root);
  if (root !== null && !isParameter && !assignmentsOf(unit).locals.has(root)) return true;
  // What a caller names, it may release.
  return !ref.outline.isStatic && isParameter && handle?.kind !== 'member';
}

/** Whether a file-level variable gets it: code that is built in may keep it forever. */
function isInVariable(unit: FunctionUnit, at: number): boolean {
  const { values, locals } = assignmentsOf(unit);
  return [...values].some(
    ([name, ones]) => /^\w+$/.test(name) && !locals.has(name) && ones.some((value) => isCallResult(unit, value, at)),
  );
}
