import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'double-unmap',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  check: (contract) =>
    reportMisuses(
      contract,
      ({ kind, resource }) => kind === 'double-release' && resource === 'mapping',
      (misuse) => `${misuse.api} unmaps a mapping that is already unmapped: the exporter frees it twice`,
    ),
});
