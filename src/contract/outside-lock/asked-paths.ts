// Is something asked about a member without a lock, and not asked again under the lock?

import { type CallExpression, type Expression, type FunctionUnit, lvalueText, subexpressions } from '../../c/index.js';
import { type ControlFlowNode, expressionsIn, graphOf, isReachable, successors } from '../../flow/index.js';
import { claimsAlone } from '../../kernel/index.js';
import { type indexText, isEntryAt } from './entries.js';
import { isMemberText } from './member-reads.js';
import { has, isValueLoad, load, lockChange, mayNote } from './nodes.js';

/** A way on which a member is asked for without a lock. */
export interface AskedOutside {
  /** Offset of the question. */
  readonly test: number;
  /** Offset of the call that takes the lock; null where the way ends without one. */
  readonly lock: number | null;
}

/** The way that is looked for. */
export interface AskedQuery {
  readonly unit: FunctionUnit;
  /** The member, as {@link lvalueText} writes it: `bo.sgt`. */
  readonly member: string;
  /** The index that is asked for, as {@link indexText} writes it; undefined where the member is no collection. */
  readonly index?: string | undefined;
  /** Whether a call tests the member: it calls a helper that only says what the member holds. */
  readonly isAsked?: (call: CallExpression) => boolean;
  /** Whether a call may read the member. */
  readonly mayLook?: (call: CallExpression) => boolean;
  /** The node that the question decides about: the one that maps. */
  readonly decided: number;
  /** The node at which the way ends: the one that stores, or calls what stores. */
  readonly goal: number;
  /** Whether the goal is reached with a lock taken since the question, or with none. */
  readonly isLocked: boolean;
  /** The question was asked by a caller, without a lock, before this function was entered. */
  readonly wasAsked: boolean;
  /** What an assertion that the lock is held says, met after the question with no lock taken since. */
  readonly assertion: AssertionSays;
}

/**
 * The function that asserts has the lock from its entry on. So a question of its own was asked under it; a caller that asked
 * must have taken it. Or nothing was asked, and only the lock matters.
 */
type AssertionSays = 'asked-under-lock' | 'caller-has-lock' | 'has-lock';

/** What is known at a node of a way. */
interface Step {
  readonly node: number;
  readonly held: number;
  /** The lock of the caller was asserted. */
  readonly isCallers: boolean;
  readonly test: number | null;
  readonly lock: number | null;
  /** The member was asked for, or read, under the lock that is held now: where that is dropped, the answer may get wrong. */
  readonly isFresh: boolean;
  /** The question that was answered under it. */
  readonly answered: number | null;
  /** The variables that hold what was read from the member without a lock, sorted. */
  readonly stale: readonly string[];
  /** Those that hold what was read under it. */
  readonly current: readonly string[];
}

const mostLocks = 3;

const unasked = { held: 0, isCallers: false, lock: null, isFresh: false, answered: null, stale: [], current: [] };

/** Returns a way from the entry on which the member is asked for without a lock only; undefined where there is none. */
export function askedOutside(query: AskedQuery): AskedOutside | undefined {
  const graph = graphOf(query.unit);
  const seen = new Set<string>();
  const start = query.wasAsked ? query.unit.nameAt : null;
  const open: Step[] = [{ ...unasked, node: graph.entry, test: start }];
  for (let step = open.pop(); step; step = open.pop()) {
    const node = graph.nodes[step.node];
    const key = `${step.node} ${step.held} ${step.isCallers} ${step.test} ${step.isFresh} ${step.answered} ${step.stale} ${step.current}`;
    if (!node || seen.has(key)) continue;
    seen.add(key);
    const isGoal = step.node === query.goal && step.test !== null && !step.isFresh;
    if (isGoal && step.test !== null && step.held > 0 === query.isLocked) return { test: step.test, lock: step.lock };
    const after = stepOver(query, node, step);
    if (after) open.push(...successors(node).map((next) => ({ ...after, node: next })));
  }
  return undefined;
}

/** What is known after a node; null where the member is asked for under a lock, or where only one caller goes on. */
function stepOver(query: AskedQuery, node: ControlFlowNode, step: Step): Step | null {
  const asked = node.kind === 'test' ? askedBy(query, node, step) : null;
  if (expressionsIn(node).some((one) => has(one, isClaim))) return null;
  const isLoad = isValueLoad(query, node) && !step.isCallers;
  const isAnswer = asked === 'under-lock' && !step.isCallers && isDecision(query, node);
  if ((asked === 'under-lock' && !isAnswer) || (!isAnswer && !isLoad && isReadUnderLock(query, node, step)))
    return null;
  if (step.isFresh && !isAnswer && mayNote(query, node)) return null;
  const loaded = load(query, node, step, step.held > 0 || step.isCallers);
  const test = step.test ?? (asked === 'outside' && isDecision(query, node) ? node.at : null);
  const { asserted, ...locks } = lockChange(node);
  const isNews = asserted > 0 && step.held === 0 && test !== null;
  if (isNews && query.assertion === 'asked-under-lock') return null;
  const isCallers = isNews && query.assertion === 'caller-has-lock';
  const change = locks.change + (isCallers ? 0 : asserted);
  const held = Math.max(0, Math.min(mostLocks, step.held + change));
  const lock = change > 0 && step.held === 0 ? node.at : step.lock;
  const isFresh = step.isFresh || isAnswer || (isLoad && step.held > 0);
  const answered = isAnswer ? node.at : step.answered;
  const after = {
    ...loaded,
    lock,
    isCallers: isCallers || (step.isCallers && change >= 0),
    held,
    answered,
    isFresh,
    test,
  };
  return isFresh && held === 0 ? dropped(after) : after;
}

/** What was answered under a lock is as good as asked without one as soon as the lock is dropped. */
function dropped<Known extends Omit<Step, 'node'>>(step: Known): Known {
  const stale = [...new Set([...step.stale, ...step.current])].sort();
  return { ...step, test: step.test ?? step.answered, isFresh: false, answered: null, stale, current: [] };
}

function askedBy(
  { member, index, isAsked }: AskedQuery,
  { test }: { test: Expression },
  step: Step,
): 'outside' | 'under-lock' | null {
  const isUnderLock = step.held > 0 || step.isCallers;
  const names = (list: readonly string[]): boolean =>
    has(test, (inner) => inner.kind === 'name' && list.includes(inner.name));
  const isQuestion = (inner: Expression): boolean =>
    isMemberText(inner, member) || (inner.kind === 'call' && isAsked?.(inner) === true);
  if (isUnderLock && has(test, isQuestion)) return 'under-lock';
  // The answer for another index decides nothing about this one.
  const isSame = (inner: Expression): boolean =>
    index === undefined ? isQuestion(inner) : isEntryAt(inner, member, index);
  if (has(test, isSame)) return 'outside';
  if (names(step.current)) return 'under-lock';
  return names(step.stale) ? 'outside' : null;
}

/**
 * Whether a node reads the member under the lock, whatever it does with the value: `raced = bo->sgt != NULL`,
 * `sgt = current(bo)`.
 */
function isReadUnderLock({ member, mayLook }: AskedQuery, node: ControlFlowNode, step: Step): boolean {
  if (node.kind === 'guard' || (step.held === 0 && !step.isCallers)) return false;
  const isRead = (expression: Expression): boolean => {
    if (isMemberText(expression, member)) return true;
    if (expression.kind === 'call' && mayLook?.(expression)) return true;
    if (expression.kind === 'assignment' && isMemberText(expression.target, member)) return isRead(expression.value);
    return expression.kind !== 'update' && subexpressions(expression).some(isRead);
  };
  return expressionsIn(node).some(isRead);
}

/** `test_and_set_bit(BUSY, &bo->state)`, `cmpxchg(&bo->owner, NULL, me)`: of several callers one goes on. */
function isClaim(expression: Expression): boolean {
  return expression.kind === 'call' && expression.callee.kind === 'name' && claimsAlone(expression.callee.name);
}

/** Whether only one outcome of a test leads to the map, before the test is made again. */
function isDecision({ unit, decided }: AskedQuery, node: ControlFlowNode): boolean {
  const graph = graphOf(unit);
  const isGoal = (_: ControlFlowNode, index: number): boolean => index === decided;
  const isBlocked = (index: number): boolean => graph.nodes[index] === node;
  const leads = successors(node).filter((from) => isReachable(graph, from, { isGoal, isBlocked, next: successors }));
  return leads.length === 1;
}
