import type { Misuse } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'err-ptr-unchecked',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  check: (contract) => reportMisuses(contract, ({ kind }) => kind === 'error-pointer', messageFor),
});

function messageFor({ api, keptIn, takenBy, usedBy, isPastNullTest, function: name }: Misuse): string {
  if (isPastNullTest) return `result of ${api}() is tested for NULL, which it never is: an error is taken for success`;
  if (takenBy !== undefined)
    return `error from ${api}() stays in '${keptIn}': ${takenBy === name ? 'the next time ' : ''}${takenBy}() takes it for a pointer, since it checks only for NULL`;
  if (keptIn !== undefined)
    return `result of ${api}() is kept in '${keptIn}' without an IS_ERR() test: its readers take an error code for a pointer`;
  return usedBy === undefined
    ? `result of ${api}() is used without an IS_ERR() test: an error code is used as a pointer`
    : `result of ${api}() is used after the call has failed: ${usedBy} takes an error code for a pointer`;
}
