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
}

const expansions = new WeakMap<World, Expansions>();

/** Reads what the macros of a tree do, once. */
export function expansionsOf(world: World): Expansions {
  let known = expansions.get(world);
  if (!known) {
    known = { freeActions: readFreeActions(world), guards: readGuards(world), macros: readMacros(world, macroWord) };
    expansions.set(world, known);
  }
  return known;
}
