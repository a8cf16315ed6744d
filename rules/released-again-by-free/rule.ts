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
      ({ kind }) => kind === 'freed-by-put' || kind === 'freed-again',
      ({ api, kind }) =>
        kind === 'freed-by-put'
          ? `${api} frees what the last put of the object has already freed`
          : `${api} frees what this path has already freed`,
    ),
});
