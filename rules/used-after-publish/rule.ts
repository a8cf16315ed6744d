import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'used-after-publish',
  group: 'exporter',
  severity: 'error',
  scope: 'driver',
  check: (contract) =>
    reportMisuses(
      contract,
      ({ kind }) => kind === 'use-after-publish',
      (misuse) =>
        `${misuse.api} uses what belongs to the descriptor: user space may have closed it by then, and that frees it`,
    ),
});
