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
      ({ api, keptIn, isTakenNextTime, function: name }) =>
        isTakenNextTime
          ? `error from ${api}() stays in '${keptIn}': the next time ${name}() takes it for a pointer, since it asks only for NULL`
          : keptIn === undefined
            ? `result of ${api}() is used without an IS_ERR() test: an error code is used as a pointer`
            : `result of ${api}() is kept in '${keptIn}' without an IS_ERR() test: its readers take an error code for a pointer`,
    ),
});
