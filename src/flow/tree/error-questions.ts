// Which functions only ask whether what they get is an error? `foo_err(p)`, a PTR_ERR_OR_ZERO() of the driver's own.

import { callsIn, visitExpressions } from '../../c/index.js';
import { asksForError, isErrorMacro } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';

/** A longer function does more. */
const mostStatements = 4;

/** Whether a function asks for an error pointer, calls nothing else, and writes nothing. */
export function asksOnlyForError(codebase: Codebase, ref: FunctionRef): boolean {
  return memoByFunction(
    codebase,
    ref,
    'asks only for an error',
    () => {
      if (!asksForError(codebase.program.bodyText(ref))) return false;
      const { body, unparsed } = codebase.program.lower(ref);
      if (unparsed.length > 0 || body.length > mostStatements) return false;
      let writes = false;
      visitExpressions(body, ({ kind }) => {
        if (kind === 'assignment' || kind === 'update') writes = true;
      });
      return !writes && callsIn(body).every(({ name }) => name !== null && isErrorMacro(name));
    },
    plain(),
  );
}
