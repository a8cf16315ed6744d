import { callsIn, type FunctionUnit } from '../../c/index.js';
import { apiFunctions, dmaBufCore, knownBodies, lockFunctions } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import { type FreeDefinition, type GuardAction, readFreeActions, readGuards } from './cleanup.js';
import { ambiguousMacros, readMacros, unitOf } from './macros.js';
import { secondNames } from './wrappers.js';

const macroWord = new RegExp(`\\b(?:${[...apiFunctions.keys(), ...lockFunctions.keys()].join('|')})\\s*\\(`);

/** What the macros of a tree do. */
export interface Expansions {
  /** Macros that acquire, release or lock something, by name. */
  readonly macros: ReadonlyMap<string, FunctionUnit>;
  /** Those with other definitions in the tree: the kernel version or the build options decide which one applies. */
  readonly ambiguous: ReadonlySet<string>;
  /** Those that stand for a call of the API, or for the name of one of its functions: who uses one uses the API. */
  readonly wrappers: readonly string[];
  /** What `__free(name)` calls, by name. */
  readonly freeActions: ReadonlyMap<string, readonly FreeDefinition[]>;
  /** What `guard(name)` takes, by name. */
  readonly guards: ReadonlyMap<string, GuardAction>;
  /** A text that is equal exactly where all of these are. */
  readonly digest: string;
}

const settingName = 'expansions';

/**
 * Reads what the macros of a tree do, once for a tree. An answer that uses them must call {@link dependOnExpansions}; it
 * is then made anew only where a macro changed, and not where any file that defines one did.
 */
export function expansionsOf(codebase: Codebase): Expansions {
  return codebase.memory.recall('expansions', () => {
    const expansions = {
      freeActions: readFreeActions(codebase),
      guards: readGuards(codebase),
      macros: new Map([...bodiesOutside(codebase), ...secondNames(codebase), ...readMacros(codebase, macroWord)]),
    };
    const wrappers = callingMacros(expansions.macros);
    const ambiguous = ambiguousMacros(codebase, [...expansions.macros.keys()]);
    const { freeActions, guards, macros } = expansions;
    return {
      ...expansions,
      wrappers,
      ambiguous,
      digest: JSON.stringify([...freeActions, ...guards, ...macros, ...wrappers, ...ambiguous]),
    };
  });
}

/** Functions of the kernel that the tree does not have, each as a macro of the same name. */
function bodiesOutside(codebase: Codebase): ReadonlyMap<string, FunctionUnit> {
  return new Map(
    knownBodies.flatMap(({ name, parameters, body }) => {
      const isHere = codebase.definitions.findCandidate(name, dmaBufCore) !== undefined;
      const unit = isHere ? undefined : unitOf(codebase, { name, body }, parameters);
      return unit ? [[name, unit] as const] : [];
    }),
  );
}

function callingMacros(macros: Expansions['macros']): readonly string[] {
  return [...macros].flatMap(([name, { body }]) =>
    callsIn(body).some((call) => call.name !== null && apiFunctions.has(call.name)) ? [name] : [],
  );
}

/** Sets the expansions in use. Answers that depend on others are made anew. */
export function useExpansions(codebase: Codebase, { digest }: Expansions): void {
  codebase.memory.set(settingName, digest);
}

/** Says that the answer being made depends on the expansions. */
export function dependOnExpansions(codebase: Codebase): void {
  codebase.memory.setting(settingName);
}
