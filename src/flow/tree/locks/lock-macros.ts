// Which macros of a driver need the reservation lock, and which may take it?

import { callsIn } from '../../../c/index.js';
import { apiFunctions, isErrorMacro, isHarmless, mayTakeReservation } from '../../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../../program/index.js';
import { expansionsOf } from '../../expansion/expansions.js';
import { calledNames, mayTakeBelow, namesCalled, wordsCalled } from './called-names.js';

/**
 * The macros that call one of some functions, and nothing but the API: `#define ex_map(at, dir) dma_buf_map_attachment(at, dir)`.
 * A macro that has several definitions is left out.
 */
export function macrosCalling(codebase: Codebase, names: ReadonlySet<string>): readonly string[] {
  const { macros, wrappers, ambiguous } = expansionsOf(codebase);
  return wrappers.filter((macro) => {
    const called = callsIn(macros.get(macro)?.body ?? []).map(({ name }) => name);
    return (
      !ambiguous.has(macro) &&
      called.some((name) => name !== null && names.has(name)) &&
      called.every((name) => name !== null && (names.has(name) || apiFunctions.has(name) || isErrorMacro(name)))
    );
  });
}

/** Whether a function uses one of some macros, and its file sees the definition: another driver may use the name otherwise. */
export function usesOwnMacro(codebase: Codebase, ref: FunctionRef, macros: readonly string[]): boolean {
  const own = ownMacros(codebase, ref.path);
  const code = codebase.program.bodyText(ref);
  return macros.some((macro) => own.has(macro) && code.includes(macro));
}

/** How many macros deep it is looked for a lock. */
const deepestMacro = 3;

/**
 * Whether a function uses a macro of its driver that may take the lock, or one that the tree does not show. Such a macro may
 * do so around a block, or around what it gets as an argument, which is not followed.
 */
export function mayLockByMacro(codebase: Codebase, ref: FunctionRef): boolean {
  const own = ownMacros(codebase, ref.path);
  const code = codebase.program.bodyText(ref);
  const words = new Set(code.match(/\b[A-Za-z_]\w*/g) ?? []);
  if ([...words].some((word) => mayTake(codebase, own, ref.path, word, deepestMacro))) return true;
  return namesCalled(codebase, ref).some(
    (name) =>
      /^[A-Z_\d]+$/.test(name) &&
      !own.has(name) &&
      !isErrorMacro(name) &&
      !isHarmless(name) &&
      codebase.definitions.macro(name, ref.path) === undefined,
  );
}

function mayTake(
  codebase: Codebase,
  own: ReadonlyMap<string, readonly string[]>,
  from: string,
  macro: string,
  depth: number,
): boolean {
  return (own.get(macro) ?? []).some((body) =>
    wordsCalled(body).some((name) => {
      if (mayTakeReservation(name) || /guard/i.test(name)) return true;
      if (own.has(name)) return depth > 0 && mayTake(codebase, own, from, name, depth - 1);
      // A function of the API leaves the lock as it was.
      const target = apiFunctions.has(name) ? undefined : codebase.definitions.find(name, from);
      if (!target) return false;
      return calledNames(codebase, target).some(mayTakeReservation) || mayTakeBelow(codebase, target);
    }),
  );
}

/** The bodies of the macros that a file, or a header of the driver that it includes, defines, by name. */
function ownMacros({ program, definitions }: Codebase, path: string): ReadonlyMap<string, readonly string[]> {
  const headers = definitions.headers(path).filter((header) => !header.startsWith('include/'));
  const found = new Map<string, string[]>();
  for (const { name, body } of [path, ...headers].flatMap((file) => program.file(file)?.unit.macros ?? [])) {
    const bodies = found.get(name);
    if (bodies) bodies.push(body);
    else found.set(name, [body]);
  }
  return found;
}
