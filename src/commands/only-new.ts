import { existsSync, readFileSync } from 'node:fs';
import { rules } from '../../rules/index.js';
import { treeRevision } from '../input/revision.js';
import { withScratch } from '../input/scratch.js';
import type { SourceTree } from '../input/tree.js';
import { openSince } from '../input/work-tree.js';
import { parseBaseline } from '../lint/baseline-file.js';
import {
  type Baseline,
  type Config,
  ConfigError,
  compareTrees,
  factsOf,
  guessRenames,
  type Looked,
  lintTree,
  matchBaseline,
  newGaps,
  type Result,
  type Sifted,
  siftByBaseline,
  siftByComparison,
} from '../lint/index.js';
import { createUnitStore, isPathLeftOut, type UnitStore } from '../program/index.js';
import { analyser } from './analyse.js';

/**
 * Reads a baseline.
 * @returns null where there is no such file
 * @throws ConfigError where it cannot be read, or holds what it should not
 */
export function readBaseline(path: string): Baseline | null {
  if (!existsSync(path)) return null;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError(`${path}: cannot be read; name a baseline`);
  }
  return parseBaseline(text, path);
}

/** The baseline that a scan was told to use. @throws ConfigError where it is missing, or is none */
export function wantedBaseline(path: string): Baseline {
  const baseline = readBaseline(path);
  if (!baseline)
    throw new ConfigError(`${path}: no such baseline; write it with dmabuf-lint baseline --output ${path}`);
  return baseline;
}

/** What of a tree and a run decides what an entry of a baseline has become. */
export function lookedAt(tree: SourceTree, result: Result, config: Config): Looked {
  const files = new Set([...tree.sources, ...tree.documentation]);
  const gaps = new Set(result.contract.notAnalysed.map(({ file }) => file));
  return {
    hasFile: (file) => files.has(file),
    looksAt: (rule, file) =>
      config.rules[rule] !== 'off' && !gaps.has(file) && !(files.has(file) && isPathLeftOut(file, config.exclude)),
  };
}

/** What a baseline leaves of a result as new. */
export function siftBaseline(baseline: Baseline, tree: SourceTree, result: Result, config: Config): Sifted {
  return siftByBaseline(baseline, matchBaseline(baseline.entries, result.findings, lookedAt(tree, result, config)));
}

/** A tree as it is now, with what of it is new since a revision. */
export interface SinceOutcome {
  readonly tree: SourceTree;
  readonly result: Result;
  readonly sifted: Sifted;
  /** Whether something cannot be analysed that could be, or was not there. */
  readonly hasNewGaps: boolean;
  /** Lines of tracked files that are not as the revision has them, 1-based. */
  readonly changedLines: ReadonlyMap<string, ReadonlySet<number>>;
}

/** Scans a work tree and one of its revisions. @throws InputError, RevisionError */
export function scanSince(
  folder: string,
  revision: string,
  options: {
    readonly config: Config;
    readonly isCached: boolean;
    readonly started: number;
    readonly units?: UnitStore | undefined;
  },
): Promise<SinceOutcome> {
  const { config, isCached, started, units = createUnitStore() } = options;
  return withScratch(async (scratch) => {
    const { before, tree, renames, changedLines } = await openSince(folder, revision, scratch);
    const old = await analyser(config, isCached, units)(before.tree, before.identity);
    const result = await lintTree(tree, rules, config, await treeRevision(folder), started, units);
    const facts = factsOf(result);
    const [files, oldFiles] = [tree, before.tree].map((one) => new Set([...one.sources, ...one.documentation]));
    // A file that was renamed and not added yet is nothing that git could tell of.
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
