// A lock that a count nests: `if (x->depth++ == 0) dma_resv_lock(resv);`. If the count is greater, the lock is already held.

import { callsIn, type Expression, type FunctionUnit, subexpressions } from '../../c/index.js';
import { countsAtomically, currentTask, dropsReservation, lockFunctions } from '../../kernel/index.js';
import { type Codebase, functionAt } from '../../program/index.js';
import { graphOf } from '../graph/build-graph.js';
import type { ControlFlowNode, NodeOf } from '../graph/model.js';
import { expressionsIn, isReachable, successors } from '../graph/search.js';
import { answerKeys, type Decision, type State, stateWith } from '../state/state.js';
import { asksFlag } from './flags.js';
import { hideLocks } from './lock-state.js';

/** Whether a test counts a member up or down and tests the count: `x->depth++ == 0`, `atomic_dec_and_test(&x->depth)`. */
export function countsSteps(test: Expression): boolean {
  if (test.kind === 'update') return isOutside(test.operand);
  if (test.kind === 'call') return test.callee.kind === 'name' && countsAtomically(test.callee.name);
  if (test.kind === 'unary' || test.kind === 'binary') return subexpressions(test).some(countsSteps);
  return false;
}

/** Whether a test asks which task holds the lock: `x->owner == current`. */
function asksOwner(test: Expression): boolean {
  if (test.kind !== 'binary' || (test.operator !== '==' && test.operator !== '!=')) return false;
  return [test.left, test.right].some((side) => side.kind === 'name' && side.name === currentTask);
}

/** Whether a place outlives the function: a member, or what a pointer points to. */
function isOutside(place: Expression): boolean {
  return place.kind === 'member' || (place.kind === 'unary' && place.operator === '*');
}

/**
 * The state after a test of a count or an owner that may have either answer. Nothing is reported about locks on two kinds of
 * paths: those that do not take the lock, since the task already holds it, and those that took the lock after such a test
 * and do not drop it.
 */
export function noteNesting(
  unit: FunctionUnit,
  { test, whenTrue, whenFalse }: NodeOf<'test'>,
  answer: boolean,
  state: State,
): State {
  if (!countsSteps(test) && !asksOwner(test)) return state;
  const [next, other] = answer ? [whenTrue, whenFalse] : [whenFalse, whenTrue];
  if (isTakenBehind(unit, other, next)) return hideLocks(state);
  if (isTakenBehind(unit, next, other))
    return stateWith(state, { answers: state.answers.with(answerKeys.nestedLock, true) });
  const isDropped = reaches(unit, other, drops) && !reaches(unit, next, drops);
  return isDropped && state.answers.has(answerKeys.nestedLock) ? hideLocks(state) : state;
}

/** Whether one branch takes the lock and leaves it held, and the other branch does not take it. */
function isTakenBehind(unit: FunctionUnit, from: number, other: number): boolean {
  return leavesHeld(unit, from) && !reaches(unit, other, takes);
}

/**
 * Whether a flag has decided that a path does not take the lock: `if (!locked) dma_resv_lock(resv);`. By this flag, the
 * caller says that it holds the lock.
 */
export function isLeftToCaller(codebase: Codebase, decisions: readonly Decision[]): boolean {
  return decisions.some((decision) => {
    const ref = decision.kind === 'test' ? functionAt(codebase.program, decision.path, decision.at) : undefined;
    const unit = ref && codebase.program.lower(ref);
    return (
      unit !== undefined &&
      decision.kind === 'test' &&
      asksFlag(unit, decision.test) &&
      graphOf(unit).nodes.some((node) => {
        if (node.kind !== 'test' || node.at !== decision.at) return false;
        const answer = decision.answer !== node.written.isNegated;
        const [next, other] = answer ? [node.whenTrue, node.whenFalse] : [node.whenFalse, node.whenTrue];
        return isTakenBehind(unit, other, next);
      })
    );
  });
}

function leavesHeld(unit: FunctionUnit, from: number): boolean {
  const graph = graphOf(unit);
  const isAfterDrop = (index: number): boolean => calls(graph.nodes[index], dropsReservation);
  return (
    reaches(unit, from, takes) &&
    isReachable(graph, from, { isGoal: ({ kind }) => kind === 'return', isBlocked: isAfterDrop, next: successors })
  );
}

function reaches(unit: FunctionUnit, from: number, isGoal: (node: ControlFlowNode) => boolean): boolean {
  return isReachable(graphOf(unit), from, { isGoal, isBlocked: () => false, next: successors });
}

const drops = (node: ControlFlowNode): boolean => calls(node, dropsReservation);
const takes = (node: ControlFlowNode): boolean => calls(node, (name) => lockFunctions.get(name)?.effect === 'take');

function calls(node: ControlFlowNode | undefined, isMeant: (name: string) => boolean): boolean {
  if (!node) return false;
  const body = expressionsIn(node).map((expression) => ({ kind: 'expression', expression, at: node.at }) as const);
  return callsIn(body).some(({ name }) => name !== null && isMeant(name));
}
