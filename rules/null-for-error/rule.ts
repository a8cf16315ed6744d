import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'null-for-error',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  *check({ nullResults }) {
    for (const { ref, at, slot, caller, steps } of nullResults())
      yield {
        path: ref.path,
        at,
        subject: ref.outline.name,
        confidence: 'medium',
        message: `${ref.outline.name}() returns NULL from ${slot}, which is no error to IS_ERR(): ${caller}() goes on with it`,
        trace: steps,
      };
  },
});
