// Where does a function store the result of a call in a member, and test the member for an error?

import {
  type CallExpression,
  type Expression,
  expressionText,
  type Statement,
  stripCasts,
  visitExpressions,
} from '../../../c/index.js';
import { apiFunction, isResourceType, predicates } from '../../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../../program/index.js';

/** A store of the result of a call in a member. */
export interface Store {
  readonly member: Extract<Expression, { kind: 'member' }>;
  readonly callee: string;
  readonly call: CallExpression;
  readonly at: number;
}

/** A test of a place for an error; the first group is the text of the place. */
export const askedForError = new RegExp(
  `\\b(?:${[...predicates].flatMap(([name, { trueFor }]) => (trueFor.includes('error') ? [name] : [])).join('|')})\\s*\\(\\s*([\\w.[\\]>-]+)`,
  'g',
);

/** Whether code may fill a member and test it for an error. */
export const asksForErrors = (code: string): boolean =>
  /(?:->|\.)\s*\w+\s*=[^=]/.test(code) && [...predicates.keys()].some((name) => code.includes(name));

/** The stores of results of named functions, in order. */
export function storesIn(body: readonly Statement[]): readonly Store[] {
  const found: Store[] = [];
  visitExpressions(body, (expression) => {
    if (expression.kind !== 'assignment' || expression.target.kind !== 'member') return;
    const value = stripCasts(expression.value);
    if (value.kind !== 'call' || value.callee.kind !== 'name') return;
    found.push({ member: expression.target, callee: value.callee.name, call: value, at: value.at });
  });
  return found;
}

/** Whether the stored result is an API pointer or an error: from a function of the API, or from a function of the driver. */
export function returnsResource(codebase: Codebase, ref: FunctionRef, { callee, call }: Store): boolean {
  if (apiFunction(callee, call.arguments.length)?.result === 'pointer-or-error') return true;
  const target = codebase.definitions.findNear(callee, ref.path);
  return target !== undefined && isResourceType(target.outline.returnType);
}

/**
 * Whether a function tests for an error only after a store, and only in the `if` that contains the store. A test before the
 * store or after that `if` runs each time.
 */
export function isAskedForError(body: readonly Statement[], store: Store, place: string): boolean {
  const branch = innermostIf(body, store.at);
  let isAsked = false;
  let isAlwaysAsked = false;
  visitExpressions(body, (expression, statement, around) => {
    if (expression.kind !== 'call' || expression.callee.kind !== 'name') return;
    const predicate = predicates.get(expression.callee.name);
    const [argument] = expression.arguments;
    if (!predicate?.trueFor.includes('error') || !argument || expressionText(stripCasts(argument)) !== place) return;
    const isWithin = branch === undefined || branch === statement || around.includes(branch);
    if (expression.at < store.at || !isWithin) isAlwaysAsked = true;
    else isAsked = true;
  });
  return isAsked && !isAlwaysAsked;
}

/** The innermost `if` that contains an expression; undefined where there is none. */
function innermostIf(body: readonly Statement[], at: number): Statement | undefined {
  let found: Statement | undefined;
  visitExpressions(body, (expression, _, around) => {
    if (expression.at === at) found = around.findLast(({ kind }) => kind === 'if');
  });
  return found;
}

/** Whether code after a store writes the member again, or passes the whole object on to be cleared or freed. */
export function isUndone(body: readonly Statement[], store: Store, place: string): boolean {
  let isUndone = false;
  const object = expressionText(stripCasts(store.member.object));
  visitExpressions(body, (expression) => {
    if (expression.at <= store.at) return;
    if (expression.kind === 'assignment' && expressionText(expression.target) === place) isUndone = true;
    if (expression.kind === 'call' && expression.arguments.some((one) => expressionText(stripCasts(one)) === object))
      isUndone = true;
  });
  return isUndone;
}
