import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'released-again-by-free',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  check: (contract) =>
    reportMisuses(
      contract,
      ({ kind }) => kind === 'freed-by-put',
      (misuse) => `${misuse.api} frees what the last put of the object has already freed`,
    ),
});
