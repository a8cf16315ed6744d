import { rules } from '../../../rules/index.js';
import { withScratch } from '../../base/scratch.js';
import { treeRevision } from '../../input/git/revision.js';
import { openSince, type WorkTreeSince } from '../../input/git/work-tree.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { factsOf, lintTree, outcomeOf } from '../../lint/analysis.js';
import {
  compareTrees,
  guessRenames,
  newGaps,
  type Result,
  siftByComparison,
  type TreeFacts,
  withoutKnown,
} from '../../lint/index.js';
import { type CommandContext, cachesOf, userPath } from '../cli/context.js';
import { fixTree } from '../fix/fix.js';
import { analyser, sharedUnits } from './analyse.js';
import { changeReview } from './change-review.js';
import { type ChangeSettings, changeSettings } from './change-settings.js';
import { siftBaseline } from './only-new.js';
import type { Scanned, ScanRequest } from './scan-request.js';

/**
 * Scans a work tree and one of its revisions, and reports what is new. What the change between the two says of itself
 * does not count: configuration, baseline and suppressions are those of the revision.
 * @param name the tree, as the user names it
 * @throws InputError, RevisionError, ConfigError
 */
export async function scanChange(
  name: string,
  revision: string,
  request: ScanRequest,
  context: CommandContext,
): Promise<Scanned> {
  const { env } = context;
  const folder = userPath(context, name);
  return await withScratch(env, async (scratch) => {
    const opened = await openSince({ folder, name, revision, option: '--since', env }, scratch);
    const settings = await changeSettings({ name, folder }, opened, request, context);
    const analyses = await analyseBoth(folder, opened, settings, request, context);
    const { result, hasGaps, analyse } = sift(opened, settings, analyses, revision);
    const { target } = request;
    if (!target) return { kind: 'scanned', outcome: outcomeOf(result), hasGaps, changedLines: opened.changedLines };
    const fixed = await fixTree(folder, { tree: opened.tree, result, analyse }, target, context);
    // Fixes move lines.
    return { kind: 'scanned', outcome: outcomeOf(fixed), hasGaps, changedLines: new Map() };
  });
}

/** The two trees of a change, analysed. */
interface Analyses {
  readonly old: TreeFacts;
  readonly now: Result;
  /** Analyses a tree that differs in few files. */
  analyse(tree: SourceTree): Promise<Result>;
}

async function analyseBoth(
  folder: string,
  { before, tree }: WorkTreeSince,
  { config }: ChangeSettings,
  { cache = true, started }: ScanRequest,
  context: CommandContext,
): Promise<Analyses> {
  const caches = cachesOf(context, cache);
  const units = sharedUnits(caches);
  const old = await analyser(config, caches, units)(before.tree, before.identity);
  const commit = await treeRevision(folder, context.env);
  const analyse = (one: SourceTree) => lintTree(one, rules, config, commit, started, units);
  const now = await analyse(tree);
  units.keep();
  return { old, now, analyse };
}

/** Leaves out what the revision and the baseline have. */
function sift(
  opened: WorkTreeSince,
  settings: ChangeSettings,
  { old, now, analyse }: Analyses,
  revision: string,
): Analyses & { readonly result: Result; readonly hasGaps: boolean } {
  const { before, tree, changedLines } = opened;
  const { config, baseline } = settings;
  const [files, oldFiles] = [tree, before.tree].map((one) => new Set([...one.sources, ...one.documentation]));
  // Git does not know of a rename before the file is added.
  const guessed = guessRenames(old.findings, now.findings, {
    isGone: (file) => !files?.has(file),
    isNew: (file) => !oldFiles?.has(file),
  });
  const renames = new Map([...guessed, ...opened.renames]);
  const review = changeReview({ old, before: before.tree, renames }, settings);
  const whole = review(now, tree);
  const { notAnalysed } = whole.contract;
  const sifted = [
    siftByComparison(revision, compareTrees(old, whole, { renames, changedLines })),
    ...(baseline ? [siftBaseline(baseline, tree, { findings: whole.findings, notAnalysed }, config)] : []),
  ];
  return {
    old,
    now,
    result: withoutKnown(whole, sifted),
    hasGaps: newGaps({ before: old, after: factsOf(whole) }).length > 0,
    analyse: async (changed) => review(await analyse(changed), changed),
  };
}
