import { rules } from '../../../rules/index.js';
import type { CacheFolders } from '../../base/disk-cache.js';
import { withScratch } from '../../base/scratch.js';
import { treeRevision } from '../../input/git/revision.js';
import { openSince, type SinceRequest } from '../../input/git/work-tree.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { factsOf, lintTree } from '../../lint/analysis.js';
import {
  type Config,
  compareTrees,
  guessRenames,
  newGaps,
  type Result,
  type Sifted,
  siftByComparison,
} from '../../lint/index.js';
import type { UnitStore } from '../../program/index.js';
import { analyser, sharedUnits } from './analyse.js';

/** A tree as it is now, and which of its findings are new since a revision. */
export interface SinceOutcome {
  readonly tree: SourceTree;
  readonly result: Result;
  readonly sifted: Sifted;
  /** Whether something cannot be analysed that could be in the revision, or that the revision does not have. */
  readonly hasNewGaps: boolean;
  /** Lines of tracked files that differ from the revision, 1-based. */
  readonly changedLines: ReadonlyMap<string, ReadonlySet<number>>;
}

/** Scans a work tree and one of its revisions. @throws InputError, RevisionError */
export function scanSince(
  request: SinceRequest,
  options: {
    readonly config: Config;
    readonly caches: CacheFolders | null;
    readonly started: number;
    readonly units?: UnitStore | undefined;
  },
): Promise<SinceOutcome> {
  const { config, caches, started, units = sharedUnits(caches) } = options;
  const { folder, revision, env } = request;
  return withScratch(env, async (scratch) => {
    const { before, tree, renames, changedLines } = await openSince(request, scratch);
    const old = await analyser(config, caches, units)(before.tree, before.identity);
    const result = await lintTree(tree, rules, config, await treeRevision(folder, env), started, units);
    units.keep();
    const facts = factsOf(result);
    const [files, oldFiles] = [tree, before.tree].map((one) => new Set([...one.sources, ...one.documentation]));
    // Git does not know of a rename before the file is added.
    const guessed = guessRenames(old.findings, facts.findings, {
      isGone: (file) => !files?.has(file),
      isNew: (file) => !oldFiles?.has(file),
    });
    const comparison = compareTrees(old, facts, { renames: new Map([...guessed, ...renames]), changedLines });
    return {
      tree,
      result,
      sifted: siftByComparison(revision, comparison),
      hasNewGaps: newGaps({ before: old, after: facts }).length > 0,
      changedLines,
    };
  });
}
