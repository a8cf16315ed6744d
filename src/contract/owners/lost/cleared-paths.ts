// Does a function come to the place where it clears a member with the resource still in it?

import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionUnit,
  lvalueText,
  visitExpressions,
} from '../../../c/index.js';
import {
  type ControlFlowGraph,
  type ControlFlowNode,
  expressionsIn,
  graphOf,
  isReachable,
  nodeOfCall,
  successors,
} from '../../../flow/index.js';
import {
  apiFunction,
  apiRow,
  errorConversions,
  freeFunctions,
  isBorrower,
  isErrorMacro,
  isHarmless,
  isNullPointer,
  predicates,
  type ResourceKind,
} from '../../../kernel/index.js';
import { assignmentsOf, type FunctionRef, functionKey } from '../../../program/index.js';
import { isFresh } from '../frees.js';
import { heldMember, isMember, rootOf } from '../members.js';
import { type ReleaseSearch, releasedBy } from '../release-sites.js';
import { releasersOnTheWay } from '../releasers.js';
import { isAfterFill, type MemberQuery } from '../undoing.js';

/** A store into the member, outside of the functions that fill it. */
export interface MemberStore {
  readonly ref: FunctionRef;
  readonly at: number;
  readonly target: Extract<Expression, { kind: 'member' }>;
  readonly value: Expression;
}

/** What is asked about one store of NULL. */
interface ClearQuery {
  readonly query: MemberQuery;
  readonly store: MemberStore;
  readonly unit: FunctionUnit;
  readonly graph: ControlFlowGraph;
  /** The node of the store. */
  readonly goal: number;
  /** The variable that leads to the structure. */
  readonly root: string;
}

/**
 * Whether a store of NULL loses the resource in the member: the path has asked that it is there, or releases something else
 * of the same structure, and gives nobody the structure who may release this one.
 * @param releasers the functions of the module that release the member, by key
 */
export function isLostAt(query: MemberQuery, store: MemberStore, releasers: ReadonlySet<string>): boolean {
  const { search } = query;
  const { ref, target } = store;
  const { codebase } = search;
  const unit = codebase.program.lower(ref);
  const graph = graphOf(unit);
  const goal = graph.nodes.findIndex((node) => expressionsIn(node).some((one) => holds(one, store.at)));
  const root = rootOf(target);
  if (goal < 0 || root === null || unit.unparsed.length > 0 || isFresh(codebase, ref, target)) return false;
  const asked: ClearQuery = { query, store, unit, graph, goal, root };
  if (isHeldByOthers(asked)) return false;
  const ends = new Set(
    callsIn(unit.body).flatMap(({ call }) => (mayRelease(asked, call) ? [nodeOfCall(graph, call)] : [])),
  );
  if (ends.has(-1) || !isReachedWithout(graph, graph.entry, goal, ends) || endsLater(asked, ends)) return false;
  const callers = codebase.references.callersOf(ref);
  if (isKnownToBeThere(asked)) return !callers.some(({ caller }) => releasers.has(functionKey(caller)));
  return releasesBeside(asked) && releasersOnTheWay(search, ref, releasers).size === 0;
}

/** Whether a variable has the value, an earlier call of the function has filled the member, or it asks for an error there. */
function isHeldByOthers({ query, store: { ref }, unit, graph, goal }: ClearQuery): boolean {
  const { search, fills } = query;
  const [{ held }] = fills;
  const isIt = (value: Expression): boolean => isMember(search, ref, value, held);
  const { values } = assignmentsOf(unit);
  if ([...values].some(([name, ones]) => /^\w+$/.test(name) && ones.some(isIt))) return true;
  return callsIn(unit.body).some(({ call, name }) => {
    if (name !== null && isErrorMacro(name) && call.arguments.some(isIt)) return true;
    const node = nodeOfCall(graph, call);
    return node >= 0 && isReachedWithout(graph, node, goal, new Set()) && isAfterFillCall(query, ref, call);
  });
}

/** Whether a call leads to a function that fills the member. */
function isAfterFillCall(query: MemberQuery, ref: FunctionRef, call: CallExpression): boolean {
  return isAfterFill(query, ref, call) || callsFiller(query, ref, call, 2);
}

function callsFiller(query: MemberQuery, ref: FunctionRef, call: CallExpression, depth: number): boolean {
  const { codebase } = query.search;
  const name = call.callee.kind === 'name' ? call.callee.name : null;
  const callee = name === null ? undefined : codebase.definitions.findInModule(name, ref.path);
  if (!callee) return false;
  if (query.fills.some((fill) => functionKey(fill.ref) === functionKey(callee))) return true;
  return (
    depth > 0 &&
    callsIn(codebase.program.lower(callee).body).some((one) => callsFiller(query, callee, one.call, depth - 1))
  );
}

/** Whether a call may release what is in the member: it gets the structure, the value, or something that is not known. */
function mayRelease(asked: ClearQuery, call: CallExpression): boolean {
  const { query, store, root } = asked;
  const { search, fills } = query;
  const [{ kind, held }] = fills;
  const name = call.callee.kind === 'name' ? call.callee.name : null;
  const released = name === null ? undefined : releasedArgument(kind, name, call);
  if (released) {
    const other = released.kind === 'member' ? heldMember(search, store.ref, released) : undefined;
    return !other || (other.tag === held.tag && other.member === held.member);
  }
  if (!call.arguments.some((argument) => rootOf(argument) === root)) return false;
  if (name === null) return true;
  if (apiRow(name) || isHarmless(name) || isBorrower(name) || predicates.has(name) || errorConversions.has(name))
    return false;
  if (freeFunctions.has(name)) return call.arguments.some((argument) => isMember(search, store.ref, argument, held));
  const callee = search.codebase.definitions.findNear(name, store.ref.path);
  return !callee || releasedBy(releaseSearch(query, kind), callee).length > 0;
}

function releasedArgument(kind: ResourceKind, name: string, call: CallExpression): Expression | undefined {
  for (const effect of apiFunction(name, call.arguments.length)?.effects ?? []) {
    const ends =
      (effect.kind === 'release' && effect.resource === kind) || (effect.kind === 'make-fd' && kind === 'reference');
    if (ends && typeof effect.handle === 'number') return call.arguments[effect.handle];
  }
  return undefined;
}

function releaseSearch({ search }: MemberQuery, kind: ResourceKind): ReleaseSearch {
  return { ...search, kind, takers: new Set(), known: new Map() };
}

/** Whether each way on from the store comes to a call that may release. */
function endsLater({ graph, goal }: ClearQuery, ends: ReadonlySet<number>): boolean {
  return ends.size > 0 && [...ends].some((end) => isReachedWithout(graph, goal, end, new Set()));
}

/** Whether the function has asked, on each way to the store, that the member is not NULL. */
function isKnownToBeThere({ query, store, graph, goal }: ClearQuery): boolean {
  const { search, fills } = query;
  const place = lvalueText(store.target);
  const isIt = (value: Expression): boolean =>
    lvalueText(value) === place && isMember(search, store.ref, value, fills[0].held);
  const next = (node: ControlFlowNode | undefined): readonly number[] => {
    const says = node?.kind === 'test' ? saysThere(node.test, isIt) : null;
    if (node?.kind !== 'test' || says === null) return successors(node);
    return says ? [node.whenFalse] : [node.whenTrue];
  };
  return !isReachable(graph, graph.entry, { isGoal: (_, index) => index === goal, isBlocked: () => false, next });
}

/** Whether a test that is true says that a value is there, or that it is not; null where it says nothing. */
function saysThere(test: Expression, isIt: (value: Expression) => boolean): boolean | null {
  if (isIt(test)) return true;
  if (test.kind !== 'binary' || (test.operator !== '==' && test.operator !== '!=')) return null;
  const { left, right } = test;
  const isAsked = (isIt(left) && isNullPointer(right)) || (isIt(right) && isNullPointer(left));
  return isAsked ? test.operator === '!=' : null;
}

const otherKinds: readonly ResourceKind[] = ['attachment', 'mapping', 'reference', 'pin'];

/** Whether each way through the store releases something else that the structure holds. */
function releasesBeside(asked: ClearQuery): boolean {
  const { query, store, unit, graph, goal, root } = asked;
  const [{ kind }] = query.fills;
  const kinds = otherKinds.filter((other) => other !== kind);
  const beside = callsIn(unit.body).flatMap(({ call, name }) => {
    if (name === null || !call.arguments.some((argument) => rootOf(argument) === root)) return [];
    const callee = query.search.codebase.definitions.findInModule(name, store.ref.path);
    const isRelease = kinds.some((other) => {
      const given = releasedArgument(other, name, call);
      if (given) return rootOf(given) === root && given.kind === 'member';
      return (
        callee !== undefined && releasedBy(releaseSearch(query, other), callee).some((one) => one.kind === 'member')
      );
    });
    return isRelease ? [nodeOfCall(graph, call)] : [];
  });
  const nodes = new Set(beside);
  if (nodes.size === 0) return false;
  const mayLeave = isReachable(graph, goal, {
    isGoal: (node) => node.kind === 'return',
    isBlocked: (index) => nodes.has(index),
    next: successors,
  });
  return !isReachedWithout(graph, graph.entry, goal, nodes) || !mayLeave;
}

function isReachedWithout(graph: ControlFlowGraph, from: number, to: number, blocked: ReadonlySet<number>): boolean {
  return isReachable(graph, from, {
    isGoal: (_, index) => index === to,
    isBlocked: (index) => blocked.has(index),
    next: successors,
  });
}

function holds(expression: Expression, at: number): boolean {
  let found = false;
  visitExpressions([{ kind: 'expression', expression, at: expression.at }], (inner) => {
    if (inner.kind === 'assignment' && inner.at === at) found = true;
  });
  return found;
}
