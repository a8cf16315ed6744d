import { coreRefuses, hasOp } from '../../src/contract/index.js';
import { mandatoryExporterOps } from '../../src/kernel/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'exporter-op-missing',
  group: 'exporter',
  severity: 'error',
  scope: 'driver',
  *check({ codebase, exporters }) {
    for (const exporter of exporters) {
      const { table, exportSites, completedMembers } = exporter;
      const missing = mandatoryExporterOps.filter((op) => !hasOp(exporter, op));
      if (missing.length === 0 || table.unreadable !== null) continue;
      // What is mandatory is for the tree's own dma_buf_export() to say.
      if (coreRefuses(codebase, 'exporter', (op) => hasOp(exporter, op)) === false) continue;
      const [site] = exportSites;
      // A table with no visible export and no visible copy may be completed in code that was not found.
      const isSeen = site !== undefined || completedMembers !== null;
      yield {
        path: table.path,
        at: table.at,
        subject: table.name,
        confidence: isSeen ? 'high' : 'low',
        message: `exporter '${table.name}' has no ${missing.join(', no ')}: dma_buf_export() warns and fails with -EINVAL`,
        trace: site
          ? [
              {
                file: site.file,
                line: site.line,
                message: `exported here by ${site.function === null ? 'file-level code' : `${site.function}()`}`,
              },
            ]
          : [],
      };
    }
  },
});
