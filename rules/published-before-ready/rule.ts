import { type LateSetUp, stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'published-before-ready',
  group: 'importer',
  severity: 'warning',
  *check({ codebase, dialect, lateSetUps }) {
    const reported = new Set<string>();
    for (const late of lateSetUps) {
      const { importer, site, need, at } = late;
      const what = wordFor(late);
      const key = `${importer.table.name}:${site.ref.path}:${site.call.at}:${what}`;
      if (reported.has(key)) continue;
      reported.add(key);
      yield {
        path: site.ref.path,
        at: site.call.at,
        subject: site.ref.outline.name,
        confidence: need.kind === 'object' ? 'high' : 'medium',
        message: `attached before ${what} is set up: ${dialect.callback} '${importer.callback}' can come at once and uses it`,
        trace: [
          stepAt(codebase, site.ref.path, at, `${what} is set up here`),
          stepAt(codebase, need.ref.path, need.at, `${need.ref.outline.name}() uses it untested`),
        ],
      };
    }
  },
});

function wordFor({ need }: LateSetUp): string {
  return `'${need.path.length > 0 ? need.path.join('.') : 'importer_priv'}'`;
}
