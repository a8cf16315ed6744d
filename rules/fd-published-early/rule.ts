import { defineRule } from '../../src/lint/index.js';
import { reportLeaks } from '../shared/path-reports.js';

export default defineRule({
  id: 'fd-published-early',
  group: 'exporter',
  severity: 'warning',
  scope: 'driver',
  check: (contract) =>
    reportLeaks(
      contract,
      ({ kind, wasTold, failedAfter, closedBy }) =>
        kind === 'fd' && (closedBy !== null || (wasTold && failedAfter === null)),
      (leak) =>
        leak.closedBy !== null
          ? `${leak.leaver}() installs the descriptor from ${leak.api}() and closes it again with ${leak.closedBy}(): by then user space may use its number, or have another file there`
          : `${leak.leaver}() can fail after ${leak.api}() has installed the descriptor: user space has it, and is told that it has not`,
    ),
});
