// What a function calls by name, and may that take the reservation lock?

import { isGuard, isNamedForKeptLock, isNamedForLock, mayTakeReservation } from '../../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, memoByFunction, plain } from '../../../program/index.js';

/** The names that a function calls, without those called through a member. */
export function calledNames(codebase: Codebase, ref: FunctionRef): readonly string[] {
  return memoByFunction(
    codebase,
    ref,
    'called-names',
    () => [
      ...new Set(
        [...codebase.program.bodyText(ref).matchAll(/(?<![>.]\s*)\b([a-z_]\w*)\s*\(/g)].map((match) => match[1] ?? ''),
      ),
    ],
    plain(),
  );
}

/** How deep it is searched whether a callee may take the lock. */
const deepestTaker = 3;

/**
 * Whether a callee of a function, or one of its callees, may return with a lock, as far as the names of what they call
 * say: `foo_begin()` need not be named for a lock.
 */
export function mayTakeBelow(codebase: Codebase, ref: FunctionRef, depth = deepestTaker): boolean {
  return memoByFunction(
    codebase,
    ref,
    `may-take-below\0${depth}`,
    () =>
      namesCalled(codebase, ref).some((name) => {
        const target = isNamedForLock(name) ? undefined : codebase.definitions.find(name, ref.path);
        const macro = target ? undefined : codebase.definitions.macro(name, ref.path);
        if (macro !== undefined) return wordsCalled(macro).some(mayTakeReservation);
        if (!target || functionKey(target) === functionKey(ref)) return false;
        const takes = calledNames(codebase, target).some(mayReturnWithLock);
        return takes || (depth > 1 && mayTakeBelow(codebase, target, depth - 1));
      }),
    plain(),
  );
}

/**
 * Whether a function may return with a lock because of a call. `foo_unmap_locked()` works under that of its caller, and a
 * guard is dropped at the return.
 */
export function mayReturnWithLock(name: string): boolean {
  return mayTakeReservation(name) && !isNamedForKeptLock(name) && !isGuard(name);
}

/** The names of the functions and macros that a function calls, whatever the case of their letters. */
export function namesCalled(codebase: Codebase, ref: FunctionRef): readonly string[] {
  return [...new Set(wordsCalled(codebase.program.bodyText(ref)))];
}

export function wordsCalled(code: string): readonly string[] {
  return [...code.matchAll(/(?<![>.]\s*)\b([A-Za-z_]\w*)\s*\(/g)].map(([, name = '']) => name);
}

/** What a call of any of some functions looks like in a text. */
export function callOfAny(names: ReadonlySet<string>): RegExp {
  return new RegExp(`\\b(?:${[...names].join('|')})\\s*\\(`);
}
