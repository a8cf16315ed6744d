import { defineSeriesRule } from '../../src/lint/index.js';

export default defineSeriesRule({
  id: 'series-incomplete',
  group: 'series',
  severity: 'error',
  *check({ series }) {
    if (series.isPart) return;
    for (const number of series.missing) {
      // The mail after the gap, or the last before it.
      const near = series.patches.find((patch) => patch.number > number) ?? series.patches.at(-1);
      yield {
        patch: null,
        path: near?.source?.name ?? series.name,
        line: near?.source?.line ?? 1,
        column: 1,
        subject: `${number}/${series.total}`,
        confidence: 'high',
        message: `patch ${number} of ${series.total} is missing: the patches after it are checked without it`,
        trace: [],
      };
    }
  },
});
