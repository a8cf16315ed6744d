import { rules } from '../../../rules/index.js';
import type { CacheFolders } from '../../base/disk-cache.js';
import type { Series } from '../../input/series/series.js';
import { type Config, judgeSeries, runSeriesRules, type SeriesOutcome, sincePrevious } from '../../lint/index.js';
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
): Promise<Pick<SeriesOutcome, 'judged' | 'findings' | 'since'>> {
  const analyse = analyser(config, caches);
  const judge = async (series: Series, what: string, wantsAll: boolean) => {
    const judged = await judgeSeries(series, analyse, {
      isWhole: wantsAll,
      rules,
      mayMatter: createInfluence(series.baseTree).mayMatter,
      onProgress: (done, all) => terminal.progress(`checking ${what} ${done + 1} of ${all}`),
    });
    return { judged, findings: runSeriesRules(judged, rules, config) };
  };
  const newer = await judge(opened, 'patch', isWhole);
  const { previous } = opened;
  if (!previous) return { ...newer, since: null };
  const older = await judge(previous.series, `patch of ${previous.name}`, false);
  return { ...newer, since: sincePrevious({ older, newer }, { previous: previous.name, next: previous.next }) };
}
