import { rules } from '../../../rules/index.js';
import type { CacheFolders } from '../../base/disk-cache.js';
import { keepSearches } from '../../input/search/kept-search.js';
import type { StampedWalk } from '../../input/tree/stamped-walk.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import type { Config, ScanOutcome } from '../../lint/index.js';
import { createKeptStore, createSingleStore, openUnitCache, type UnitStore } from '../../program/index.js';

/** What is known before an analysis. */
export interface AnalysisStart {
  /** The commit that is checked out, or null. */
  readonly revision: string | null;
  /** When the work began, by performance.now(). */
  readonly started: number;
  /** Where parsed files are taken from and kept; null to parse all, and to keep nothing. */
  readonly caches: CacheFolders | null;
  /** The folder of the tree, if what is found out about its functions is kept for a later scan of it, too. */
  readonly folder?: string;
  /** Its files, if what is found in them is kept, too. */
  readonly walk?: StampedWalk;
}

/**
 * Analyses a tree with all rules. This file loads everything that reads C.
 * @throws InputError
 */
export async function analyseTree(
  tree: SourceTree,
  config: Config,
  { revision, started, caches, folder, walk }: AnalysisStart,
): Promise<ScanOutcome> {
  const units = caches ? storeOf(caches, folder) : undefined;
  const searches = caches && folder && walk && keepSearches(tree, walk, { folder: caches.searches, tree: folder });
  const result = await lintTree(searches ? searches.tree : tree, rules, config, revision, started, units);
  keepIfPossible(() => units?.keep());
  if (searches) keepIfPossible(() => searches.keep());
  return outcomeOf(result);
}

/** The result is there: what cannot be kept for the next scan is found out again then. */
function keepIfPossible(keep: () => void): void {
  try {
    keep();
  } catch {}
}

function storeOf(caches: CacheFolders, folder: string | undefined): UnitStore {
  const openCache = (setting: string) => openUnitCache(setting, caches.units);
  return folder === undefined
    ? createSingleStore(openCache)
    : createKeptStore(openCache, { folder: caches.answers, tree: folder });
}
