import type { Misuse } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

const isTwice = ({ kind, resource }: Misuse): boolean => kind === 'double-release' && resource === 'pin';

export default defineRule({
  id: 'double-unpin',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  check: (contract) =>
    reportMisuses(
      contract,
      (misuse) => isTwice(misuse) || misuse.kind === 'early-unpin',
      (misuse) =>
        isTwice(misuse)
          ? `${misuse.api} drops a pin that is already dropped: the exporter may move memory that another importer has pinned`
          : `the pin may run ${misuse.api}, which takes the buffer for pinned and unpins it: one unpin too many, and the pin that then succeeds is never dropped`,
    ),
});
