import { stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'private-outlived',
  group: 'exporter',
  severity: 'warning',
  scope: 'driver',
  *check({ codebase, exporters }) {
    const seen = new Set<string>();
    for (const { table, outlived } of exporters) {
      if (!outlived || seen.has(`${outlived.release.path}:${outlived.release.outline.nameAt}`)) continue;
      const { release, ref, at } = outlived;
      seen.add(`${release.path}:${release.outline.nameAt}`);
      yield {
        path: release.path,
        at: release.outline.nameAt,
        subject: table.name,
        confidence: 'medium',
        message: `${release.outline.name}() does nothing for what 'priv' points to: whoever frees it does not know whether user space still has the buffer`,
        trace: [
          stepAt(codebase, table.path, table.at, `${release.outline.name}() is the release of '${table.name}'`),
          stepAt(codebase, ref.path, at, `${ref.outline.name}() stores the object here`),
        ],
      };
    }
  },
});
