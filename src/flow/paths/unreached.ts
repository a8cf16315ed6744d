import { constantSigns } from '../evaluate/sign-tests.js';
import type { ControlFlowGraph, ControlFlowNode } from '../graph/model.js';
import { leaves } from '../graph/repeated-tests.js';
import { successors } from '../graph/search.js';

/**
 * Finds where all paths contradict themselves: the graph goes on and no path does. Dead code is none of these places: what
 * stands behind `if (0)`, or behind a test that the function itself settles.
 * @param reached the nodes that paths came to
 * @param settled the offsets of the tests that the function settles
 * @returns the offsets of the nodes that no path goes on from the way that is missing, each once, in order
 */
export function contradictions(
  graph: ControlFlowGraph,
  reached: ReadonlySet<number>,
  settled: ReadonlySet<number>,
): readonly number[] {
  const found = new Set<number>();
  for (const index of reached) {
    const node = graph.nodes[index];
    if (node && !isSettled(node, settled) && successors(node).some((next) => next >= 0 && !reached.has(next)))
      found.add(node.at);
  }
  return [...found].sort((left, right) => left - right);
}

/** The offsets of the tests that the conditions at some offsets are made of. */
export function testsAt(graph: ControlFlowGraph, offsets: readonly number[]): readonly number[] {
  return graph.nodes.flatMap((node) =>
    node.kind === 'test' && offsets.includes(node.at) ? leaves(node.test).map(({ at }) => at) : [],
  );
}

function isSettled(node: ControlFlowNode, settled: ReadonlySet<number>): boolean {
  if (node.kind === 'switch') return settled.has(node.at);
  return (
    node.kind === 'test' && leaves(node.test).some((test) => settled.has(test.at) || constantSigns(test) !== undefined)
  );
}
