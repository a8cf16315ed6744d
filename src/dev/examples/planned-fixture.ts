import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildContract } from '../../contract/index.js';
import { type DocumentationPlan, planDocumentation } from '../../docs/plan.js';
import { openMemory } from '../../input/tree/tree.js';
import { createUnitStore, type UnitStore } from '../../program/index.js';
import { filesBelow, fixturesFolder } from './example-tree.js';

/** Texts by their paths in a tree. */
export type Files = Readonly<Record<string, string>>;

/** The files of a fixture tree. */
export function fixture(tree: string): Files {
  const folder = join(fixturesFolder, tree);
  return Object.fromEntries(filesBelow(folder).map((path) => [path, readFileSync(join(folder, path), 'latin1')]));
}

/** What the documentation of a tree needs. @param store what is known of a tree that differs in few files */
export async function plan(files: Files, store?: UnitStore): Promise<DocumentationPlan> {
  return planDocumentation(await buildContract(openMemory('test', files), undefined, store));
}

const stores = new Map<string, UnitStore>();

/** What was read of a fixture tree: where it has other comments, no other file of it is read again. */
export function storeOf(tree: string): UnitStore {
  const store = stores.get(tree) ?? createUnitStore();
  stores.set(tree, store);
  return store;
}

const firstPlans = new Map<string, Promise<DocumentationPlan>>();

/** What a fixture tree needs as it is: it is looked at in many ways, and planned once. */
export function planFixture(tree: string): Promise<DocumentationPlan> {
  const made = firstPlans.get(tree) ?? plan(fixture(tree), storeOf(tree));
  firstPlans.set(tree, made);
  return made;
}
