import { rules } from '../../../rules/index.js';
import type { CacheFolders } from '../../base/disk-cache.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import type { Config, ScanOutcome } from '../../lint/index.js';
import { createSingleStore, openUnitCache } from '../../program/index.js';

/** What is known before an analysis. */
export interface AnalysisStart {
  /** The commit that is checked out, or null. */
  readonly revision: string | null;
  /** When the work began, by performance.now(). */
  readonly started: number;
  /** Where parsed files are taken from and kept; null to parse all, and to keep nothing. */
  readonly caches: CacheFolders | null;
}

/**
 * Analyses a tree with all rules. This file loads everything that reads C.
 * @throws InputError
 */
export async function analyseTree(
  tree: SourceTree,
  config: Config,
  { revision, started, caches }: AnalysisStart,
): Promise<ScanOutcome> {
  const units = caches ? createSingleStore((setting) => openUnitCache(setting, caches.units)) : undefined;
  const result = await lintTree(tree, rules, config, revision, started, units);
  units?.keep();
  return outcomeOf(result);
}
