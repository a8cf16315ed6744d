import { rules } from '../../../rules/index.js';
import { hasSpoilt } from '../../base/parsing-watch.js';
import { factsOf, lintTree } from '../../lint/analysis.js';
import { noStore, openFactsStore } from '../../lint/facts/facts-store.js';
import type { Analyse, Config } from '../../lint/index.js';
import { createUnitStore, openUnitCache, type UnitStore } from '../../program/index.js';

/** What analyses of several trees share, and with earlier runs where these are to help. */
export function sharedUnits(isCached: boolean): UnitStore {
  // What the parser crashed on is not what a file says.
  return createUnitStore(isCached && !hasSpoilt ? openUnitCache : undefined);
}

/** Analyses a tree, or remembers what it said before. */
export function analyser(config: Config, isCached: boolean, units: UnitStore = sharedUnits(isCached)): Analyse {
  // Which findings are left for later does not change what a tree says.
  const store = isCached && !hasSpoilt ? openFactsStore({ ...config, baseline: null }) : noStore;
  return async (tree, identity) => {
    const known = identity === null ? undefined : store.get(identity);
    if (known) return known;
    const facts = factsOf(await lintTree(tree, rules, config, null, performance.now(), units));
    units.keep();
    if (identity !== null) store.put(identity, facts);
    return facts;
  };
}
