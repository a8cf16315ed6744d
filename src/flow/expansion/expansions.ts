import type { FunctionUnit } from '../../c/index.js';
import { apiFunctions } from '../../kernel/effects.js';
import { lockFunctions } from '../../kernel/lock-data.js';
import type { Codebase } from '../../program/index.js';
import { type FreeAction, type GuardAction, readFreeActions, readGuards } from './cleanup.js';
import { readMacros } from './macros.js';

const macroWord = new RegExp(`\\b(?:${[...apiFunctions.keys(), ...lockFunctions.keys()].join('|')})\\s*\\(`);

/** What the tree's macros do. */
export interface Expansions {
  readonly macros: ReadonlyMap<string, FunctionUnit>;
  readonly freeActions: ReadonlyMap<string, FreeAction>;
  readonly guards: ReadonlyMap<string, GuardAction>;
  /** The same for the same content. */
  readonly digest: string;
}

const settingName = 'expansions';

/**
 * Reads what the macros of a tree do, once. They are the same for all of it: whoever uses them says so by
 * {@link dependOnExpansions}, and is not told of a change in the files that leaves all macros as they were.
 */
export function expansionsOf(codebase: Codebase): Expansions {
  return codebase.memory.recall('expansions', () => {
    const expansions = {
      freeActions: readFreeActions(codebase),
      guards: readGuards(codebase),
      macros: readMacros(codebase, macroWord),
    };
    return {
      ...expansions,
      digest: JSON.stringify([...expansions.freeActions, ...expansions.guards, ...expansions.macros]),
    };
  });
}

/** Begins to use these expansions: what was found out with others no longer holds. */
export function useExpansions(codebase: Codebase, { digest }: Expansions): void {
  codebase.memory.set(settingName, digest);
}

export function dependOnExpansions(codebase: Codebase): void {
  codebase.memory.setting(settingName);
}
