import type { ControlFlowGraph } from '../graph/model.js';
import { successors } from '../graph/search.js';

/**
 * Finds the points that a graph can reach and no path did.
 * @param reached the nodes that paths came to
 * @returns the offsets of the nodes after which paths should have gone on to them, each once, in order
 */
export function unreachedPoints(graph: ControlFlowGraph, reached: ReadonlySet<number>): readonly number[] {
  const found = new Set<number>();
  for (const index of reached) {
    const node = graph.nodes[index];
    if (node && successors(node).some((next) => next >= 0 && !reached.has(next))) found.add(node.at);
  }
  return [...found].sort((left, right) => left - right);
}
