import type { FileChange, MailPlace, Series, SeriesPatch } from '../../input/series/series.js';
import { overlayTree } from '../../input/tree/overlay.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { type Comparison, compareTrees, type Difference } from '../baseline/compare.js';
import type { TreeFacts } from '../facts/tree-facts.js';

/** A patch with what it does to the contract. */
export interface JudgedPatch {
  readonly patch: SeriesPatch;
  readonly comparison: Comparison;
  /** Null where nothing in the series can touch the contract, and no tree was analysed. */
  readonly before: TreeFacts | null;
  readonly after: TreeFacts | null;
  /** The tree with this patch, for its source lines. */
  tree(): SourceTree;
}

/** A series with what each of its patches does. Series rules look at this. */
export interface JudgedSeries {
  readonly series: Series;
  /** The tree that the series begins at, without what is queued; null where nothing was analysed. */
  readonly base: TreeFacts | null;
  /** The same with what is queued; the same object where nothing is. */
  readonly start: TreeFacts | null;
  readonly patches: readonly JudgedPatch[];
  readonly end: TreeFacts | null;
}

export type { FileChange, MailPlace, Series, SeriesPatch };

/** Analyses a tree; what it says of the same identity again may come from a store. */
export type Analyse = (tree: SourceTree, identity: string | null) => Promise<TreeFacts>;

export interface JudgeOptions {
  /** Analyse the base though no patch touches the contract. */
  readonly isWhole: boolean;
  /** Whether a change can alter what an analysis says. */
  mayMatter(changes: readonly FileChange[]): Promise<boolean>;
  /** Called before each patch: how many were judged, of how many. */
  onProgress?(done: number, all: number): void;
}

/** A tree of the series, and how its facts are known. */
interface Stage {
  readonly patch: SeriesPatch;
  /** The tree with this patch, made when first asked for. */
  tree(): SourceTree;
  readonly matters: boolean;
}

/** Analyses the trees of a series, one after the other, and tells what each patch changes. */
export async function judgeSeries(series: Series, analyse: Analyse, options: JudgeOptions): Promise<JudgedSeries> {
  const stages = await stagesOf(series, options);
  const ofQueue = stages.slice(0, series.queued.length);
  const ofSeries = stages.slice(series.queued.length);
  const asked = series.isOfFirst ? ofSeries.slice(0, 1) : ofSeries;
  if (!options.isWhole && !asked.some(({ matters }) => matters)) {
    const untouched = { comparison: nothing, before: null, after: null };
    return {
      series,
      base: null,
      start: null,
      patches: ofSeries.map(({ patch, tree }) => ({ patch, tree, ...untouched })),
      end: null,
    };
  }
  const lines = readChangedLines(ofSeries);
  const next = async (before: TreeFacts, { patch, tree, matters }: Stage): Promise<TreeFacts> =>
    matters ? await analyse(tree(), patch.identity) : before;
  const base = await analyse(series.baseTree, series.baseIdentity);
  // Only what the queued patches make together counts.
  const last = ofQueue.at(-1);
  const start = last ? await next(base, { ...last, matters: ofQueue.some(({ matters }) => matters) }) : base;
  const patches: JudgedPatch[] = [];
  let before = start;
  for (const [index, stage] of ofSeries.entries()) {
    options.onProgress?.(index, ofSeries.length);
    const after = await next(before, stage);
    const comparison = before === after ? unchangedIn(after) : await compare(before, after, stage.patch, lines);
    patches.push({ patch: stage.patch, comparison, before, after, tree: stage.tree });
    before = after;
  }
  return { series, base, start, patches, end: before };
}

/** The tree that each patch leads to. */
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

/** The base with the changes of all stages, made from the tree of the last one that was analysed. */
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

const nothing: Comparison = { introduced: [], fixed: [], unchanged: [] };

function unchangedIn({ findings }: TreeFacts): Comparison {
  return { ...nothing, unchanged: findings };
}

type ChangedLines = Difference['changedLines'];

/** Has git tell which lines the patches wrote, a few at a time, while their trees are analysed. */
function readChangedLines(stages: readonly Stage[]): (patch: SeriesPatch) => Promise<ChangedLines> {
  const wanted = stages.filter(({ matters }) => matters).map(({ patch }) => patch);
  const read = new Map<SeriesPatch, Promise<ChangedLines>>();
  const ask = (patch: SeriesPatch): Promise<ChangedLines> => {
    const known = read.get(patch) ?? patch.changedLines();
    read.set(patch, known);
    return known;
  };
  for (const patch of wanted.slice(0, mostAtOnce)) ask(patch).catch(() => undefined); // told to who awaits it
  return ask;
}

const mostAtOnce = 16;

async function compare(
  before: TreeFacts,
  after: TreeFacts,
  patch: SeriesPatch,
  lines: (patch: SeriesPatch) => Promise<ChangedLines>,
): Promise<Comparison> {
  const difference: Difference = {
    renames: new Map(patch.changes.flatMap(({ path, oldPath }) => (oldPath === null ? [] : [[path, oldPath]]))),
    changedLines: await lines(patch),
  };
  return compareTrees(before, after, difference);
}
