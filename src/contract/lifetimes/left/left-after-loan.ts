// Which resources does a failing function leave that it has only shown to a callee? Where it succeeds, it keeps them itself.

import { callsIn, visitExpressions } from '../../../c/index.js';
import {
  type ControlFlowNode,
  type FlowExit,
  type FunctionFlow,
  graphOf,
  isReachable,
  nodeOfCall,
  objectOfKey,
  type Resource,
  successors,
} from '../../../flow/index.js';
import { type ResourceKind, releasesHoldings } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, filesSaying, functionKey } from '../../../program/index.js';
import { heldMember, type OwnerSearch, searchOwners } from '../../owners/members.js';
import { type Released, type ReleaseSearch, releasedHere } from '../../owners/release-sites.js';
import { functionsMatching } from '../../tables/functions-matching.js';
import { placeKey } from '../defects.js';
import { isEndedByCaller } from './failing-callers.js';
import { mayRelease, sharesSource, sourcesOf } from './shown-sources.js';

const keptKinds: ReadonlySet<ResourceKind> = new Set(['attachment', 'mapping', 'pin', 'reference']);

/**
 * Returns what a function has passed to a callee that is not followed, and leaves when it fails: in no object, or in one that it
 * has freed. Where the same call comes and the function succeeds, a member holds the resource, and another function of
 * the module releases what is in that member: so the callee does not take it over. Nothing may get it after that call.
 */
export function leftAfterLoan(codebase: Codebase, flow: FunctionFlow, exit: FlowExit): readonly Resource[] {
  if (exit.outcome !== 'error' || flow.incomplete !== null) return [];
  return exit.state.resources.filter((resource) => {
    const lent = isLent(flow, resource);
    if (!lent || membersHolding(exit, resource).length > 0) return false;
    const members = new Set(flow.exits.flatMap((other) => keptIn(other, resource)));
    return (
      [...members].some((member) => isReleasedFrom(codebase, flow.ref, resource.kind, member)) &&
      !isPassedAgain(codebase, flow, exit, resource)
    );
  });
}

/** Whether a function took a resource itself, and then passed it to a callee whose name does not say that it releases. */
function isLent({ ref, parameters }: FunctionFlow, resource: Resource): boolean {
  const { kind, path, function: taker, status, end, count, isElement, leftByFailure, handle } = resource;
  if (!keptKinds.has(kind) || path !== ref.path || taker !== ref.outline.name || isElement || leftByFailure)
    return false;
  if (status !== 'given' || count !== 1 || end?.kind !== 'passed' || end.path !== ref.path) return false;
  return !releasesHoldings(end.to ?? '') && !parameters.includes(handle);
}

/** The members in which a way out that succeeds keeps a resource of the same place, which was passed to the same callee. */
function keptIn(exit: FlowExit, resource: Resource): readonly string[] {
  if (exit.outcome === 'error') return [];
  return exit.state.resources.flatMap((same) => {
    const isSame =
      placeKey(same) === placeKey(resource) && same.kind === resource.kind && same.end?.at === resource.end?.at;
    return isSame && same.status === 'given' ? membersHolding(exit, same) : [];
  });
}

/** The members of objects that are not freed in which a handle is. What an attachment knows of its buffer does not count. */
function membersHolding({ state }: FlowExit, { handle }: Resource): readonly string[] {
  const attachments = new Set(state.resources.filter(({ kind }) => kind === 'attachment').map((one) => one.handle));
  return [...state.heap].flatMap(([place, held]) => {
    const object = objectOfKey(place);
    const isHolder = held === handle && object !== handle && !attachments.has(object) && !state.freed.has(object);
    return isHolder ? [place.slice(place.lastIndexOf('.') + 1)] : [];
  });
}

/**
 * Whether another function of the module releases what is in a member of the structure that the function writes. A member of
 * the same name in another structure says nothing of this one.
 */
function isReleasedFrom(codebase: Codebase, ref: FunctionRef, kind: ResourceKind, member: string): boolean {
  if (!/^\w+$/.test(member)) return false;
  const search: ReleaseSearch = { ...searchOwners(codebase), kind, takers: new Set(), known: new Map() };
  const tags = tagsWith(search, ref, member);
  const mention = new RegExp(`(?:->|\\.)\\s*${member}\\b`, 'g');
  const isIt = (one: Released): boolean =>
    one.kind === 'member' && one.held.member === member && tags.has(one.held.tag);
  return (
    tags.size > 0 &&
    filesSaying(codebase, codebase.definitions.module(ref.path), member).some((path) =>
      functionsMatching(codebase, path, mention).some(
        (other) => functionKey(other) !== functionKey(ref) && releasedHere(search, other).some(isIt),
      ),
    )
  );
}

/** The tags of the structures whose member of a name a function writes. */
function tagsWith(search: OwnerSearch, ref: FunctionRef, member: string): ReadonlySet<string> {
  const tags = new Set<string>();
  visitExpressions(search.codebase.program.lower(ref).body, (one) => {
    if (one.kind !== 'assignment' || one.target.kind !== 'member' || one.target.member !== member) return;
    const tag = heldMember(search, ref, one.target)?.tag;
    if (tag !== undefined) tags.add(tag);
  });
  return tags;
}

/**
 * Whether, between the call that got it and the return, or in a caller after that, something else may get it, or what the
 * arguments of that call came from.
 */
function isPassedAgain(codebase: Codebase, { ref }: FunctionFlow, exit: FlowExit, { end }: Resource): boolean {
  const unit = codebase.program.lower(ref);
  const graph = graphOf(unit);
  const calls = callsIn(unit.body);
  const lending = calls.find(({ call }) => call.at === end?.at)?.call;
  const from = lending ? nodeOfCall(graph, lending) : -1;
  if (!lending || from < 0) return true;
  const next = nextOnWay(ref, exit);
  const leadsTo = (start: number, isGoal: (node: ControlFlowNode, index: number) => boolean): boolean =>
    isReachable(graph, start, { isGoal, isBlocked: () => false, next });
  const isReturn = (node: ControlFlowNode): boolean => node.kind === 'return' && node.at === exit.at;
  if (!leadsTo(from, isReturn)) return true;
  const shown = lending.arguments.flatMap((argument) => sourcesOf(unit, argument));
  const endsIt = calls.some(({ call }) => {
    if (call === lending || !mayRelease(call) || !sharesSource(unit, call, shown)) return false;
    const node = nodeOfCall(graph, call);
    return node < 0 || (node !== from && leadsTo(from, (_, index) => index === node) && leadsTo(node, isReturn));
  });
  return endsIt || isEndedByCaller(codebase, ref, shown);
}

/** The nodes that may follow a node on the way to an exit, as far as its decisions say. */
function nextOnWay({ path }: FunctionRef, { state }: FlowExit): typeof successors {
  const answers = new Map<number, Set<boolean>>();
  for (const decision of state.decisions) {
    if (decision.kind !== 'test' || decision.path !== path) continue;
    const known = answers.get(decision.at) ?? new Set();
    answers.set(decision.at, known.add(decision.answer));
  }
  return (node) => {
    const [answer, ...others] = node?.kind === 'test' ? (answers.get(node.at) ?? []) : [];
    if (node?.kind !== 'test' || answer === undefined || others.length > 0) return successors(node);
    return [answer !== node.written.isNegated ? node.whenTrue : node.whenFalse];
  };
}
