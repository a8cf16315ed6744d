import { rules } from '../../../rules/index.js';
import { withScratch } from '../../base/scratch.js';
import { openSide } from '../../input/git/sides/open-side.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import { type Baseline, type Config, withoutKnown } from '../../lint/index.js';
import { type CommandContext, cachesOf, userPath } from '../cli/context.js';
import { fixTree } from '../fix/fix.js';
import type { FixTarget } from '../fix/fix-target.js';
import { sharedUnits } from './analyse.js';
import { wantedIn } from './narrow/narrow.js';
import { siftBaseline } from './only-new.js';
import type { Scanned, ScanRequest } from './scan-request.js';

/**
 * Scans a tree to fix it. That needs the analysis itself, not only the result that an earlier run kept.
 * @param name the tree, as the user names it
 * @param known the baseline, whose findings are left out; null for none
 */
export async function scanToFix(
  name: string,
  config: Config,
  { cache = true, target, started, paths }: ScanRequest & { readonly target: FixTarget },
  known: Baseline | null,
  context: CommandContext,
): Promise<Scanned> {
  const folder = userPath(context, name);
  const units = sharedUnits(cachesOf(context, cache));
  return await withScratch(context.env, async (scratch) => {
    const side = { kind: 'work-tree' } as const;
    const { tree, revision } = await openSide({ folder, name, side, env: context.env }, scratch);
    const analyse = (changed: SourceTree) => lintTree(changed, rules, config, revision, started, units);
    const whole = await analyse(tree);
    units.keep();
    const { findings, contract } = whole;
    const { notAnalysed } = contract;
    const sifted = known ? [siftBaseline(known, tree, { findings, notAnalysed }, config)] : [];
    const result = withoutKnown(whole, sifted);
    const outcome = outcomeOf(
      await fixTree(folder, { tree, result, analyse, isWanted: wantedIn(paths), config, cache }, target, context),
    );
    const hasGaps = notAnalysed.length > 0;
    return { kind: 'scanned', tree, config, outcome, hasGaps, changedLines: new Map() };
  });
}
