// Does a caller ask, before it calls the function that maps?

import { type CallExpression, type Expression, lvalueText } from '../../c/index.js';
import { graphOf, nodeOfCall } from '../../flow/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import type { FunctionPlace } from '../model/lifetimes.js';
import { isFresh } from '../owners/frees.js';
import { askedOutside } from './asked-paths.js';
import { isEnteredAlone, isEnteredLocked } from './entered.js';
import { indexText } from './entries.js';
import { asksByHelper, mayLookByHelper } from './predicates.js';
import type { Store } from './stores.js';

/** What is looked for above a function: a question about a member behind one of its parameters. */
interface Sought {
  readonly callee: FunctionRef;
  readonly store: Pick<Store, 'member' | 'index'>;
  /** Where the lock was taken after the question; null where a caller must take it. */
  readonly lock: FunctionPlace | null;
}

/** Where a caller asks without a lock, and where the lock is taken after that. */
export interface AskedAbove {
  readonly test: FunctionPlace;
  readonly lock: FunctionPlace;
}

/**
 * Returns the first caller, or caller of a caller, that asks without a lock before it calls the function.
 * @param height how many calls may lie between the question and the function
 */
export function askedAbove(codebase: Codebase, sought: Sought, height = 2): AskedAbove | undefined {
  for (const { caller, call } of codebase.references.callersOf(sought.callee)) {
    const found = askedByCaller(codebase, sought, { ref: caller, call, height });
    if (found) return found;
  }
  return undefined;
}

function askedByCaller(
  codebase: Codebase,
  { callee, store, lock }: Sought,
  { ref, call, height }: { readonly ref: FunctionRef; readonly call: CallExpression; readonly height: number },
): AskedAbove | undefined {
  const passed = (name: string): Expression | undefined =>
    call.arguments[callee.outline.parameters.findIndex((parameter) => parameter.name === name)];
  const [root = '', ...path] = store.member.split('.');
  const argument = passed(root);
  const [of = '', ...further] = store.index?.split('.') ?? [];
  const key = passed(of);
  if (store.index !== undefined && !key) return undefined;
  const text = argument ? lvalueText(argument) : null;
  if (!argument || text === null || isFresh(codebase, ref, argument)) return undefined;
  if (isEnteredAlone(codebase, ref) || isEnteredLocked(codebase, ref, 1)) return undefined;
  const unit = codebase.program.lower(ref);
  const goal = nodeOfCall(graphOf(unit), call);
  if (goal < 0) return undefined;
  const member = [text, ...path].join('.');
  const isAsked = (one: CallExpression): boolean => asksByHelper(codebase, one, member, ref.path);
  const index = key && [indexText(key), ...further].join('.');
  const way = { unit, member, index, isAsked, decided: goal, goal };
  const own = askedOutside({ ...way, isLocked: lock === null, wasAsked: false, assertion: 'asked-under-lock' });
  const place = lock ?? (own?.lock ? { ref, at: own.lock } : null);
  if (own && place) return { test: { ref, at: own.test }, lock: place };
  if (height <= 1) return undefined;
  const mayLook = (one: CallExpression): boolean => mayLookByHelper(codebase, one, member, ref.path);
  for (const isLocked of lock ? [false] : [true, false]) {
    const passing = askedOutside({ ...way, mayLook, isLocked, wasAsked: true, assertion: 'caller-has-lock' });
    if (!passing) continue;
    const taken = isLocked && passing.lock !== null ? { ref, at: passing.lock } : lock;
    const found = askedAbove(codebase, { callee: ref, store: { member, index }, lock: taken }, height - 1);
    if (found) return found;
  }
  return undefined;
}
