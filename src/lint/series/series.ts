import type { FileChange, Series, SeriesPatch } from '../../input/series/series.js';
import { overlayTree } from '../../input/tree/overlay.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { type Comparison, compareTrees, type Difference } from '../baseline/compare.js';
import type { AddedSuppression } from '../change/added.js';
import type { TreeFacts } from '../facts/tree-facts.js';
import type { Finding } from '../finding.js';
import type { Rule } from '../rule.js';
import { followLost } from './lost.js';
import { commentsAddedBy, seriesSuppressions, settingsAddedBy } from './series-suppressions.js';
import { withoutUnjudged } from './unjudged.js';

/** How a patch changes the findings. */
export interface PatchComparison extends Comparison {
  /** Findings that are gone, though the patch fixed nothing: what they are about can no longer be judged. */
  readonly unjudged: readonly Finding[];
}

/** One patch of a series, with the findings that it introduces and fixes. */
export interface JudgedPatch {
  readonly patch: SeriesPatch;
  readonly comparison: PatchComparison;
  /** The facts of the tree before the patch; null where no patch touches dma-buf code and no tree was analysed. */
  readonly before: TreeFacts | null;
  /** The facts of the tree with the patch; the same object as `before` where the patch cannot matter. */
  readonly after: TreeFacts | null;
  /** What the patch adds to hide findings; none of it counts for the series. */
  readonly added: readonly AddedSuppression[];
  /** The tree with the patch, for its source lines. */
  tree(): SourceTree;
}

/** A series with the findings of each patch: the input of the rules about series. */
export interface JudgedSeries {
  readonly series: Series;
  /** The facts of the base tree, without the queued series; null where nothing was analysed. */
  readonly base: TreeFacts | null;
  /** The facts of the base with the queued series; the same object as `base` where nothing is queued. */
  readonly start: TreeFacts | null;
  readonly patches: readonly JudgedPatch[];
  /** The facts of the tree with all patches. */
  readonly end: TreeFacts | null;
}

export type { SeriesPatch };

/** Analyses a tree. For a known identity the facts may come from a store. */
export type Analyse = (tree: SourceTree, identity: string | null) => Promise<TreeFacts>;

/** Options of `judgeSeries()`. */
export interface JudgeOptions {
  /** Analyse the base even if no patch touches dma-buf code. */
  readonly isWhole: boolean;
  /** All rules, which a configuration may name. */
  readonly rules: readonly Rule[];
  /** Whether a change can alter the result of an analysis. */
  mayMatter(changes: readonly FileChange[]): Promise<boolean>;
  /** Called before each patch with the number of patches that are done, and of all. */
  onProgress?(done: number, all: number): void;
}

/** One patch, and the tree that it leads to. */
interface Stage {
  readonly patch: SeriesPatch;
  /** The tree with this patch, made on demand. */
  tree(): SourceTree;
  /** Whether the patch can alter the result of an analysis. */
  readonly matters: boolean;
}

/** Analyses the tree of each patch, one after the other, and compares it with the tree before. */
export async function judgeSeries(series: Series, analyse: Analyse, options: JudgeOptions): Promise<JudgedSeries> {
  const stages = await stagesOf(series, options);
  const ofQueue = stages.slice(0, series.queued.length);
  const ofSeries = stages.slice(series.queued.length);
  const asked = series.isOfFirst ? ofSeries.slice(0, 1) : ofSeries;
  const settings = await settingsAddedBy(series, options.rules);
  if (!options.isWhole && !asked.some(({ matters }) => matters)) {
    const untouched = { comparison: nothing, before: null, after: null };
    const patches = ofSeries.map(({ patch, tree }, index) => ({
      patch,
      tree,
      ...untouched,
      added: settings[index] ?? [],
    }));
    return { series, base: null, start: null, patches, end: null };
  }
  const lines = readChangedLines(ofSeries);
  const base = await analyse(series.baseTree, series.baseIdentity);
  // Only the tree with all queued patches counts, so none of the trees in between is analysed.
  const last = ofQueue.at(-1);
  const matters = ofQueue.some((stage) => stage.matters);
  const start = last && matters ? await analyse(last.tree(), last.patch.identity) : base;
  const patches: JudgedPatch[] = [];
  const judge = patchJudge(series, { facts: start, tree: last?.tree ?? (() => series.baseTree) }, analyse, lines);
  const first = await judge.start();
  for (const [index, stage] of ofSeries.entries()) {
    options.onProgress?.(index, ofSeries.length);
    patches.push(await judge.next(stage, settings[index] ?? []));
  }
  return { series, base: base === start ? first : base, start: first, patches, end: patches.at(-1)?.after ?? first };
}

/** Judges patches one after the other. */
interface PatchJudge {
  /** The facts of the tree before the first patch. */
  start(): Promise<TreeFacts>;
  /** @param settings what the patch adds to configuration and baseline */
  next(stage: Stage, settings: readonly AddedSuppression[]): Promise<JudgedPatch>;
}

function patchJudge(
  series: Series,
  start: { readonly facts: TreeFacts; tree(): SourceTree },
  analyse: Analyse,
  lines: (patch: SeriesPatch) => Promise<ChangedLines>,
): PatchJudge {
  const suppressions = seriesSuppressions(series, start, analyse);
  const lost = followLost();
  // What was found in a tree, and what counts: comments of the series suppress nothing.
  let found = start;
  let before = start.facts;
  return {
    async start() {
      before = await suppressions.honour(start);
      return before;
    },
    async next({ patch, tree, matters }, settings) {
      suppressions.follow(patch);
      const unchanged = { patch, tree, before, after: before, comparison: unchangedIn(before), added: settings };
      const now = { facts: matters ? await analyse(tree(), patch.identity) : found.facts, tree };
      if (now.facts === found.facts) return unchanged;
      const after = await suppressions.honour(now);
      const comparison = lost.seenAgain(await compare(before, after, patch, lines), after, renamesOf(patch));
      const added = [...commentsAddedBy(patch, found, now), ...settings];
      const judged = { patch, tree, before, after, comparison, added };
      [found, before] = [now, after];
      return judged;
    },
  };
}

/** Makes a stage of each patch, the queued ones first. */
async function stagesOf({ baseTree, queued, patches }: Series, options: JudgeOptions): Promise<readonly Stage[]> {
  const stages: Stage[] = [];
  for (const patch of [...queued, ...patches]) {
    const number = stages.length;
    let made: SourceTree | undefined;
    const tree = (): SourceTree => {
      made ??= treeAfter(stages.slice(0, number + 1), baseTree);
      return made;
    };
    stages.push({ patch, tree, matters: await options.mayMatter(patch.changes) });
  }
  return stages;
}

/** The base with the changes of all stages. It shares what was read for the last tree that was analysed. */
function treeAfter(stages: readonly Stage[], base: SourceTree): SourceTree {
  const texts = new Map<string, string | null>();
  for (const { patch } of stages)
    for (const { path, oldPath, after } of patch.changes) {
      if (oldPath !== null) texts.set(oldPath, null);
      texts.set(path, after);
    }
  const last = stages.slice(0, -1).findLastIndex(({ matters }) => matters);
  const changed = stages
    .slice(last + 1)
    .flatMap(({ patch }) => patch.changes)
    .flatMap(({ path, oldPath }) => (oldPath === null ? [path] : [oldPath, path]));
  return overlayTree(base, texts, { tree: stages[last]?.tree() ?? base, changed: [...new Set(changed)].sort() });
}

const nothing: PatchComparison = { introduced: [], fixed: [], unchanged: [], unjudged: [] };

function unchangedIn({ findings }: TreeFacts): PatchComparison {
  return { ...nothing, unchanged: findings };
}

type ChangedLines = Difference['changedLines'];

/** Asks git which lines each patch changed. It asks ahead for a few patches, while their trees are analysed. */
function readChangedLines(stages: readonly Stage[]): (patch: SeriesPatch) => Promise<ChangedLines> {
  const wanted = stages.filter(({ matters }) => matters).map(({ patch }) => patch);
  const read = new Map<SeriesPatch, Promise<ChangedLines>>();
  const ask = (patch: SeriesPatch): Promise<ChangedLines> => {
    const known = read.get(patch) ?? patch.changedLines();
    read.set(patch, known);
    return known;
  };
  for (const patch of wanted.slice(0, mostAtOnce)) ask(patch).catch(() => undefined); // reported where the promise is awaited
  return ask;
}

const mostAtOnce = 16;

/** The former name of each file that a patch renames, by its new name. */
function renamesOf({ changes }: SeriesPatch): ReadonlyMap<string, string> {
  return new Map(changes.flatMap(({ path, oldPath }) => (oldPath === null ? [] : [[path, oldPath]])));
}

async function compare(
  before: TreeFacts,
  after: TreeFacts,
  patch: SeriesPatch,
  lines: (patch: SeriesPatch) => Promise<ChangedLines>,
): Promise<PatchComparison> {
  const difference: Difference = {
    renames: renamesOf(patch),
    changedLines: await lines(patch),
  };
  const comparison = compareTrees(before, after, difference);
  const { fixed, unjudged } = withoutUnjudged(comparison.fixed, before, after);
  return { ...comparison, fixed, unjudged };
}
