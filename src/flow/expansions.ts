import type { FunctionUnit } from '../c/index.js';
import type { World } from '../program/index.js';
import { type FreeAction, type GuardAction, readFreeActions, readGuards } from './cleanup.js';
import { apiFunctions } from './effects.js';
import { lockFunctions } from './lock-data.js';
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
export function expansionsOf(world: World): Expansions {
  return world.memory.recall('expansions', () => {
    const expansions = {
      freeActions: readFreeActions(world),
      guards: readGuards(world),
      macros: readMacros(world, macroWord),
    };
    return {
      ...expansions,
      digest: JSON.stringify([...expansions.freeActions, ...expansions.guards, ...expansions.macros]),
    };
  });
}

/** Begins to use these expansions: what was found out with others no longer holds. */
export function useExpansions(world: World, { digest }: Expansions): void {
  world.memory.set(settingName, digest);
}

export function dependOnExpansions(world: World): void {
  world.memory.setting(settingName);
}
