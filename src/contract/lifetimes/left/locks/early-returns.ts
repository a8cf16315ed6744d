// Does a failure leave a function before anything can drop the locks that a loop has taken for it?

import {
  type CallExpression,
  type Expression,
  expressionText,
  type FunctionUnit,
  stripCasts,
} from '../../../../c/index.js';
import {
  type ControlFlowGraph,
  type ControlFlowNode,
  callsLeaveLocks,
  expressionsIn,
  type FlowExit,
  graphOf,
  isDropped,
  nodeOfCall,
  successors,
} from '../../../../flow/index.js';
import { type Codebase, type FunctionRef, functionAt } from '../../../../program/index.js';
import { returnedValues } from '../../../calls/returned-values.js';
import { isEndedByCaller, nextWhere } from '../failing-callers.js';
import { loopAround, type Taken } from './lock-loops.js';
import { callsOf, endsScope, isKnownCall, leavesLocksOn, nodesOnPath } from './ways.js';

/**
 * Whether a return follows on a test, with nothing in between of which it is not known what it does, and no call on the way of
 * the path can drop a lock, from where the locks are taken. How many rounds a loop has on the path does not matter then: none
 * of them drops a lock. Nor may a caller that gets the error drop one.
 */
export function returnsEarly(codebase: Codebase, ref: FunctionRef, taken: Taken, exit: FlowExit): boolean {
  const unit = codebase.program.lower(ref);
  const graph = graphOf(unit);
  const goal = graph.nodes.findIndex(({ kind, at }) => kind === 'return' && at === exit.at);
  if (goal < 0 || graph.nodes.some(endsScope) || mayHaveFailed(codebase, ref, taken, exit)) return false;
  const between = nodesOnPath(ref, graph, exit, { from: isBehind(graph, taken), to: (_, index) => index === goal });
  if (!followsTest(codebase, ref, graph, goal, between)) return false;
  const calls = graph.nodes.flatMap((node, index) => (between.has(index) ? callsOf(node) : []));
  return calls.every((call) => leavesLocksOn(codebase, ref, call, exit)) && !isDroppedByCaller(codebase, ref);
}

/** Whether a way out, on which the locks were all taken, drops locks in a loop. */
export function dropsAll(codebase: Codebase, ref: FunctionRef, taken: Taken, exit: FlowExit): boolean {
  if (mayHaveFailed(codebase, ref, taken, exit)) return false;
  return exit.state.resources.some(({ kind, isCallers, status, end }) => {
    if (kind !== 'lock' || !isCallers || status !== 'released' || !end) return false;
    const dropper = functionAt(codebase.program, end.path, end.at);
    return dropper !== undefined && loopAround(codebase.program.lower(dropper), end.at) !== undefined;
  });
}

/** Whether the helper may have failed to take the locks, as far as the path has asked for its result. */
export function mayHaveFailed(
  { program, definitions }: Codebase,
  ref: FunctionRef,
  taken: Taken,
  exit: FlowExit,
): boolean {
  if (taken.kind === 'by-loop') return false;
  const { callee } = taken.call;
  const helper = callee.kind === 'name' ? definitions.findCandidate(callee.name, ref.path) : undefined;
  const returnType = helper?.outline.returnType ?? '';
  const unit = program.lower(ref);
  // Whoever asks for no result counts on the locks.
  if (/\bvoid\s*$/.test(returnType) || isDropped(unit, taken.call)) return false;
  const graph = graphOf(unit);
  const call = nodeOfCall(graph, taken.call);
  const part = {
    from: (_: ControlFlowNode, index: number) => index === call,
    to: ({ kind, at }: ControlFlowNode) => kind === 'return' && at === exit.at,
    next: nextWhere(unit, taken.call, !saysYes(helper && program.lower(helper), returnType)),
  };
  return nodesOnPath(ref, graph, exit, part).size > 0;
}

/** Whether a helper returns what is true where it has taken the locks: a `bool`, or 1. */
function saysYes(helper: FunctionUnit | undefined, returnType: string): boolean {
  if (/\b_?bool\b/.test(returnType)) return true;
  const texts = helper ? returnedValues(helper).map(expressionText) : [];
  return texts.includes('1') && texts.every((text) => /^(?:0|1|true|false)$/.test(text));
}

/** Whether the locks are all taken where a node begins. */
function isBehind(graph: ControlFlowGraph, taken: Taken): (node: ControlFlowNode, index: number) => boolean {
  if (taken.kind === 'by-loop') return ({ at }) => at > taken.end;
  const next = successors(graph.nodes[nodeOfCall(graph, taken.call)]);
  return (_, index) => next.includes(index);
}

/** Whether every way to a node, of those given, comes from a test, and what is done after it is known and stores nothing. */
function followsTest(
  codebase: Codebase,
  ref: FunctionRef,
  graph: ControlFlowGraph,
  goal: number,
  between: ReadonlySet<number>,
): boolean {
  const last = graph.nodes[goal];
  const returned = last?.kind === 'return' ? last.value : null;
  const seen = new Set<number>();
  const open = [goal];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const node = graph.nodes[index];
    if (!node || seen.has(index)) continue;
    seen.add(index);
    if (node.kind === 'test') continue;
    const to = index;
    const before = [...between].filter((from) => successors(graph.nodes[from]).includes(to));
    const isKnown = callsOf(node).every((call) => isKnownCall(codebase, ref, call));
    if (before.length === 0 || !isKnown || storesMember(node, returned)) return false;
    open.push(...before);
  }
  return true;
}

/** Whether a node writes what somebody else may ask for, to drop the locks later. The error that is returned says nothing. */
function storesMember(node: ControlFlowNode, returned: Expression | null): boolean {
  const isError = (value: Expression): boolean =>
    (value.kind === 'unary' && value.operator === '-') ||
    (returned?.kind === 'name' && value.kind === 'name' && value.name === returned.name);
  return expressionsIn(node).some(
    (one) => one.kind === 'assignment' && one.target.kind !== 'name' && !isError(stripCasts(one.value)),
  );
}

/** Whether a caller that gets the error may drop the locks. */
function isDroppedByCaller(codebase: Codebase, ref: FunctionRef): boolean {
  const sources = ref.outline.parameters.flatMap(({ name }) => name ?? []);
  const mayDrop = (caller: FunctionRef, call: CallExpression): boolean =>
    !isKnownCall(codebase, caller, call) || !callsLeaveLocks(codebase, caller, [call]);
  return isEndedByCaller(codebase, ref, sources, mayDrop);
}
