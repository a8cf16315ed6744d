import { rules } from '../../rules/index.js';
import { hasSpoilt } from '../input/parsing-watch.js';
import { factsOf, lintTree } from '../lint/analysis.js';
import { noStore, openFactsStore } from '../lint/facts-store.js';
import type { Analyse, Config } from '../lint/index.js';
import { createUnitStore, type UnitStore } from '../program/index.js';

/** Analyses a tree, or remembers what it said before. */
export function analyser(config: Config, isCached: boolean, units: UnitStore = createUnitStore()): Analyse {
  // Which findings are left for later does not change what a tree says.
  const store = isCached && !hasSpoilt ? openFactsStore({ ...config, baseline: null }) : noStore;
  return async (tree, identity) => {
    const known = identity === null ? undefined : store.get(identity);
    if (known) return known;
    const facts = factsOf(await lintTree(tree, rules, config, null, performance.now(), units));
    if (identity !== null) store.put(identity, facts);
    return facts;
  };
}
