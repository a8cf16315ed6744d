import { type Expression, expressionText, subexpressions } from '../../c/index.js';
import { constantSigns } from '../evaluate/sign-tests.js';
import type { ControlFlowGraph, ControlFlowNode } from '../graph/model.js';
import { leaves } from '../graph/repeated-tests.js';
import { successors } from '../graph/search.js';

/**
 * Finds where all paths contradict themselves: the graph goes on and no path does. Dead code is none of these places: what
 * stands behind `if (0)`, or behind a test or an `#if` that the function itself settles.
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

/** The tests that the conditions at some offsets are made of. */
export function testsAt(graph: ControlFlowGraph, offsets: readonly number[]): readonly Expression[] {
  return graph.nodes.flatMap((node) => (node.kind === 'test' && offsets.includes(node.at) ? leaves(node.test) : []));
}

/** The variables and members that some tests ask about. */
export function operandsOf(tests: readonly Expression[]): readonly Expression[] {
  const found = new Map<string, Expression>();
  const visit = (operand: Expression): void => {
    if (operand.kind === 'name' || operand.kind === 'member') found.set(expressionText(operand), operand);
    else for (const inner of subexpressions(operand)) visit(inner);
  };
  for (const test of tests) visit(test);
  return [...found.values()];
}

function isSettled(node: ControlFlowNode, settled: ReadonlySet<number>): boolean {
  if (node.kind === 'switch' || node.kind === 'choose') return settled.has(node.at);
  return (
    node.kind === 'test' && leaves(node.test).some((test) => settled.has(test.at) || constantSigns(test) !== undefined)
  );
}
