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
      ({ kind, wasTold, failedAfter }) => kind === 'fd' && wasTold && failedAfter === null,
      (leak) =>
        `${leak.leaver}() can fail after ${leak.api}() has installed the descriptor: user space has it, and is told that it has not`,
    ),
});
