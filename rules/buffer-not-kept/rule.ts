import { stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'buffer-not-kept',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  *check({ codebase, unkeptBuffers }) {
    for (const { site, at, gotAt } of unkeptBuffers())
      yield {
        path: site.ref.path,
        at,
        subject: site.ref.outline.name,
        confidence: 'medium',
        message: `${site.ref.outline.name}() puts its only reference to the buffer and keeps the attachment: the buffer may be freed before the detach`,
        trace: [
          stepAt(codebase, site.ref.path, gotAt, 'the reference is taken here'),
          stepAt(codebase, site.ref.path, site.call.at, 'attached here; an attachment holds no reference'),
        ],
      };
  },
});
