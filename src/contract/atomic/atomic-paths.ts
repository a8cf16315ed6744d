// Is a call made only where nothing may sleep?

import { type CallExpression, type Expression, type FunctionUnit, subexpressions } from '../../c/index.js';
import { type ControlFlowNode, expressionsIn, graphOf, nodeOfCall, successors } from '../../flow/index.js';
import { beginsAtomic, endsAtomic, guardsAtomic } from '../../kernel/index.js';

/** A call, and what is known of the functions that stand before it. */
interface AtomicQuery {
  readonly unit: FunctionUnit;
  readonly call: CallExpression;
  /** Whether a function of this name may end the section of its caller. */
  readonly mayEnd: (name: string) => boolean;
}

/** A step of a way: the node, the offsets of what began the sections that are open, and how many scopes are open. */
interface Step {
  readonly node: number;
  readonly begun: readonly number[];
  /** The sections that end with a scope, by the number of scopes that were open. */
  readonly scoped: readonly { readonly depth: number; readonly at: number }[];
  readonly depth: number;
}

const mostSteps = 4000;

/**
 * Returns the offset of the call that begins the section around a call; null where some way leads to the call outside of
 * any, or where a call on the way may end the section.
 */
export function atomicSectionAround(query: AtomicQuery): number | null {
  const graph = graphOf(query.unit);
  const goal = nodeOfCall(graph, query.call);
  if (goal < 0) return null;
  const seen = new Set<string>();
  let section: number | null = null;
  const open: Step[] = [{ node: graph.entry, begun: [], scoped: [], depth: 0 }];
  for (let step = open.pop(); step; step = open.pop()) {
    const node = graph.nodes[step.node];
    const key = `${step.node} ${step.begun} ${step.scoped.map(({ at }) => at)}`;
    if (!node || seen.has(key)) continue;
    seen.add(key);
    if (seen.size > mostSteps) return null;
    const after = stepOver(query, node, step, step.node === goal);
    if (step.node === goal) {
      const [first] = [...after.scoped.map(({ at }) => at), ...after.begun];
      if (first === undefined) return null;
      section ??= first;
    } else open.push(...successors(node).map((next) => ({ ...after, node: next })));
  }
  return section;
}

/** What is open after a node; after the part of the last node that stands before the call. */
function stepOver(query: AtomicQuery, node: ControlFlowNode, step: Step, isLast: boolean): Step {
  switch (node.kind) {
    case 'enter':
      return { ...step, depth: step.depth + 1 };
    case 'leave':
      return { ...step, depth: node.depth, scoped: step.scoped.filter(({ depth }) => depth <= node.depth) };
    case 'guard': {
      const scoped = guardsAtomic(node.name) ? [...step.scoped, { depth: step.depth, at: node.at }] : step.scoped;
      return { ...step, scoped };
    }
    default: {
      const calls = expressionsIn(node).flatMap(callsOf);
      const counted = isLast ? calls.filter(({ at }) => at < query.call.at) : calls;
      return { ...step, begun: counted.reduce((begun, call) => sectionsAfter(query, begun, call), step.begun) };
    }
  }
}

/** The calls in an expression, in the order in which they are made. */
function callsOf(expression: Expression): readonly CallExpression[] {
  const inner = subexpressions(expression).flatMap(callsOf);
  return expression.kind === 'call' ? [...inner, expression] : inner;
}

function sectionsAfter({ mayEnd }: AtomicQuery, begun: readonly number[], { at, callee }: CallExpression) {
  const name = callee.kind === 'name' ? callee.name : '';
  if (beginsAtomic(name)) return [...begun, at];
  if (endsAtomic(name)) return begun.slice(0, -1);
  return begun.length > 0 && mayEnd(name) ? [] : begun;
}
