import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'dmabuf-over-put',
  group: 'importer',
  severity: 'error',
  scope: 'tree',
  check: (contract) =>
    reportMisuses(
      contract,
      ({ kind, resource }) => kind === 'over-put' || (kind === 'double-release' && resource === 'reference'),
      (misuse) => `${misuse.api} drops a reference that is not held here: the buffer is freed while others use it`,
    ),
});
