import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'use-after-detach',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  check: (contract) =>
    reportMisuses(
      contract,
      ({ kind, resource }) => kind === 'use-after-release' || (kind === 'double-release' && resource === 'attachment'),
      (misuse) => `${misuse.api} uses what was released before: it may be freed by now`,
    ),
});
