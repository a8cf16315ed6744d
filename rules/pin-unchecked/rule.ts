import { dropsResult, stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'pin-unchecked',
  group: 'importer',
  severity: 'warning',
  scope: 'file',
  *check({ uses, codebase }) {
    for (const use of uses) {
      if (use.kind !== 'pin' || !dropsResult(use, codebase.program.lower(use.ref))) continue;
      const [link] = use.links;
      yield {
        path: use.ref.path,
        at: use.call.at,
        subject: use.ref.outline.name,
        confidence: 'high',
        message: `result of ${use.name}() is ignored: if the pin fails, the buffer is used though it may move`,
        trace: link
          ? [stepAt(codebase, link.site.ref.path, link.site.call.at, `attached here by ${link.site.place.function}()`)]
          : [],
      };
    }
  },
});
