import type { LockDefect } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportLocks } from '../shared/lock-reports.js';

export default defineRule({
  id: 'resv-lock-leak',
  group: 'locking',
  severity: 'error',
  scope: 'driver',
  check: (contract) => reportLocks(contract, 'leak', (fact) => `${fact.function}() leaves here with ${state(fact)}`),
});

function state({ verdict }: LockDefect): string {
  switch (verdict) {
    case 'left-held':
      return 'the reservation lock held, which its other ways out drop: the next to take it waits for ever';
    case 'never-dropped':
      return 'the reservation lock held, which it took and nothing drops: the next to take it waits for ever';
    default:
      return 'the reservation lock dropped, which its other ways out leave held: its callers go on without it';
  }
}
