// What does a callback use of its importer's structure if a member of the structure is set?

import type { Expression, Statement } from '../../c/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import type { GuardedUse } from '../model/importer.js';
import { callbackStructure, pathFrom, usesInBody } from './callback-uses.js';
import { mayLeave } from './run-always.js';

/**
 * Returns what a callback uses only after a test of a member: after `if (!x->sgt) return;`, or in `if (x->sgt) { … }`.
 */
export function guardedUses(codebase: Codebase, callback: FunctionRef): readonly GuardedUse[] {
  const unit = codebase.program.lower(callback);
  const { body } = unit;
  const member = (test: Expression): readonly string[] | undefined => {
    if (test.kind !== 'member') return undefined;
    const path = pathFrom(unit, test.object, callbackStructure);
    return path && [...path, test.member];
  };
  for (const [index, statement] of body.entries()) {
    const guarded = guardedBy(statement, body.slice(index + 1), member);
    if (guarded)
      return usesInBody(codebase, callback, guarded.body, callbackStructure).map((use) => ({
        ...use,
        guard: guarded.guard,
      }));
    if (mayLeave([statement])) return [];
  }
  return [];
}

/** The member that an `if` tests, and the code that runs if it is set; undefined for any other statement. */
function guardedBy(
  statement: Statement,
  behind: readonly Statement[],
  member: (test: Expression) => readonly string[] | undefined,
): { readonly guard: readonly string[]; readonly body: readonly Statement[] } | undefined {
  if (statement.kind !== 'if' || statement.otherwise.length > 0) return undefined;
  const { test, then } = statement;
  const asksForNone = test.kind === 'unary' && test.operator === '!';
  const guard = member(asksForNone ? test.operand : test);
  if (!guard) return undefined;
  if (!asksForNone) return { guard, body: then };
  const [only, ...others] = then;
  return only?.kind === 'return' && others.length === 0 ? { guard, body: behind } : undefined;
}
