import { kernelVersion } from '../../src/contract/index.js';
import { defineSeriesRule, type JudgedSeries, type SeriesPatch, type SeriesReport } from '../../src/lint/index.js';

export default defineSeriesRule({
  id: 'series-does-not-apply',
  group: 'series',
  severity: 'error',
  *check(judged) {
    const { series } = judged;
    for (const patch of series.queued) yield* reports(judged, patch, null);
    for (const [index, patch] of series.patches.entries()) yield* reports(judged, patch, index);
  },
});

function* reports(judged: JudgedSeries, patch: SeriesPatch, index: number | null): Iterable<SeriesReport> {
  for (const { path, line, hunk, hunks, reason } of patch.failures) {
    const part = hunk === null ? 'this file' : hunks > 1 ? `hunk ${hunk} of ${hunks}` : 'the hunk';
    const who = index === null ? `queued patch '${patch.subject}'` : `patch ${patch.number}`;
    yield {
      patch: index,
      path,
      line: line ?? 1,
      column: 1,
      subject: `${patch.subject}:${hunk}`,
      confidence: 'high',
      message: `${who} does not apply to ${ground(judged, index)}: ${part}: ${reason}`,
      trace: [],
    };
  }
}

/** Words for what a patch was applied to. */
function ground({ series }: JudgedSeries, index: number | null): string {
  const { queued, missing, patches } = series;
  const version = kernelVersion(series.baseTree);
  const start = series.base?.slice(0, 12) ?? (version ? `linux ${version}` : 'the tree');
  const below = [start, ...(index !== null && queued.length > 0 ? ['the queued patches'] : [])];
  if (index === null || index === 0) return below.join(' with ');
  const gaps = missing.filter((number) => number < (patches[index]?.number ?? 0));
  const without = gaps.length > 0 ? ` (without patch ${gaps.join(', ')}, which is missing)` : '';
  return `${[...below, 'the patches before it'].join(' with ')}${without}`;
}
