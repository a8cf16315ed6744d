import type { Misuse } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

/** What was released before, and what that leads to. */
function released(resource: Misuse['resource']): string {
  switch (resource) {
    case 'attachment':
      return 'the attachment after it was detached: the attachment is freed by then';
    case 'reference':
      return 'the dma-buf after its reference was put: the dma-buf may be freed by then';
    default:
      return 'what was released before: it may be freed by then';
  }
}

export default defineRule({
  id: 'use-after-detach',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  check: (contract) =>
    reportMisuses(
      contract,
      ({ kind, resource }) => kind === 'use-after-release' || (kind === 'double-release' && resource === 'attachment'),
      ({ api, resource }) => `${api} uses ${released(resource)}`,
    ),
});
