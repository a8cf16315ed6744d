import { rules } from '../../../rules/index.js';
import { treeRevision } from '../../input/git/revision.js';
import { openFolder, type SourceTree } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import { type Baseline, type Config, withoutKnown } from '../../lint/index.js';
import { type CommandContext, cachesOf, userPath } from '../cli/context.js';
import { fixTree } from '../fix/fix.js';
import { sharedUnits } from './analyse.js';
import { siftBaseline } from './only-new.js';
import type { Scanned, ScanRequest } from './scan-request.js';
import { scanSince } from './since.js';

/**
 * Scans a tree against one of its revisions, or to fix it. Both need the analysis itself, not only the result that an
 * earlier run kept.
 * @param name the tree, as the user names it
 * @param known the baseline, whose findings are left out; null for none
 */
export async function scanAnew(
  name: string,
  config: Config,
  { since, cache = true, target, started }: ScanRequest,
  known: Baseline | null,
  context: CommandContext,
): Promise<Scanned> {
  const { env } = context;
  const folder = userPath(context, name);
  const caches = cachesOf(context, cache);
  const units = target && sharedUnits(caches);
  const ofSince =
    since === undefined
      ? null
      : await scanSince({ folder, name, revision: since, option: '--since', env }, { config, caches, started, units });
  const tree = ofSince?.tree ?? openFolder(folder, name);
  const revision = await treeRevision(folder, env);
  const analyse = (changed: SourceTree) => lintTree(changed, rules, config, revision, started, units);
  const whole = ofSince?.result ?? (await analyse(tree));
  units?.keep();
  const { findings, contract } = whole;
  const notAnalysed = contract.notAnalysed;
  const sifted = [
    ...(ofSince ? [ofSince.sifted] : []),
    ...(known ? [siftBaseline(known, tree, { findings, notAnalysed }, config)] : []),
  ];
  const hasGaps = ofSince?.hasNewGaps ?? notAnalysed.length > 0;
  const result = withoutKnown(whole, sifted);
  if (!target)
    return {
      kind: 'scanned',
      outcome: outcomeOf(result),
      hasGaps,
      changedLines: ofSince?.changedLines ?? new Map(),
    };
  const fixed = await fixTree(folder, { tree, result, analyse }, target, context);
  // Fixes move lines.
  return { kind: 'scanned', outcome: outcomeOf(fixed), hasGaps, changedLines: new Map() };
}
