import { rules } from '../../../rules/index.js';
import type { Series } from '../../input/series/series.js';
import { type Config, judgeSeries, runSeriesRules, type SeriesOutcome } from '../../lint/index.js';
import { createInfluence } from '../../program/index.js';
import type { Terminal } from '../cli/terminal.js';
import { analyser } from '../scan/analyse.js';

export interface JudgeOptions {
  readonly isCached: boolean;
  /** Whether also what no patch touches is wanted. */
  readonly isWhole: boolean;
  readonly terminal: Terminal;
}

/** Judges a series that has been applied: with this file comes all that reads C. */
export async function judgeOpened(
  opened: Series,
  config: Config,
  { isCached, isWhole, terminal }: JudgeOptions,
): Promise<Pick<SeriesOutcome, 'judged' | 'findings'>> {
  const influence = createInfluence(opened.baseTree);
  const judged = await judgeSeries(opened, analyser(config, isCached), {
    isWhole,
    mayMatter: influence.mayMatter,
    onProgress: (done, all) => terminal.progress(`judging patch ${done + 1} of ${all}`),
  });
  return { judged, findings: runSeriesRules(judged, rules, config) };
}
