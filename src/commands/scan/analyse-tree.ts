import { rules } from '../../../rules/index.js';
import type { CacheFolders } from '../../base/disk-cache.js';
import { keepSearches } from '../../input/search/kept-search.js';
import { recordedTree, type SeenFiles } from '../../input/tree/recorded.js';
import { isRenamed } from '../../input/tree/renamed.js';
import type { StampedWalk } from '../../input/tree/stamped-walk.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import { openSeenFacts } from '../../lint/facts/seen-facts.js';
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
  if (caches && folder && walk) return await analyseFolder(tree, config, { revision, started, caches, folder, walk });
  const units = caches ? storeOf(caches, folder) : undefined;
  const result = await lintTree(tree, rules, config, revision, started, units);
  keepIfPossible(() => units?.keep());
  return outcomeOf(result);
}

type FolderStart = Required<AnalysisStart> & { readonly caches: CacheFolders };

/** Analyses a folder of which earlier runs may know something. Where all that they saw is the same, so is their result. */
async function analyseFolder(
  tree: SourceTree,
  config: Config,
  { revision, started, caches, folder, walk }: FolderStart,
): Promise<ScanOutcome> {
  const searches = keepSearches(tree, walk, { folder: caches.searches, tree: folder });
  // The baseline does not change what is found in a tree, only what is reported.
  const store = openSeenFacts({ ...config, baseline: null }, caches.trees);
  const earlier = store.get(folder);
  if (earlier && (await searches.isAsSeen(earlier.state, earlier.seen))) {
    const { facts } = earlier;
    const milliseconds = Math.round(performance.now() - started);
    return { facts, findings: facts.findings, revision, milliseconds, textOf: tree.read };
  }
  const recorded = recordedTree(searches.tree);
  const units = storeOf(caches, folder);
  const result = await lintTree(recorded.tree, rules, config, revision, started, units);
  const outcome = outcomeOf(result);
  keepIfPossible(() => {
    units.keep();
    const state = searches.keep();
    const [seen, texts] = [recorded.seen(), units.texts?.()];
    // What answers of earlier runs rest on was read by those runs.
    if (state !== null && seen && texts && !isRenamed(result.contract.names))
      store.put(folder, { facts: outcome.facts, seen: withTexts(seen, texts), state });
  });
  return outcome;
}

function withTexts({ texts, existing }: SeenFiles, more: ReadonlyMap<string, string>): SeenFiles {
  const ofAnswers = [...more].map(([path, digest]) => [path, digest === '' ? null : digest] as const);
  return { texts: new Map([...ofAnswers, ...texts]), existing };
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
