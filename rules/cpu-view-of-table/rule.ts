import { stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'cpu-view-of-table',
  group: 'importer',
  severity: 'warning',
  scope: 'driver',
  *check({ codebase, tableViews }) {
    for (const { ref, at, how, source } of tableViews())
      yield {
        path: ref.path,
        at,
        subject: ref.outline.name,
        confidence: 'medium',
        message: `${how} reads pages of a table from dma_buf_map_attachment(), which only has DMA addresses to rely on: it breaks where the exporter hides its pages`,
        trace: [stepAt(codebase, source.ref.path, source.at, source.what)],
      };
  },
});
