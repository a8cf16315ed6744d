import { type CallExpression, type Expression, subexpressions } from '../../c/index.js';
import type { FlowGraph, FlowNode } from './graph.js';

/** What is looked for in a graph, and which ways are taken. */
export interface WaySearch {
  readonly isGoal: (node: FlowNode, index: number) => boolean;
  readonly isBlocked: (index: number) => boolean;
  readonly next: (node: FlowNode) => readonly number[];
}

/** Whether some way from a node leads to a goal. */
export function reaches(graph: FlowGraph, from: number, { isGoal, isBlocked, next }: WaySearch): boolean {
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

/** The nodes that may come after a node. */
export function waysFrom(node: FlowNode | undefined): readonly number[] {
  if (!node) return [];
  switch (node.kind) {
    case 'return':
      return [];
    case 'test':
      return [node.whenTrue, node.whenFalse];
    case 'switch':
      return node.cases.map((way) => way.next);
    case 'choose':
      return node.ways;
    default:
      return [node.next];
  }
}

/** The node in which a call is made, or -1. */
export function nodeOf(graph: FlowGraph, call: CallExpression): number {
  return graph.nodes.findIndex((node) => expressionsIn(node).some((expression) => holds(expression, call)));
}

function expressionsIn(node: FlowNode): readonly Expression[] {
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

function holds(expression: Expression, call: CallExpression): boolean {
  return (
    (expression.kind === 'call' && expression.at === call.at && expression.end === call.end) ||
    subexpressions(expression).some((inner) => holds(inner, call))
  );
}
