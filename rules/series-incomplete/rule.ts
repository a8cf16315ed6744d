import { defineSeriesRule } from '../../src/lint/index.js';

export default defineSeriesRule({
  id: 'series-incomplete',
  group: 'series',
  severity: 'error',
  *check({ series }) {
    const [first] = series.missing;
    if (series.isPart || first === undefined) return;
    // The mail after the first gap, or the last before it.
    const near = series.patches.find((patch) => patch.number > first) ?? series.patches.at(-1);
    const isOne = series.missing.length === 1;
    // Somebody who names one patch wants to have that one judged, as it is.
    const isAlone = series.patches.length === 1 && series.cover === null;
    yield {
      patch: null,
      path: near?.source?.name ?? series.name,
      line: near?.source?.line ?? 1,
      column: 1,
      subject: `${ranges(series.missing)}/${series.total}`,
      ...(isAlone ? { severity: 'note' } : {}),
      confidence: 'high',
      message: `${isOne ? 'patch' : 'patches'} ${ranges(series.missing)} of ${series.total} ${isOne ? 'is' : 'are'} missing: the patches after ${isOne ? 'it are checked without it' : 'them are checked without them'}`,
      trace: [],
    };
  },
});

/** Numbers in ascending order as text: `1-10, 12`. */
function ranges(numbers: readonly number[]): string {
  const found: [from: number, to: number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
