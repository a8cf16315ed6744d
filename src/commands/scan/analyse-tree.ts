import { rules } from '../../../rules/index.js';
import { hasSpoilt } from '../../base/parsing-watch.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import type { Config, ScanOutcome } from '../../lint/index.js';
import { createSingleStore } from '../../program/index.js';

/**
 * Analyses a tree with all rules: with this file comes all that it takes.
 * @param isCached whether what earlier runs made of files is used, and what this one makes is kept
 * @throws InputError
 */
export async function analyseTree(
  tree: SourceTree,
  config: Config,
  revision: string | null,
  started: number,
  isCached: boolean,
): Promise<ScanOutcome> {
  // What the parser crashed on is not what a file says.
  const units = isCached && !hasSpoilt ? createSingleStore() : undefined;
  const result = await lintTree(tree, rules, config, revision, started, units);
  units?.keep();
  return outcomeOf(result);
}
