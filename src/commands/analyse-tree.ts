import { rules } from '../../rules/index.js';
import type { SourceTree } from '../input/tree.js';
import { lintTree, outcomeOf } from '../lint/analysis.js';
import type { Config, ScanOutcome } from '../lint/index.js';

/** Analyses a tree with all rules: with this file comes all that it takes. @throws InputError */
export async function analyseTree(
  tree: SourceTree,
  config: Config,
  revision: string | null,
  started: number,
): Promise<ScanOutcome> {
  return outcomeOf(await lintTree(tree, rules, config, revision, started));
}
