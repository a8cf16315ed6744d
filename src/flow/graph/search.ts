import { type CallExpression, type Expression, subexpressions } from '../../c/index.js';
import type { ControlFlowGraph, ControlFlowNode } from './model.js';

/** A question about the paths of a graph. Nodes are given by their index. */
export interface PathQuery {
  /** Whether a path may end here. */
  readonly isGoal: (node: ControlFlowNode, index: number) => boolean;
  /** Whether no path may go through here. */
  readonly isBlocked: (index: number) => boolean;
  /** The nodes that a path may go on to; {@link successors} where the question leaves none out. */
  readonly next: (node: ControlFlowNode) => readonly number[];
}

/** Whether a path leads from a node to a goal. The node itself counts. */
export function isReachable(graph: ControlFlowGraph, from: number, { isGoal, isBlocked, next }: PathQuery): boolean {
  const seen = new Set<number>();
  const open = [from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const node = graph.nodes[index];
    if (!node || seen.has(index) || isBlocked(index)) continue;
    seen.add(index);
    if (isGoal(node, index)) return true;
    open.push(...next(node));
  }
  return false;
}

/** Whether a path leads from one node to another, given by their indices. The node itself counts. */
export function leadsTo(graph: ControlFlowGraph, from: number, to: number): boolean {
  return isReachable(graph, from, { isGoal: (_, index) => index === to, isBlocked: () => false, next: successors });
}

/** The nodes that may follow a node; none for undefined. */
export function successors(node: ControlFlowNode | undefined): readonly number[] {
  if (!node) return [];
  switch (node.kind) {
    case 'return':
      return [];
    case 'test':
      return [node.whenTrue, node.whenFalse];
    case 'switch':
      return node.cases.map(({ next }) => next);
    case 'choose':
      return node.targets;
    default:
      return [node.next];
  }
}

const joins = new WeakMap<ControlFlowGraph, ReadonlySet<number>>();

/** The join points of a graph: nodes with more than one predecessor. The entry counts as a predecessor of itself. */
export function joinPoints(graph: ControlFlowGraph): ReadonlySet<number> {
  let known = joins.get(graph);
  if (!known) {
    const counts = new Map<number, number>([[graph.entry, 1]]);
    for (const node of graph.nodes) for (const to of successors(node)) counts.set(to, (counts.get(to) ?? 0) + 1);
    known = new Set([...counts].filter(([, count]) => count > 1).map(([node]) => node));
    joins.set(graph, known);
  }
  return known;
}

/** The index of the node in which a call is made, or -1. */
export function nodeOfCall(graph: ControlFlowGraph, call: CallExpression): number {
  return graph.nodes.findIndex((node) => expressionsIn(node).some((expression) => contains(expression, call)));
}

/** The expressions that a node evaluates. */
export function expressionsIn(node: ControlFlowNode): readonly Expression[] {
  switch (node.kind) {
    case 'evaluate':
      return [node.expression];
    case 'declare':
    case 'return':
      return node.value ? [node.value] : [];
    case 'test':
      return [node.test];
    case 'switch':
      return [node.subject];
    case 'round':
    case 'guard':
      return node.arguments;
    default:
      return [];
  }
}

function contains(expression: Expression, call: CallExpression): boolean {
  return (
    (expression.kind === 'call' && expression.at === call.at && expression.end === call.end) ||
    subexpressions(expression).some((inner) => contains(inner, call))
  );
}
