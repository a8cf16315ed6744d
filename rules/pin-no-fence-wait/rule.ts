import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'pin-no-fence-wait',
  group: 'exporter',
  severity: 'note',
  scope: 'driver',
  *check({ exporters }) {
    for (const { table, pin, pinMove } of exporters) {
      // A call that cannot be followed may contain the wait.
      if (!pinMove || pinMove.waitsForFences || pinMove.opaque !== null) continue;
      yield {
        path: pinMove.path,
        at: pinMove.at,
        subject: table.name,
        confidence: 'low',
        message: `exporter '${table.name}' may start a move in ${pin}() and does not wait for its fences: the importer may start DMA before the move ends`,
        trace: pinMove.steps,
      };
    }
  },
});
