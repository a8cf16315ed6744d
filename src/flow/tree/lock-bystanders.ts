import { callsIn } from '../../c/index.js';
import { apiFunctions, lockContext, lockFunctions, mayHideReservation } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../program/index.js';

/** Through how many callees a function is looked into. */
const deepest = 3;

/**
 * Whether a function leaves reservation locks alone, whatever its name says: `foo_drop_locked()` of which all can be seen,
 * and which calls nothing that may take or drop one. Of a call through a pointer nothing is known.
 */
export function leavesLocksAlone(codebase: Codebase, ref: FunctionRef, depth = deepest): boolean {
  return memoByFunction(codebase, ref, `leaves-locks\0${depth}`, () => {
    const { body, unparsed } = codebase.program.lower(ref);
    return unparsed.length === 0 && callsIn(body).every(({ name }) => callLeavesLocks(codebase, ref, name, depth));
  });
}

function callLeavesLocks(codebase: Codebase, ref: FunctionRef, name: string | null, depth: number): boolean {
  if (name === null) return false;
  if (lockFunctions.has(name) || name === lockContext.begin) return false;
  // What the API itself takes it drops again.
  if (apiFunctions.has(name)) return true;
  const target = codebase.definitions.findCandidate(name, ref.path);
  if (!target) return !mayHideReservation(name);
  if (target.outline.name === ref.outline.name) return true;
  return depth > 0 && leavesLocksAlone(codebase, target, depth - 1);
}
