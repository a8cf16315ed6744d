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
  const who = index === null ? `queued patch '${patch.subject}'` : `patch ${patch.number}`;
  for (const failure of patch.failures)
    yield {
      ...at(judged, index, patch, failure),
      message: `${who} does not apply to ${ground(judged, index)}: ${part(failure)}: ${failure.reason}${rest(failure)}`,
    };
}

type Failure = SeriesPatch['failures'][number];

/** The place in the tree; a part that names no file stands where its mail does. */
function at(
  { series }: JudgedSeries,
  index: number | null,
  { subject, source }: SeriesPatch,
  { path, line, hunk }: Failure,
): Omit<SeriesReport, 'message'> {
  const ofMail = { path: source?.name ?? series.name, line: source?.line ?? 1, column: 1 };
  const place = path === '' ? ofMail : { path, line: line ?? 1, column: 1 };
  return { patch: index, ...place, subject: `${subject}:${hunk}`, confidence: 'high', trace: [] };
}

function part({ hunk, hunks }: Failure): string {
  return hunk === null ? 'this file' : hunks > 1 ? `hunk ${hunk} of ${hunks}` : 'the hunk';
}

/** What became of the other hunks of the file. */
function rest({ hunks, failedHunks = [] }: Failure): string {
  const others = failedHunks.slice(1);
  if (failedHunks.length === 0 || hunks === 1) return '';
  if (failedHunks.length === hunks) return `; nor does any other of its ${hunks} hunks`;
  const more = others.length > 0 ? `, nor ${others.length === 1 ? 'does hunk' : 'do hunks'} ${others.join(', ')}` : '';
  return `${more}; partly applied: the other ${hunks - failedHunks.length} of ${hunks} hunks are judged`;
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
