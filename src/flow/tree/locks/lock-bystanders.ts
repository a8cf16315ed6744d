import { type CallExpression, type CallInBody, callsIn } from '../../../c/index.js';
import { apiFunctions, lockContext, lockFunctions, mayHideReservation } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFunction } from '../../../program/index.js';

/** Through how many callees a function is looked into. */
const deepest = 3;

/**
 * Whether a function leaves reservation locks alone, whatever its name says: `foo_drop_locked()` of which all can be seen,
 * and which calls nothing that may take or drop one. Of a call through a pointer nothing is known.
 */
export function leavesLocksAlone(codebase: Codebase, ref: FunctionRef, depth = deepest): boolean {
  return memoByFunction(codebase, ref, `leaves-locks\0${depth}`, () => {
    const { body, unparsed } = codebase.program.lower(ref);
    return unparsed.length === 0 && callsIn(body).every((call) => callLeavesLocks({ codebase, ref, depth }, call));
  });
}

/** Whether some calls of a function leave reservation locks alone, as far as can be seen. */
export function callsLeaveLocks(codebase: Codebase, ref: FunctionRef, calls: readonly CallExpression[]): boolean {
  return calls.every((call) => {
    const name = call.callee.kind === 'name' ? call.callee.name : null;
    const macro = name === null ? undefined : codebase.definitions.macro(name, ref.path);
    if (macro !== undefined && mentionsReservationLock(macro)) return false;
    return callLeavesLocks({ codebase, ref, depth: deepest }, { name, call });
  });
}

/** The function that is looked into, and through how many callees more. */
interface Look {
  readonly codebase: Codebase;
  readonly ref: FunctionRef;
  readonly depth: number;
}

function callLeavesLocks({ codebase, ref, depth }: Look, { name, call }: Pick<CallInBody, 'name' | 'call'>): boolean {
  if (name === null) return false;
  if (lockFunctions.has(name) || name === lockContext.begin) return false;
  // What the API itself takes it drops again.
  if (apiFunctions.has(name)) return true;
  const leaves = (target: FunctionRef): boolean =>
    target.outline.name === ref.outline.name || (depth > 0 && leavesLocksAlone(codebase, target, depth - 1));
  // `kref_put(&x->ref, x_free_and_unlock)` runs what it is given.
  for (const argument of call.arguments) {
    const given = argument.kind === 'name' ? codebase.definitions.findCandidate(argument.name, ref.path) : undefined;
    if (given && !leaves(given)) return false;
  }
  const target = codebase.definitions.findCandidate(name, ref.path);
  if (target) return leaves(target);
  // A macro of the kernel's headers is known by its name, one of the driver by what it does.
  const macros = codebase.program.file(ref.path)?.unit.macros.filter((macro) => macro.name === name) ?? [];
  return !mayHideReservation(name) && !macros.some(({ body }) => mentionsReservationLock(body));
}

/** Whether the body of a macro may take or drop a reservation lock. */
function mentionsReservationLock(body: string): boolean {
  return [...body.matchAll(/\b(\w+)\s*\(/g)].some(
    ([, called = '']) => lockFunctions.has(called) || called === lockContext.begin || mayHideReservation(called),
  );
}
