import type { Leak } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportLeaks } from '../shared/path-reports.js';

export default defineRule({
  id: 'export-fd-lost',
  group: 'exporter',
  severity: 'warning',
  scope: 'driver',
  check: (contract) =>
    reportLeaks(
      contract,
      ({ kind, wasTold, failedAfter, closedBy }) =>
        kind === 'fd' && closedBy === null && (!wasTold || failedAfter !== null),
      (leak) =>
        leak.failedAfter === null
          ? `${leak.leaver}() neither returns the descriptor from ${leak.api}() nor passes it to user space: nobody can close it`
          : `${leak.leaver}() fails with the descriptor from ${leak.api}() installed: user space ${unclosed(leak)}`,
    ),
});

/** Why nobody closes the descriptor. drm_ioctl() copies the arguments of a DRM ioctl back even if the ioctl fails. */
function unclosed({ wasTold, failedAfter }: Leak): string {
  return wasTold && !failedAfter?.wasCopy ? 'is told of the failure, and does not close it' : 'never learns its number';
}
