import { defineRule } from '../../src/lint/index.js';
import { reportLocks } from '../shared/lock-reports.js';

export default defineRule({
  id: 'resv-lock-forbidden',
  group: 'locking',
  severity: 'error',
  scope: 'tree',
  check: (contract) =>
    reportLocks(
      contract,
      'forbidden',
      (fact) => `${fact.api}() takes the reservation lock, which is already held here: the task deadlocks`,
    ),
});
