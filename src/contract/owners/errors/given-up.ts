// Does code give up an object, or write a member of it, after a call that may have failed?

import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionUnit,
  lvalueText,
  stripCasts,
  subexpressions,
  visitExpressions,
} from '../../../c/index.js';
import { expressionsIn, graphOf, isReachable, nodeOfCall, successors } from '../../../flow/index.js';
import { apiRow, changesMember, exchangeMacro, isErrorMacro, isHarmless, storeAccess } from '../../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef } from '../../../program/index.js';
import { rootOf } from '../members.js';

/**
 * Returns whether code that may run after a call writes a place, or gives the place or what it is part of to somebody, who may
 * free or clear it. Both may be named by a local pointer: `s` for `&ctx->slot`.
 */
export function isGivenUp(unit: FunctionUnit, place: Expression, after: CallExpression): boolean {
  const wholes = namesOf(unit, place);
  const isPart = (text: string): boolean =>
    wholes.some((whole) => whole === text || whole.startsWith(`${text}.`) || whole.startsWith(`${text}[`));
  const holds = (value: Expression): boolean => namesOf(unit, value).some(isPart);
  return mayRunAfter(unit, after, (expression) => {
    if (expression.kind === 'assignment') return holds(expression.target);
    if (expression.kind !== 'call') return false;
    const { callee } = expression;
    const isQuestion = callee.kind === 'name' && isErrorMacro(callee.name);
    return !isQuestion && expression.arguments.some((one) => holds(pointedTo(one)));
  });
}

/** How many local pointers lead to a place, each set from the next. */
const longestChain = 3;

/** The texts of a place: as it stands, and by what the pointer at its root is set to. */
function namesOf(unit: FunctionUnit, place: Expression, depth = longestChain): readonly string[] {
  const text = lvalueText(place);
  const root = rootOf(place);
  if (text === null || root === null) return [];
  const { values, locals } = assignmentsOf(unit);
  const given = depth > 0 && locals.has(root) ? (values.get(root) ?? []) : [];
  const further = given.flatMap((value) => namesOf(unit, pointedTo(value), depth - 1));
  return [text, ...further.map((name) => `${name}${text.slice(root.length)}`)];
}

/** Returns whether something may run after a call: an expression that is meant stands on a way from the call. */
export function mayRunAfter(
  unit: FunctionUnit,
  call: CallExpression,
  isMeant: (expression: Expression) => boolean,
): boolean {
  const graph = graphOf(unit);
  const start = nodeOfCall(graph, call);
  const has = (expression: Expression): boolean => isMeant(expression) || subexpressions(expression).some(has);
  return successors(graph.nodes[start]).some((from) =>
    isReachable(graph, from, {
      isGoal: (node) => expressionsIn(node).some(has),
      isBlocked: () => false,
      next: successors,
    }),
  );
}

/** Returns what a pointer that is passed on points to, where its text shows that: `a->b` for `&a->b`. */
export function pointedTo(value: Expression): Expression {
  const bare = stripCasts(value);
  return bare.kind === 'unary' && bare.operator === '&' ? stripCasts(bare.operand) : bare;
}

/** How many calls down a write of a member is looked for. */
const deepestWrite = 3;

/**
 * Returns whether a member of some object may be written after a call: there, by a callee, or through its address, which may
 * be taken anywhere in the function.
 */
export function mayWriteAfter(codebase: Codebase, ref: FunctionRef, call: CallExpression, member: string): boolean {
  const unit = codebase.program.lower(ref);
  let isTaken = false;
  visitExpressions(unit.body, (expression) => {
    isTaken ||= expression.kind === 'unary' && expression.operator === '&' && isNamed(expression.operand, member);
  });
  return (
    isTaken ||
    mayRunAfter(
      unit,
      call,
      (expression) => writesMember(expression, member) || isWrittenBelow(codebase, ref, expression, member),
    )
  );
}

const isNamed = (value: Expression, member: string): boolean => value.kind === 'member' && value.member === member;

/** Whether an expression assigns a member, or a whole object, or passes the member to a macro that may: `WRITE_ONCE()`, `swap()`. */
function writesMember(expression: Expression, member: string): boolean {
  if (expression.kind === 'assignment') {
    const { target } = expression;
    return isNamed(target, member) || (target.kind === 'unary' && target.operator === '*');
  }
  if (expression.kind !== 'call') return false;
  const name = expression.callee.kind === 'name' ? expression.callee.name : '';
  const isWrite = name === exchangeMacro || changesMember(name) || storeAccess(name) !== undefined;
  const isKnown = !isWrite && (isErrorMacro(name) || apiRow(name) !== undefined || isHarmless(name));
  return !isKnown && expression.arguments.some((one) => isNamed(pointedTo(one), member));
}

/** Whether a function that an expression calls may write a member. */
function isWrittenBelow(
  codebase: Codebase,
  { path }: FunctionRef,
  expression: Expression,
  member: string,
  depth = deepestWrite,
): boolean {
  if (expression.kind !== 'call' || expression.callee.kind !== 'name' || depth === 0) return false;
  const { name } = expression.callee;
  const target = apiRow(name) ? undefined : codebase.definitions.findNear(name, path);
  if (!target) return false;
  const { body } = codebase.program.lower(target);
  let isWritten = false;
  visitExpressions(body, (one) => {
    isWritten ||= writesMember(one, member);
  });
  return isWritten || callsIn(body).some(({ call }) => isWrittenBelow(codebase, target, call, member, depth - 1));
}
