import { stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'pin-refuses-all',
  group: 'exporter',
  severity: 'note',
  scope: 'tree',
  *check({ exporters, dialect, codebase }) {
    if (dialect.revocableCheck === null) return; // the tree cannot tell revocable importers from others
    for (const { table, pinPolicy, revokes, pin, rejection } of exporters) {
      if (pinPolicy !== 'refuses-all' || !revokes) continue;
      yield {
        path: table.path,
        at: table.at,
        subject: table.name,
        confidence: 'high',
        message: `exporter '${table.name}' refuses every pin, though it revokes and could accept revocable importers with ${dialect.revocableCheck}()`,
        trace: [stepAt(codebase, table.path, table.at, `pin is ${pin}()`), ...(rejection ? [rejection.step] : [])],
      };
    }
  },
});
