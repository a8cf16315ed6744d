import { hasOp } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'pin-without-unpin',
  group: 'exporter',
  severity: 'error',
  scope: 'driver',
  *check({ exporters }) {
    for (const exporter of exporters) {
      const { table } = exporter;
      const pins = hasOp(exporter, 'pin');
      if (table.unreadable !== null || pins === hasOp(exporter, 'unpin')) continue;
      yield {
        path: table.path,
        at: table.at,
        subject: table.name,
        confidence: 'high',
        message: `exporter '${table.name}' has ${pins ? 'pin without unpin' : 'unpin without pin'}: dma_buf_export() warns and fails with -EINVAL`,
        trace: [],
      };
    }
  },
});
