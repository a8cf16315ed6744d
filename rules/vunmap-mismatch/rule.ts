import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'vunmap-mismatch',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  check: (contract) =>
    reportMisuses(
      contract,
      ({ kind, resource }) =>
        kind === 'unmade-release' ||
        (resource === 'kernel-mapping' && (kind === 'mismatched-release' || kind === 'double-release')),
      ({ kind, api }) =>
        kind === 'unmade-release'
          ? `${api} ends a kernel mapping that was not made, since the vmap has failed: the count of the buffer's mappings drops too far`
          : kind === 'double-release'
            ? `${api} unmaps a kernel mapping that is already unmapped: the count of the buffer's mappings drops too far`
            : `${api} gets the map of another buffer: that buffer's mapping is lost, and this one's is torn down in use`,
    ),
});
