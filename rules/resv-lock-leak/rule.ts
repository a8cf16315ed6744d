import { defineRule } from '../../src/lint/index.js';
import { reportLocks } from '../lock-reports.js';

export default defineRule({
  id: 'resv-lock-leak',
  group: 'locking',
  severity: 'error',
  check: (contract) =>
    reportLocks(contract, 'leak', (fact) =>
      fact.verdict === 'left-held'
        ? `${fact.function}() leaves here with the reservation lock held, which its other ways out drop: the next to take it waits for ever`
        : `${fact.function}() leaves here with the reservation lock dropped, which its other ways out leave held: its callers go on without it`,
    ),
});
