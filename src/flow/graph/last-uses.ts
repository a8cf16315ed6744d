import type { ControlFlowGraph } from './model.js';
import { successors } from './search.js';

/**
 * The last offsets at which names count, where loops are taken into account: what stands in a loop counts until its end,
 * since it is executed again.
 * @param lastUses the last offset at which each name stands in the text
 */
export function lastUsesInLoops(
  graph: ControlFlowGraph,
  lastUses: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const back = graph.nodes.flatMap((node) =>
    successors(node).flatMap((next) => {
      const to = graph.nodes[next]?.at;
      return to !== undefined && to < node.at ? [{ from: node.at, to }] : [];
    }),
  );
  const untilEnd = (at: number): number => {
    let end = at;
    for (let before = -1; before < end; ) {
      before = end;
      for (const { from, to } of back) if (to <= end && end < from) end = from;
    }
    return end;
  };
  return new Map([...lastUses].map(([name, at]) => [name, untilEnd(at)]));
}
