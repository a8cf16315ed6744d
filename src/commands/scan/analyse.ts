import { rules } from '../../../rules/index.js';
import type { CacheFolders } from '../../base/disk-cache.js';
import { factsOf, lintTree } from '../../lint/analysis.js';
import { noStore, openFactsStore } from '../../lint/facts/facts-store.js';
import type { Analyse, Config } from '../../lint/index.js';
import { createKeptStore, createUnitStore, openUnitCache, type UnitStore } from '../../program/index.js';

/** The parsed files that the analyses of several trees share, also with earlier and later runs if there are caches. */
export function sharedUnits(caches: CacheFolders | null): UnitStore {
  return createUnitStore(caches ? (setting) => openUnitCache(setting, caches.units) : undefined);
}

/**
 * What is found out about the revisions of a repository, one of them in each run. Git tells which of their files are the
 * same, and those are not read.
 * @param folder the tree in the work tree of the repository, or the repository
 */
export function keptUnits(caches: CacheFolders, folder: string): UnitStore {
  const openCache = (setting: string) => openUnitCache(setting, caches.units);
  return createKeptStore(openCache, { folder: caches.answers, tree: `revisions ${folder}`, isAlone: true });
}

/** Analyses trees. The result for a tree that an earlier run analysed is taken from the cache. */
export function analyser(config: Config, caches: CacheFolders | null, units: UnitStore = sharedUnits(caches)): Analyse {
  // The baseline does not change what is found in a tree, only what is reported.
  const store = caches ? openFactsStore({ ...config, baseline: null }, caches.trees) : noStore;
  return async (tree, identity) => {
    const known = identity === null ? undefined : store.get(identity);
    if (known) return known;
    const facts = factsOf(await lintTree(tree, rules, config, null, performance.now(), units));
    units.keep();
    if (identity !== null) store.put(identity, facts);
    return facts;
  };
}
