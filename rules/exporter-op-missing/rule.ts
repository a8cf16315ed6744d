import { type Contract, coreRefuses, type Exporter, hasOp } from '../../src/contract/index.js';
import { mandatoryExporterOps } from '../../src/kernel/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'exporter-op-missing',
  group: 'exporter',
  severity: 'error',
  scope: 'driver',
  *check(contract) {
    const { codebase, exporters } = contract;
    for (const exporter of exporters) {
      const { table, exportSites, completedMembers } = exporter;
      const absent = mandatoryExporterOps.filter((op) => !hasOp(exporter, op));
      if (absent.length === 0 || table.unreadable !== null) continue;
      // What is mandatory is for the tree's own dma_buf_export() to say.
      if (coreRefuses(codebase, 'exporter', (op) => hasOp(exporter, op)) === false) continue;
      const missing = absent.filter((op) => isAskedFor(contract, exporter, op));
      const [site] = exportSites;
      // A table with no visible export and no visible copy may be completed in code that was not found.
      const isSeen = site !== undefined || completedMembers !== null;
      yield {
        path: table.path,
        at: table.at,
        subject: table.name,
        confidence: isSeen ? 'high' : 'low',
        message: `exporter '${table.name}' has no ${(missing.length > 0 ? missing : absent).join(', no ')}: dma_buf_export() warns and fails with -EINVAL`,
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

/** Whether the tree's own dma_buf_export() would still refuse the table if it lacked nothing but this. */
function isAskedFor({ codebase }: Contract, exporter: Exporter, missing: string): boolean {
  const isSet = (op: string): boolean => op !== missing && (mandatoryExporterOps.includes(op) || hasOp(exporter, op));
  return coreRefuses(codebase, 'exporter', isSet) !== false;
}
