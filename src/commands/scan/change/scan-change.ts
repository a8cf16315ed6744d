import { rules } from '../../../../rules/index.js';
import { withScratch } from '../../../base/scratch.js';
import { apiNames, type NotAnalysed } from '../../../contract/index.js';
import type { TreeSide } from '../../../input/git/sides/tree-side.js';
import { openSince, type WorkTreeSince } from '../../../input/git/work-tree.js';
import type { SourceTree } from '../../../input/tree/tree.js';
import { factsOf, lintTree, outcomeOf } from '../../../lint/analysis.js';
import {
  compareTrees,
  guessRenames,
  newGaps,
  type Result,
  siftByComparison,
  type TreeFacts,
  withoutKnown,
} from '../../../lint/index.js';
import { type CommandContext, cachesOf, userPath } from '../../cli/context.js';
import { fixTree } from '../../fix/fix.js';
import { isSeenOutside } from '../../series/part/seen-outside.js';
import { analyser, sharedUnits } from '../analyse.js';
import { wantedIn } from '../narrow/narrow.js';
import { siftBaseline } from '../only-new.js';
import type { Scanned, ScanRequest } from '../scan-request.js';
import { type ChangedTrees, partTrees, wholeTrees } from './change-part.js';
import { changeReview } from './change-review.js';
import { type ChangeSettings, changeSettings } from './change-settings.js';

/** A state of a tree, and the revision that it is compared with. */
export interface ChangeSince {
  readonly since: string;
  readonly side: TreeSide;
}

/**
 * Scans a tree and one of its revisions, and reports what is new. What the change between the two says of itself does not
 * count: configuration, baseline and suppressions are those of the revision.
 * @param name the tree, as the user names it
 * @throws InputError, RevisionError, ConfigError
 */
export async function scanChange(
  name: string,
  { since, side }: ChangeSince,
  request: ScanRequest,
  context: CommandContext,
): Promise<Scanned> {
  const { env } = context;
  const folder = userPath(context, name);
  return await withScratch(env, async (scratch) => {
    const opened = await openSince({ folder, name, revision: since, option: '--since', side, env }, scratch);
    const settings = await changeSettings(name, opened, request, context);
    const analyses = await analyseChange(opened, settings, request, context);
    const { result, gaps, analyse, part } = sift(opened, settings, analyses, since);
    const { target, paths, cache = true } = request;
    const { tree, changedLines } = opened;
    const shown = target
      ? await fixTree(
          folder,
          { tree, result, analyse, isWanted: wantedIn(paths), config: settings.config, cache },
          target,
          context,
        )
      : result;
    const outcome = outcomeOf(shown);
    const all = analyses.now.contract.notAnalysed.length;
    return {
      kind: 'scanned',
      tree,
      config: settings.config,
      outcome: {
        ...outcome,
        facts: { ...outcome.facts, notAnalysed: gaps },
        oldGaps: all - gaps.length,
        ...(part === null ? {} : { part }),
      },
      hasGaps: gaps.length > 0,
      // Fixes in the tree move lines.
      changedLines: shown === result ? changedLines : new Map(),
    };
  });
}

/** The two trees of a change, analysed. */
interface Analyses extends Pick<ChangedTrees, 'before' | 'tree' | 'part'> {
  readonly old: TreeFacts;
  readonly now: Result;
  /** Analyses a tree that differs in few files. */
  analyse(tree: SourceTree): Promise<Result>;
}

/**
 * Analyses both trees, as far as the change reaches where only its findings are asked for. A baseline knows findings of the
 * whole, and a fix is tried in the whole.
 */
async function analyseChange(
  opened: WorkTreeSince,
  settings: ChangeSettings,
  request: ScanRequest,
  context: CommandContext,
): Promise<Analyses> {
  const analyse = async (trees: ChangedTrees): Promise<Analyses> =>
    await analyseBoth(trees, opened.now.revision, { settings, request, context });
  const mayBePart = request.asksFindingsOnly === true && !request.target && settings.baseline === null;
  const trees = mayBePart ? await partTrees(opened) : null;
  const ofPart = trees && (await analyse(trees));
  if (ofPart && !isSeenOutside([ofPart.old, factsOf(ofPart.now)])) return ofPart;
  return await analyse(wholeTrees(opened));
}

interface How {
  readonly settings: ChangeSettings;
  readonly request: ScanRequest;
  readonly context: CommandContext;
}

async function analyseBoth(
  trees: ChangedTrees,
  revision: string | null,
  { settings: { config }, request: { cache = true, started }, context }: How,
): Promise<Analyses> {
  const caches = cachesOf(context, cache);
  const units = sharedUnits(caches);
  const old = await analyser(config, caches, units)(trees.before, trees.identity);
  const analyse = (one: SourceTree) => lintTree(one, rules, config, revision, started, units);
  const now = await analyse(trees.tree);
  units.keep();
  return { ...trees, old, now, analyse };
}

/** Leaves out what the revision and the baseline have. */
function sift(
  opened: WorkTreeSince,
  settings: ChangeSettings,
  analyses: Analyses,
  revision: string,
): Analyses & { readonly result: Result; readonly gaps: readonly NotAnalysed[] } {
  const { old, now, analyse, before, tree } = analyses;
  const { changedLines } = opened;
  const { config, baseline } = settings;
  const [files, oldFiles] = [tree, before].map((one) => new Set([...one.sources, ...one.documentation]));
  // Git does not know of a rename before the file is added.
  const guessed = guessRenames(old.findings, now.findings, {
    isGone: (file) => !files?.has(file),
    isNew: (file) => !oldFiles?.has(file),
  });
  const renames = new Map([...guessed, ...opened.renames]);
  const review = changeReview({ old, before, renames }, settings);
  const whole = review(now, tree);
  const { notAnalysed } = whole.contract;
  const sifted = [
    siftByComparison(
      revision,
      compareTrees(old, { findings: whole.findings, apiNames: apiNames(whole.contract) }, { renames, changedLines }),
    ),
    ...(baseline ? [siftBaseline(baseline, tree, { findings: whole.findings, notAnalysed }, config)] : []),
  ];
  return {
    ...analyses,
    result: withoutKnown(whole, sifted),
    gaps: newGaps({ before: old, after: factsOf(whole) }),
    analyse: async (changed) => review(await analyse(changed), changed),
  };
}
