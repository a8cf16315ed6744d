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
      ({ kind }) => kind === 'fd',
      (leak) =>
        `${leak.leaver}() neither returns the descriptor from ${leak.api}() nor passes it to user space: nobody can close it`,
    ),
});
