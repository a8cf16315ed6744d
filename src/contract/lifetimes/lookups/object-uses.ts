// What does a function do with an object that a variable holds?

import { type Expression, expressionText, stripCasts, subexpressions } from '../../../c/index.js';
import { type ControlFlowNode, expressionsIn, graphOf, successors } from '../../../flow/index.js';
import { isHarmless, isNullPointer, isPlainLock, isPlainUnlock, predicates } from '../../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef } from '../../../program/index.js';
import { isVariable, names, tellsPresence } from './presence.js';

/** The uses of a variable that gets its object by one call. */
export interface ObjectUses {
  /** Whether a step may put the object, store it, return it, or give it to code that may do so. */
  givesAway(node: ControlFlowNode): boolean;
  /**
   * The steps that follow on one while the object is there. A test that may say whether it is there in other words leads
   * nowhere, and so does one that stands in the function twice.
   */
  waysWithObject(node: ControlFlowNode): readonly number[];
}

/** How many calls deep it is followed what a helper does with the object. */
const deepestHelper = 2;

/** @returns undefined where the variable may hold something else, or where its scope puts what it holds */
export function createUses(codebase: Codebase, ref: FunctionRef, variable: string): ObjectUses | undefined {
  const unit = codebase.program.lower(ref);
  const { values, locals } = assignmentsOf(unit);
  const given = (values.get(variable) ?? []).filter((value) => !isNullPointer(stripCasts(value)));
  if (!locals.has(variable) || given.length !== 1) return undefined;
  const { nodes } = graphOf(unit);
  if (nodes.some((node) => node.kind === 'declare' && node.name === variable && node.cleanup !== null))
    return undefined;
  const asked = new Map<string, number>();
  for (const node of nodes) {
    const question = questionOf(node);
    if (question) asked.set(expressionText(question), (asked.get(expressionText(question)) ?? 0) + 1);
  }
  /** `ret = PTR_ERR_OR_ZERO(b);`, or `if (!b) ret = -ENOENT;`: only what a call says is no answer about the object. */
  const mayTellPresence = (question: Expression): boolean =>
    names(question, variable) ||
    (question.kind === 'name' &&
      (values.get(question.name) ?? []).some((value) => value.kind !== 'call' || names(value, variable)));
  return {
    givesAway: (node) => givesAway(codebase, ref, node, variable, deepestHelper),
    waysWithObject(node) {
      const question = questionOf(node);
      if (!question) return successors(node);
      const isThere = tellsPresence(question, variable);
      if (isThere !== undefined && node.kind === 'test') return [isThere ? node.whenTrue : node.whenFalse];
      const isRepeated = (asked.get(expressionText(question)) ?? 0) > 1;
      return isRepeated || mayTellPresence(question) ? [] : successors(node);
    },
  };
}

function questionOf(node: ControlFlowNode): Expression | undefined {
  if (node.kind === 'test') return node.test;
  return node.kind === 'switch' ? node.subject : undefined;
}

/** Whether a step of a function may put or keep the object of a variable, or give it to code that may. */
export function givesAway(
  codebase: Codebase,
  ref: FunctionRef,
  node: ControlFlowNode,
  variable: string,
  depth = deepestHelper,
): boolean {
  if (node.kind === 'test' && tellsPresence(node.test, variable) !== undefined) return false;
  return expressionsIn(node).some((one) => mayKeep(codebase, ref, one, variable, depth));
}

/** Whether code may keep or put the object of a variable: it does more than read its members, or ask whether it is there. */
function mayKeep(
  codebase: Codebase,
  ref: FunctionRef,
  expression: Expression,
  variable: string,
  depth: number,
): boolean {
  const keeps = (one: Expression): boolean => mayKeep(codebase, ref, one, variable, depth);
  if (isVariable(expression, variable)) return true;
  switch (expression.kind) {
    case 'member':
      return !isVariable(expression.object, variable) && keeps(expression.object);
    case 'unary':
      return expression.operator === '!' && isVariable(expression.operand, variable)
        ? false
        : addressKept(expression, keeps, variable);
    case 'binary':
      return [expression.left, expression.right].some((one) => !isVariable(one, variable) && keeps(one));
    case 'assignment':
      return keeps(expression.value) || (!isVariable(expression.target, variable) && keeps(expression.target));
    case 'conditional': {
      const { test, then, otherwise } = expression;
      return [
        ...(tellsPresence(test, variable) === undefined || !then ? [test] : []),
        ...(then ? [then] : []),
        otherwise,
      ].some(keeps);
    }
    case 'call':
      return callKeeps(codebase, ref, expression, variable, depth);
    default:
      return subexpressions(expression).some(keeps);
  }
}

/** `&x->member` may be kept: in a list, for one. */
function addressKept(
  { operator, operand }: Extract<Expression, { kind: 'unary' }>,
  keeps: (one: Expression) => boolean,
  variable: string,
): boolean {
  return operator === '&' ? leadsFrom(operand, variable) || keeps(operand) : keeps(operand);
}

function leadsFrom(place: Expression, variable: string): boolean {
  let object = place;
  while (object.kind === 'member' || object.kind === 'index') object = object.object;
  return isVariable(object, variable);
}

function callKeeps(
  codebase: Codebase,
  ref: FunctionRef,
  call: Extract<Expression, { kind: 'call' }>,
  variable: string,
  depth: number,
): boolean {
  const name = call.callee.kind === 'name' ? call.callee.name : null;
  const onlyLooks = name !== null && (isHarmless(name) || predicates.has(name));
  const locks = name !== null && (isPlainLock(name) || isPlainUnlock(name));
  if (onlyLooks) return false;
  return call.arguments.some((argument, index) => {
    if (isVariable(argument, variable)) return name === null || helperKeeps(codebase, ref, name, index, depth);
    if (locks && argument.kind === 'unary' && argument.operator === '&') return false;
    return mayKeep(codebase, ref, argument, variable, depth);
  });
}

function helperKeeps(codebase: Codebase, ref: FunctionRef, name: string, index: number, depth: number): boolean {
  const target = depth > 0 ? codebase.definitions.findInModule(name, ref.path) : undefined;
  const parameter = target?.outline.parameters[index]?.name;
  if (!target || !parameter) return true;
  const unit = codebase.program.lower(target);
  if (unit.unparsed.length > 0) return true;
  return graphOf(unit).nodes.some((node) => givesAway(codebase, target, node, parameter, depth - 1));
}
