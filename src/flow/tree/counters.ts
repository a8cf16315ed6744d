// Which functions only count the references of their argument? `foo_get(foo)`, `foo_put(foo)`.

import { callsIn, visitExpressions } from '../../c/index.js';
import { gemCounts, isBorrower, isErrorMacro, memberCounts } from '../../kernel/index.js';
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

function isHarmless(name: string): boolean {
  return isBorrower(name) || isErrorMacro(name);
}
