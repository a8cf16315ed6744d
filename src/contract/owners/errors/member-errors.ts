// Where does a function store what a call returns in a member, and ask whether that is an error?

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

/** A store of what a call returns, in a member. */
export interface Store {
  readonly member: Extract<Expression, { kind: 'member' }>;
  readonly callee: string;
  readonly call: CallExpression;
  readonly at: number;
}

/** A question whether a place is an error; its text is the first group. */
export const askedForError = new RegExp(
  `\\b(?:${[...predicates].flatMap(([name, { trueFor }]) => (trueFor.includes('error') ? [name] : [])).join('|')})\\s*\\(\\s*([\\w.[\\]>-]+)`,
  'g',
);

/** Whether code can fill a member and ask whether it is an error. */
export const asksForErrors = (code: string): boolean =>
  /(?:->|\.)\s*\w+\s*=[^=]/.test(code) && [...predicates.keys()].some((name) => code.includes(name));

/** The stores of what a named function returns, in order. */
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

/** Whether a store is of a pointer of the API, or an error: from a function of the API, or from one of the driver's. */
export function returnsResource(codebase: Codebase, ref: FunctionRef, { callee, call }: Store): boolean {
  if (apiFunction(callee, call.arguments.length)?.result === 'pointer-or-error') return true;
  const target = codebase.definitions.findNear(callee, ref.path);
  return target !== undefined && isResourceType(target.outline.returnType);
}

/**
 * Whether a function asks for an error after a store, and nowhere else: not before it, and not behind the `if` that the
 * store stands under, where it asks each time.
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

/** The `if` under which an expression stands, the innermost; undefined where there is none. */
function innermostIf(body: readonly Statement[], at: number): Statement | undefined {
  let found: Statement | undefined;
  visitExpressions(body, (expression, _, around) => {
    if (expression.at === at) found = around.findLast(({ kind }) => kind === 'if');
  });
  return found;
}

/** Whether something after a store writes the member again, or gets the whole object, which it may clear or free. */
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
