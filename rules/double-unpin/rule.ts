import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'double-unpin',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  check: (contract) =>
    reportMisuses(
      contract,
      ({ kind, resource }) => kind === 'double-release' && resource === 'pin',
      (misuse) =>
        `${misuse.api} drops a pin that is already dropped: the exporter may move memory that another importer has pinned`,
    ),
});
