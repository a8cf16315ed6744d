import { stepAt, type TableView } from '../../src/contract/index.js';
import { functionsWithRole } from '../../src/kernel/index.js';
import { defineRule } from '../../src/lint/index.js';

const messages: Readonly<Record<TableView['what'], (how: string, mappedBy: string) => string>> = {
  pages: (how, mappedBy) =>
    `${how} reads pages of a table from ${mappedBy}(), which only has DMA addresses to rely on: it breaks where the exporter hides its pages`,
  length: (how, mappedBy) =>
    `${how} is the length of an entry for the CPU, and a table from ${mappedBy}() only has DMA lengths to rely on: behind an IOMMU the two differ`,
};

/** What the DRM core calls for drivers that have it import. */
const [mapOfCore = ''] = functionsWithRole('map');

export default defineRule({
  id: 'cpu-view-of-table',
  group: 'importer',
  severity: 'warning',
  scope: 'driver',
  *check({ codebase, tableViews }) {
    for (const { ref, at, what, how, mappedBy, source } of tableViews())
      yield {
        path: ref.path,
        at,
        subject: ref.outline.name,
        confidence: 'medium',
        message: messages[what](how, mappedBy ?? mapOfCore),
        trace: [stepAt(codebase, source.ref.path, source.at, source.what)],
      };
  },
});
