// Does a failure leave a function before anything can drop the locks that a loop has taken for it?

import { type CallExpression, callsIn, type FunctionUnit } from '../../../c/index.js';
import {
  type ControlFlowGraph,
  type ControlFlowNode,
  callsLeaveLocks,
  expressionsIn,
  type FlowExit,
  graphOf,
  leadsTo,
  successors,
} from '../../../flow/index.js';
import type { Codebase, FunctionRef } from '../../../program/index.js';

/** Where the locks of a loop are all taken: after a call of the helper with the loop, or behind the loop in the function itself. */
export type Taken =
  | { readonly kind: 'by-helper'; readonly name: string }
  | { readonly kind: 'by-loop'; readonly end: number };

/**
 * Whether a return follows on a test, with no call in between, and no call on any way to it, from where the locks are taken,
 * can drop one. How many rounds a loop has on the path does not matter then: none of them drops a lock.
 */
export function returnsEarly(codebase: Codebase, ref: FunctionRef, taken: Taken, exit: FlowExit): boolean {
  const unit = codebase.program.lower(ref);
  const graph = graphOf(unit);
  const goal = graph.nodes.findIndex(({ kind, at }) => kind === 'return' && at === exit.at);
  if (goal < 0 || graph.nodes.some(endsScope) || !followsTest(graph, goal)) return false;
  const first = beginnings(unit, graph, taken);
  if (first.length === 0) return false;
  const isBetween = (index: number): boolean =>
    leadsTo(graph, index, goal) && first.some((from) => leadsTo(graph, from, index));
  const between = graph.nodes.filter((_, index) => isBetween(index));
  return callsLeaveLocks(codebase, ref, between.flatMap(callsOf));
}

/** The nodes from which on the locks are taken. */
function beginnings(unit: FunctionUnit, graph: ControlFlowGraph, taken: Taken): readonly number[] {
  const indices = graph.nodes.map((_, index) => index);
  if (taken.kind === 'by-loop') return indices.filter((index) => (graph.nodes[index]?.at ?? 0) > taken.end);
  const [call, ...others] = callsIn(unit.body).filter(({ name }) => name === taken.name);
  if (!call || others.length > 0) return [];
  const node = graph.nodes.find((one) => callsOf(one).some(({ at }) => at === call.call.at));
  return successors(node);
}

/** What is dropped where a scope ends is no call of the function. */
function endsScope(node: ControlFlowNode): boolean {
  return node.kind === 'guard' || node.kind === 'unparsed' || (node.kind === 'declare' && node.cleanup !== null);
}

/** Whether every way to a node comes from a test, with no call after it. */
function followsTest(graph: ControlFlowGraph, goal: number): boolean {
  const seen = new Set<number>();
  const open = [goal];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const node = graph.nodes[index];
    if (!node || seen.has(index)) continue;
    seen.add(index);
    if (node.kind === 'test') continue;
    if (index === graph.entry || callsOf(node).length > 0) return false;
    const to = index;
    open.push(...graph.nodes.flatMap((one, from) => (successors(one).includes(to) ? [from] : [])));
  }
  return true;
}

function callsOf(node: ControlFlowNode): readonly CallExpression[] {
  const body = expressionsIn(node).map((expression) => ({ kind: 'expression', expression, at: node.at }) as const);
  return callsIn(body).map(({ call }) => call);
}
