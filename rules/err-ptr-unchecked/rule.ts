import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'err-ptr-unchecked',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  check: (contract) =>
    reportMisuses(
      contract,
      ({ kind }) => kind === 'error-pointer',
      (misuse) => `result of ${misuse.api}() is used without an IS_ERR() test: an error code is used as a pointer`,
    ),
});
