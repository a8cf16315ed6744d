// Which functions only count the references of their argument? `foo_get(foo)`, `foo_put(foo)`.

import { callsIn, visitExpressions } from '../../c/index.js';
import {
  countSteps,
  gemCounts,
  isBorrower,
  isErrorMacro,
  isPlainLock,
  isPlainUnlock,
  memberCounts,
} from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';

/** A longer function does more than that. */
const mostStatements = 4;

/**
 * Whether a function takes or drops references to its argument, and does nothing else that matters to them:
 * `kref_get(&foo->ref); return foo;`.
 */
export function isCounter(codebase: Codebase, ref: FunctionRef): boolean {
  return memoByFunction(
    codebase,
    ref,
    'counts references',
    () => {
      const { body, unparsed } = codebase.program.lower(ref);
      if (unparsed.length > 0 || body.length > mostStatements) return false;
      const names = callsIn(body).map(({ name }) => name);
      const counts = (name: string | null): boolean => name !== null && (memberCounts.has(name) || gemCounts.has(name));
      let fills = false;
      visitExpressions(body, ({ kind }) => {
        if (kind === 'assignment' || kind === 'update') fills = true;
      });
      return !fills && names.some(counts) && names.every((name) => name !== null && (counts(name) || isHarmless(name)));
    },
    plain(),
  );
}

/** A longer function does more than count and answer. */
const mostOfAnswer = 6;

/**
 * Whether a function only counts one step and answers by the count, under a lock or not: `return atomic_inc_return(&x->n) == 1;`,
 * `last = --x->n == 0; return last;`.
 */
export function answersByCount(codebase: Codebase, ref: FunctionRef): boolean {
  return memoByFunction(
    codebase,
    ref,
    'answers by a count',
    () => {
      const { body, unparsed } = codebase.program.lower(ref);
      const last = body.at(-1);
      if (unparsed.length > 0 || body.length > mostOfAnswer || last?.kind !== 'return' || !last.value) return false;
      if (!body.every(({ kind }) => kind === 'expression' || kind === 'declaration' || kind === 'return')) return false;
      const names = callsIn(body).map(({ name }) => name);
      const counts = (name: string | null): boolean => name !== null && countSteps.has(name);
      let steps = names.filter(counts).length;
      let isPlain = true;
      visitExpressions(body, (one) => {
        if (one.kind === 'update' && one.operand.kind === 'member') steps++;
        else if (one.kind === 'update' || one.kind === 'statements') isPlain = false;
        else if (one.kind === 'assignment' && one.target.kind !== 'name') isPlain = false;
      });
      return (
        isPlain &&
        steps === 1 &&
        names.every(
          (name) => name !== null && (counts(name) || isHarmless(name) || isPlainLock(name) || isPlainUnlock(name)),
        )
      );
    },
    plain(),
  );
}

function isHarmless(name: string): boolean {
  return isBorrower(name) || isErrorMacro(name);
}
