import { describeWayOut, type LockDefect } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportLocks } from '../shared/lock-reports.js';

export default defineRule({
  id: 'resv-lock-leak',
  group: 'locking',
  severity: 'error',
  scope: 'driver',
  check: (contract) =>
    reportLocks(contract, 'leak', (fact) =>
      fact.verdict === 'never-taken'
        ? `${fact.function}() drops the reservation lock, which it has not taken: whoever holds it goes on without it`
        : `${fact.function}() ${describeWayOut(contract.codebase, fact.path, fact.at)} with the reservation lock ${state(fact)}`,
    ),
});

function state({ verdict }: LockDefect): string {
  switch (verdict) {
    case 'left-held':
      return 'held, but drops it on its other paths: the next task to take it waits forever';
    case 'never-dropped':
      return 'held, and nothing drops it: the next task to take it waits forever';
    default:
      return 'dropped, but leaves it held on its other paths: its callers go on without it';
  }
}
