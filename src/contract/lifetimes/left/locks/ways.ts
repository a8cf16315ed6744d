// Which nodes of a function has a path passed that has made some decisions, and what do their calls do?

import { type CallExpression, callsIn } from '../../../../c/index.js';
import {
  type ControlFlowGraph,
  type ControlFlowNode,
  callsLeaveLocks,
  expressionsIn,
  type FlowExit,
  graphOf,
  successors,
} from '../../../../flow/index.js';
import {
  apiFunctions,
  errorConversions,
  freeFunctions,
  isHarmless,
  isPlainUnlock,
  predicates,
} from '../../../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../../../program/index.js';

/** One point of a way: a node, and how many of the decisions of the path have been made before it. */
interface Point {
  readonly node: number;
  readonly made: number;
}

type IsNode = (node: ControlFlowNode, index: number) => boolean;

/** The part of a path that is asked for. */
interface Part {
  readonly from: IsNode;
  readonly to: IsNode;
  /** Where the path goes on in this part; {@link successors} where the question leaves none out. */
  readonly next?: typeof successors;
}

/**
 * The nodes on the ways through a function that make the decisions of a path, in their order, and from a node on: none where no
 * such way leads there. A test that the path has not decided may lead anywhere.
 */
export function nodesOnPath(
  { path, outline }: FunctionRef,
  graph: ControlFlowGraph,
  { state }: FlowExit,
  { from, to: goal, next = successors }: Part,
): ReadonlySet<number> {
  const decisions = state.decisions.filter(
    (one) => one.kind === 'test' && one.path === path && outline.start <= one.at && one.at < outline.end,
  );
  const after = ({ node: index, made }: Point): readonly Point[] => {
    const node = graph.nodes[index];
    const decision = decisions[made];
    const points = successors(node).map((to) => ({ node: to, made }));
    if (node?.kind !== 'test' || decision?.kind !== 'test' || decision.at !== node.at) return points;
    const taken = decision.answer === node.written.isNegated ? node.whenFalse : node.whenTrue;
    return [...points, { node: taken, made: made + 1 }];
  };
  const is = (wanted: IsNode, { node: index }: Point): boolean => {
    const node = graph.nodes[index];
    return node !== undefined && wanted(node, index);
  };
  const isEnd = (point: Point): boolean => point.made === decisions.length && is(goal, point);
  const start = { node: graph.entry, made: 0 };
  const onWay = between([start], after, isEnd);
  const first = onWay.filter((point) => is(from, point));
  const goesOn = (point: Point): readonly Point[] =>
    after(point).filter(({ node: to }) => next(graph.nodes[point.node]).includes(to));
  return new Set(between(first, goesOn, isEnd).map(({ node }) => node));
}

const keyOf = ({ node, made }: Point): string => `${node}:${made}`;

/** The points on the ways from some points to an end. */
function between(
  first: readonly Point[],
  after: (point: Point) => readonly Point[],
  isEnd: (point: Point) => boolean,
): readonly Point[] {
  const all = reached(first, after);
  const before = new Map<string, Point[]>();
  for (const point of all)
    for (const to of after(point)) before.set(keyOf(to), [...(before.get(keyOf(to)) ?? []), point]);
  return reached(all.filter(isEnd), (point) => before.get(keyOf(point)) ?? []);
}

/** The points that can be reached from some points, these included. */
function reached(first: readonly Point[], after: (point: Point) => readonly Point[]): readonly Point[] {
  const found = new Map<string, Point>();
  const open = [...first];
  for (let point = open.pop(); point; point = open.pop()) {
    if (found.has(keyOf(point))) continue;
    found.set(keyOf(point), point);
    open.push(...after(point));
  }
  return [...found.values()];
}

/** The calls that a node makes. */
export function callsOf(node: ControlFlowNode): readonly CallExpression[] {
  const body = expressionsIn(node).map((expression) => ({ kind: 'expression', expression, at: node.at }) as const);
  return callsIn(body).map(({ call }) => call);
}

/** What is dropped where a scope ends is no call of the function. */
export function endsScope(node: ControlFlowNode): boolean {
  return node.kind === 'guard' || node.kind === 'unparsed' || (node.kind === 'declare' && node.cleanup !== null);
}

/** Through how many callees a path is followed. */
const deepest = 2;

/** Whether a call of a function leaves reservation locks alone: whatever it does, or where it has decided as a path did. */
export function leavesLocksOn(
  codebase: Codebase,
  ref: FunctionRef,
  call: CallExpression,
  exit: FlowExit,
  depth = deepest,
): boolean {
  if (callsLeaveLocks(codebase, ref, [call])) return true;
  const { program, definitions } = codebase;
  const name = call.callee.kind === 'name' ? call.callee.name : null;
  const callee = name === null || depth === 0 ? undefined : definitions.findCandidate(name, ref.path);
  // What two calls have decided cannot be told apart.
  if (!callee || callsIn(program.lower(ref).body).filter((one) => one.name === name).length > 1) return false;
  const graph = graphOf(program.lower(callee));
  const part: Part = { from: (_, index) => index === graph.entry, to: ({ kind }) => kind === 'return' };
  const nodes = nodesOnPath(callee, graph, exit, part);
  const passed = graph.nodes.filter((_, index) => nodes.has(index));
  return (
    passed.length > 0 &&
    !graph.nodes.some(endsScope) &&
    passed.flatMap(callsOf).every((one) => leavesLocksOn(codebase, callee, one, exit, depth - 1))
  );
}

/** Whether it is known what a call does: the tree has its body, or it is a function of the kernel that we know. */
export function isKnownCall({ definitions }: Codebase, { path }: FunctionRef, { callee }: CallExpression): boolean {
  if (callee.kind !== 'name') return false;
  const { name } = callee;
  const isKernels = isHarmless(name) || isPlainUnlock(name) || freeFunctions.has(name) || apiFunctions.has(name);
  const isError = predicates.has(name) || errorConversions.has(name);
  return isKernels || isError || definitions.findCandidate(name, path) !== undefined;
}
