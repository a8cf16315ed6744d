import { rules } from '../../../rules/index.js';
import type { CacheFolders } from '../../base/disk-cache.js';
import type { Series } from '../../input/series/series.js';
import { type Config, judgeSeries, runSeriesRules, type SeriesOutcome } from '../../lint/index.js';
import { createInfluence } from '../../program/index.js';
import type { Terminal } from '../cli/terminal.js';
import { analyser } from '../scan/analyse.js';

export interface JudgeOptions {
  /** Where results of earlier runs are; null where none may be used or kept. */
  readonly caches: CacheFolders | null;
  /** Whether to list also importers and exporters that no patch touches. */
  readonly isWhole: boolean;
  /** Shows how far it is. */
  readonly terminal: Terminal;
}

/** Judges a series that has been applied. This file loads everything that reads C. */
export async function judgeOpened(
  opened: Series,
  config: Config,
  { caches, isWhole, terminal }: JudgeOptions,
): Promise<Pick<SeriesOutcome, 'judged' | 'findings'>> {
  const influence = createInfluence(opened.baseTree);
  const judged = await judgeSeries(opened, analyser(config, caches), {
    isWhole,
    rules,
    mayMatter: influence.mayMatter,
    onProgress: (done, all) => terminal.progress(`checking patch ${done + 1} of ${all}`),
  });
  return { judged, findings: runSeriesRules(judged, rules, config) };
}
