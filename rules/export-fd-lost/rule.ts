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
        `descriptor made by ${leak.api}() is neither returned nor handed to user space by ${leak.leaver}(): nobody can close it`,
    ),
});
