import { rules } from '../../../rules/index.js';
import type { CacheFolders } from '../../base/disk-cache.js';
import type { FileChange, Series } from '../../input/series/series.js';
import {
  type Config,
  type JudgedSeries,
  judgeSeries,
  runSeriesRules,
  type SeriesOutcome,
  sincePrevious,
  type TreeFacts,
} from '../../lint/index.js';
import { createInfluence } from '../../program/index.js';
import type { Terminal } from '../cli/terminal.js';
import { analyser } from '../scan/analyse.js';
import { partOfSeries } from './part/part-of-series.js';
import { reachOf } from './part/reach.js';
import { isSeenOutside } from './part/seen-outside.js';

export interface JudgeOptions {
  /** Where results of earlier runs are; null where none may be used or kept. */
  readonly caches: CacheFolders | null;
  /** Whether to list also importers and exporters that no patch touches. */
  readonly isWhole: boolean;
  /** Whether to analyse all of the tree, and not only as far as the series reaches. */
  readonly asksWhole: boolean;
  /** Shows how far it is. */
  readonly terminal: Terminal;
}

/** A judged series, and the folders of the tree that were analysed for it; null where all of it was. */
type Judged = Pick<SeriesOutcome, 'judged' | 'findings' | 'part'>;

/** Judges a series that has been applied. This file loads everything that reads C. */
export async function judgeOpened(
  opened: Series,
  config: Config,
  { caches, isWhole, asksWhole, terminal }: JudgeOptions,
): Promise<Pick<SeriesOutcome, 'judged' | 'findings' | 'since' | 'part'>> {
  const analyse = analyser(config, caches);
  const judge = async (series: Series, what: string, isAll: boolean): Promise<Judged> => {
    const mayMatter = rememberedInfluence(series);
    const judgeIn = async (tree: Series): Promise<JudgedSeries> =>
      await judgeSeries(tree, analyse, {
        isWhole: isAll && isWhole,
        rules,
        mayMatter,
        onProgress: (done, all) => terminal.progress(`checking ${what} ${done + 1} of ${all}`),
      });
    const asksPart = !asksWhole && !isWhole && (await anyMatters(series, mayMatter));
    const reach = asksPart ? await reachOf(series.baseTree, changesOf(series)) : null;
    if (reach?.kind === 'part') {
      const judged = await judgeIn(partOfSeries(series, reach));
      const { folders } = reach;
      if (!isSeenOutside(stagesOf(judged)))
        return { judged, findings: runSeriesRules(judged, rules, config), part: folders };
    }
    const judged = await judgeIn(series);
    return { judged, findings: runSeriesRules(judged, rules, config), part: null };
  };
  const newer = await judge(opened, 'patch', true);
  const { previous } = opened;
  if (!previous) return { ...newer, since: null };
  const older = await judge(previous.series, `patch of ${previous.name}`, false);
  return { ...newer, since: sincePrevious({ older, newer }, { previous: previous.name, next: previous.next }) };
}

type MayMatter = Parameters<typeof judgeSeries>[2]['mayMatter'];

/** Says which patches can alter the result of an analysis; each is looked at once. */
function rememberedInfluence({ baseTree }: Series): MayMatter {
  const influence = createInfluence(baseTree);
  const known = new Map<Parameters<MayMatter>[0], Promise<boolean>>();
  return (changes) => {
    const answer = known.get(changes) ?? influence.mayMatter(changes);
    known.set(changes, answer);
    return answer;
  };
}

function changesOf({ queued, patches }: Series): readonly FileChange[] {
  return [...queued, ...patches].flatMap(({ changes }) => changes);
}

function stagesOf({ base, start, patches }: JudgedSeries): readonly TreeFacts[] {
  return [base, start, ...patches.map(({ after }) => after)].filter((facts) => facts !== null);
}

async function anyMatters({ queued, patches }: Series, mayMatter: MayMatter): Promise<boolean> {
  for (const { changes } of [...queued, ...patches]) if (await mayMatter(changes)) return true;
  return false;
}
