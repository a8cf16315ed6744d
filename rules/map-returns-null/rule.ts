import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'map-returns-null',
  group: 'exporter',
  severity: 'error',
  scope: 'driver',
  *check({ exporters }) {
    const seen = new Set<string>();
    for (const { table, nullMap } of exporters) {
      if (!nullMap || seen.has(`${nullMap.path}:${nullMap.at}`)) continue;
      seen.add(`${nullMap.path}:${nullMap.at}`);
      yield {
        path: nullMap.path,
        at: nullMap.at,
        subject: table.name,
        confidence: 'high',
        message: `${nullMap.function}() returns NULL here, which is no error to IS_ERR(): importers dereference it`,
        trace: nullMap.steps,
      };
    }
  },
});
