// From which structures does what a callee gets come, and may another callee that gets one of them release it?

import { type CallExpression, type Expression, type FunctionUnit, subexpressions } from '../../../c/index.js';
import {
  apiRow,
  errorConversions,
  freeFunctions,
  isBorrower,
  isHarmless,
  isKrefPut,
  isNamedForLock,
  mayRefuse,
  predicates,
} from '../../../kernel/index.js';
import { assignmentsOf } from '../../../program/index.js';
import { rootOf, withoutCasts } from '../../owners/members.js';

/** How many local variables lead from a pointer to the structure that it comes from. */
const longestChain = 3;

/** Returns the variables from which the value of an expression comes: `x` and `set` for `set` after `set = x->set` or `set = set_of(x)`. */
export function sourcesOf(unit: FunctionUnit, value: Expression, depth = longestChain): readonly string[] {
  const root = rootOf(value);
  if (root === null) return operandsOf(value).flatMap((operand) => sourcesOf(unit, operand, depth));
  const { values, locals } = assignmentsOf(unit);
  const given = depth > 0 && locals.has(root) ? (values.get(root) ?? []) : [];
  return [root, ...given.flatMap((one) => operandsOf(one).flatMap((operand) => sourcesOf(unit, operand, depth - 1)))];
}

/** What a value is made of. A function of the API makes something new. */
function operandsOf(value: Expression): readonly Expression[] {
  const bare = withoutCasts(value);
  if (bare.kind !== 'call') return rootOf(bare) === null ? subexpressions(bare) : [bare];
  return bare.callee.kind === 'name' && apiRow(bare.callee.name) ? [] : bare.arguments;
}

/** Whether an argument of a call comes from one of some variables. */
export function sharesSource(unit: FunctionUnit, call: CallExpression, sources: readonly string[]): boolean {
  return call.arguments.some((argument) => sourcesOf(unit, argument).some((source) => sources.includes(source)));
}

/** Returns whether a callee may release what it gets: locks and collections do not. The last put of an object runs its release function. */
export function mayRelease({ callee }: CallExpression): boolean {
  if (callee.kind !== 'name' || isKrefPut(callee.name)) return true;
  const { name } = callee;
  const isKnown = apiRow(name) || isHarmless(name) || isBorrower(name) || predicates.has(name);
  if (isNamedForLock(name) || mayRefuse(name)) return false;
  return !isKnown && !errorConversions.has(name) && !freeFunctions.has(name);
}
