// In which members of structures does code keep the resources that it takes?

import { type CallExpression, callsIn, type Expression, lvalueText, visitExpressions } from '../../c/index.js';
import type { FunctionFlow, Resource } from '../../flow/index.js';
import { apiFunction, type ResourceKind, roleOf } from '../../kernel/index.js';
import { assignmentsOf, type FunctionRef, functionKey } from '../../program/index.js';
import { isCallResult } from '../calls/origins.js';
import { returnedValues } from '../calls/returned-values.js';
import { unique } from '../unique.js';
import { type HeldMember, heldMember, type OwnerSearch, withoutCasts } from './members.js';

/** A resource that a function takes, and that is in a member of a structure when the function has succeeded. */
export interface Fill {
  readonly kind: ResourceKind;
  /** The function of the API that took it. */
  readonly api: string;
  readonly held: HeldMember;
  /** The function that stores it, with the call there that takes it. */
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  /** The expression that the resource is of: the result of the call, or its argument. */
  readonly handle: Expression;
}

/** The kinds that live in structures. */
const keptKinds: ReadonlySet<ResourceKind> = new Set(['attachment', 'mapping', 'kernel-mapping', 'pin', 'reference']);

/** Finds the members that hold a resource after a function succeeded. What is stored in two members is left out. */
export function findFills(search: OwnerSearch, flows: readonly FunctionFlow[]): readonly Fill[] {
  return flows.flatMap((flow) => {
    const unit = search.codebase.program.lower(flow.ref);
    return keptResources(flow).flatMap(({ kind, api, at }) => {
      const call = callsIn(unit.body).find((found) => found.call.at === at)?.call;
      if (!call) return [];
      const effect = apiFunction(api, call.arguments.length)?.effects.find((each) => each.kind === 'acquire');
      if (effect?.kind !== 'acquire') return [];
      const fills = (where: Pick<Fill, 'ref' | 'call' | 'handle'>, members: readonly HeldMember[]): readonly Fill[] =>
        members.length === 1 ? members.map((held) => ({ kind, api, held, ...where })) : [];
      const { ref } = flow;
      if (effect.handle !== 'result') {
        const handle = handleOf(kind, call.arguments[effect.handle]);
        if (handle && isForReceiver(search, flow.ref, handle)) return [];
        return handle ? fills({ ref, call, handle }, membersOfArgument(search, ref, handle)) : [];
      }
      const own = membersHolding(search, ref, (value) => isCallResult(unit, value, call.at));
      if (own.length > 0 || !returnedValues(unit).some((value) => isCallResult(unit, value, call.at)))
        return fills({ ref, call, handle: call }, own);
      return search.codebase.references.callersOf(ref).flatMap(({ caller, call: above }) => {
        const outer = search.codebase.program.lower(caller);
        const members = membersHolding(search, caller, (value) => isCallResult(outer, value, above.at));
        return fills({ ref: caller, call: above, handle: above }, members);
      });
    });
  });
}

/**
 * Whether a function takes something of what a member has for those whom it returns it to, and not for the member:
 * `get_dma_buf(x->dmabuf); return x->dmabuf;`.
 */
function isForReceiver(search: OwnerSearch, ref: FunctionRef, handle: Expression): boolean {
  const place = lvalueText(handle);
  const unit = search.codebase.program.lower(ref);
  const isIt = (value: Expression): boolean => lvalueText(withoutCasts(value)) === place;
  if (place === null || !returnedValues(unit).some(isIt)) return false;
  if (handle.kind === 'name') return membersHolding(search, ref, isIt).length === 0;
  return handle.kind === 'member' && !assignmentsOf(unit).values.has(place);
}

/** A kernel mapping is in the `struct iosys_map` whose address a vmap gets; of any other argument it cannot be told where. */
function handleOf(kind: ResourceKind, argument: Expression | undefined): Expression | undefined {
  if (kind !== 'kernel-mapping') return argument;
  const isPlace = argument?.kind === 'unary' && argument.operator === '&' && argument.operand.kind === 'member';
  return isPlace ? argument.operand : undefined;
}

/** The resources that a function took itself and that a way of success leaves with somebody. */
export function keptResources({ ref, exits }: FunctionFlow): readonly Resource[] {
  const kept = exits
    .filter(({ outcome }) => outcome !== 'error')
    .flatMap(({ state }) => state.resources)
    .filter(
      ({ kind, path, function: taker, status, count, isElement, end, api }) =>
        keptKinds.has(kind) &&
        path === ref.path &&
        taker === ref.outline.name &&
        status !== 'released' &&
        count > 0 &&
        !isElement &&
        end?.kind !== 'given-to-descriptor' &&
        roleOf(api) !== 'export',
    );
  return unique(kept, ({ kind, at }) => `${kind} ${at}`);
}

/** The members that a function stores a value into. */
function membersHolding(
  search: OwnerSearch,
  ref: FunctionRef,
  isValue: (value: Expression) => boolean,
): readonly HeldMember[] {
  const found: HeldMember[] = [];
  visitExpressions(search.codebase.program.lower(ref).body, (expression) => {
    if (expression.kind !== 'assignment' || expression.operator !== '=' || expression.target.kind !== 'member') return;
    if (!isValue(expression.value)) return;
    const held = heldMember(search, ref, expression.target);
    // A member of an unknown structure is a second place: an empty tag counts as another member.
    found.push(held ?? { tag: '', member: expression.target.member });
  });
  const members = unique(found, ({ tag, member }) => `${tag}.${member}`);
  return members.some(({ tag }) => tag === '') ? [] : members;
}

/** The members that hold the object of which a call takes a reference or a pin. */
function membersOfArgument(search: OwnerSearch, ref: FunctionRef, argument: Expression): readonly HeldMember[] {
  const bare = withoutCasts(argument);
  const own = heldMember(search, ref, bare);
  if (own) return [own];
  const name = lvalueText(bare);
  if (name === null || bare.kind !== 'name') return [];
  const { values } = assignmentsOf(search.codebase.program.lower(ref));
  const sources = (values.get(name) ?? []).flatMap((value) => {
    const member = heldMember(search, ref, withoutCasts(value));
    return member ? [member] : [];
  });
  const stored = membersHolding(search, ref, (value) => lvalueText(withoutCasts(value)) === name);
  return unique([...sources, ...stored], ({ tag, member }) => `${tag}.${member}`);
}

/** The fills of each member of each structure, by resource. */
export function fillsByMember(
  { codebase }: OwnerSearch,
  fills: readonly Fill[],
): ReadonlyMap<string, readonly [Fill, ...Fill[]]> {
  const groups = new Map<string, [Fill, ...Fill[]]>();
  for (const fill of unique(fills, ({ kind, ref, call }) => `${kind} ${functionKey(ref)} ${call.at}`)) {
    const { kind, held, ref } = fill;
    const struct = codebase.definitions.struct(held.tag, ref.path);
    const key = `${kind} ${struct?.path}:${held.tag}.${held.member}`;
    const known = groups.get(key);
    if (known) known.push(fill);
    else groups.set(key, [fill]);
  }
  return groups;
}
