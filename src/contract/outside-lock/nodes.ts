// What does one node of a way do with the member and with locks?

import { type Expression, subexpressions } from '../../c/index.js';
import { type ControlFlowNode, expressionsIn } from '../../flow/index.js';
import { assertsExclusion, dropsExclusion, takesExclusion } from '../../kernel/index.js';
import type { AskedQuery } from './asked-paths.js';
import { isValueOf } from './member-reads.js';

/** The variables that hold what was read from a member, or what a question about it has answered. */
interface Loaded {
  /** Read without a lock, sorted. */
  readonly stale: readonly string[];
  /** Read under it. */
  readonly current: readonly string[];
}

/**
 * Whether a node under the lock may leave a note for others that somebody is at work, whose members nobody knows: it stores
 * into a member, or passes the object on.
 */
export function mayNote({ member }: AskedQuery, node: ControlFlowNode): boolean {
  const [root = ''] = member.split(/[.[]/);
  const isObject = (one: Expression): boolean => one.kind === 'name' && one.name === root;
  return expressionsIn(node).some((expression) =>
    has(expression, (inner) => {
      if (inner.kind === 'assignment') return inner.target.kind !== 'name';
      if (inner.kind === 'update') return inner.operand.kind !== 'name';
      if (inner.kind !== 'call' || inner.callee.kind !== 'name') return inner.kind === 'call';
      const isLock = takesExclusion(inner.callee.name) || dropsExclusion(inner.callee.name);
      return !isLock && inner.arguments.some((argument) => has(argument, isObject));
    }),
  );
}

/** `sgt = bo->sgt`. */
export function isValueLoad({ member, index }: AskedQuery, node: ControlFlowNode): boolean {
  const [name, value] = assignedBy(node);
  return name !== null && value !== null && isValueOf(value, member, index);
}

/**
 * `sgt = bo->sgt`, `first = !bo->users`: the variable holds what the member held or said then. Any other value makes it a
 * variable like others.
 */
export function load<Known extends Loaded>(
  query: AskedQuery,
  node: ControlFlowNode,
  step: Known,
  isUnderLock: boolean,
): Known {
  const [name, value] = assignedBy(node);
  if (name === null) return step;
  const stale = step.stale.filter((other) => other !== name);
  const current = step.current.filter((other) => other !== name);
  const { member, index, isAsked } = query;
  const isAnswer = (one: Expression): boolean => one.kind === 'call' && isAsked?.(one) === true;
  const isQuestion = (one: Expression): boolean =>
    isValueOf(one, member, index) || (index === undefined && isAnswer(one)) || comparedIn(one).some(isQuestion);
  if (!value || !isQuestion(value)) return { ...step, stale, current };
  return isUnderLock
    ? { ...step, stale, current: [...current, name].sort() }
    : { ...step, current, stale: [...stale, name].sort() };
}

/** What is asked about being there: the x of `!x`, `x == 0`, `x != NULL`. */
function comparedIn(value: Expression): readonly Expression[] {
  if (value.kind === 'unary' && value.operator === '!') return [value.operand];
  if (value.kind === 'binary' && ['==', '!=', '>'].includes(value.operator) && isNothing(value.right))
    return [value.left];
  return value.kind === 'cast' ? [value.operand] : [];
}

function isNothing(value: Expression): boolean {
  return (value.kind === 'literal' && value.text === '0') || (value.kind === 'name' && value.name === 'NULL');
}

function assignedBy(node: ControlFlowNode): readonly [name: string | null, value: Expression | null] {
  if (node.kind === 'declare') return [node.name, node.value];
  if (node.kind !== 'evaluate' || node.expression.kind !== 'assignment') return [null, null];
  const { target, value } = node.expression;
  return [target.kind === 'name' ? target.name : null, value];
}

/** How many locks a node takes, less those that it drops; and how many it asserts. */
export function lockChange(node: ControlFlowNode): { readonly change: number; readonly asserted: number } {
  if (node.kind === 'guard') return { change: 1, asserted: 0 };
  let change = 0;
  let asserted = 0;
  for (const expression of expressionsIn(node))
    has(expression, (inner) => {
      const name = inner.kind === 'call' && inner.callee.kind === 'name' ? inner.callee.name : '';
      if (takesExclusion(name)) change++;
      else if (assertsExclusion(name)) asserted++;
      if (dropsExclusion(name)) change--;
      return false;
    });
  return { change, asserted };
}

/** Whether an expression, or one inside it, is meant. */
export function has(expression: Expression, isMeant: (inner: Expression) => boolean): boolean {
  return isMeant(expression) || subexpressions(expression).some((inner) => has(inner, isMeant));
}
