import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'null-for-error',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  *check({ nullResults }) {
    for (const { ref, at, returns, slot, caller, steps } of nullResults())
      yield {
        path: ref.path,
        at,
        subject: ref.outline.name,
        confidence: 'medium',
        message:
          returns === 'null'
            ? `${ref.outline.name}() returns NULL from ${slot}, which is no error to IS_ERR(): ${caller}() goes on with it`
            : `${ref.outline.name}() returns an error pointer from ${slot}, and ${caller}() tests for NULL alone: it goes on with it as an object`,
        trace: steps,
      };
  },
});
