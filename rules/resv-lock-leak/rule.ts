import { type Contract, describeWayOut, type LockDefect } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportLocks } from '../shared/lock-reports.js';

export default defineRule({
  id: 'resv-lock-leak',
  group: 'locking',
  severity: 'error',
  scope: 'driver',
  check: (contract) => reportLocks(contract, 'leak', (fact) => describe(contract, fact)),
});

function describe({ codebase }: Contract, fact: LockDefect): string {
  switch (fact.verdict) {
    case 'never-taken':
      return `${fact.function}() drops the reservation lock, which it has not taken: whoever holds it goes on without it`;
    case 'passed-over':
      return `${fact.function}() goes on to the next round with the reservation lock held, and drops it in the other rounds: the next task to take it waits forever`;
    default:
      return `${fact.function}() ${describeWayOut(codebase, fact.path, fact.at)} with the reservation lock ${state(fact)}`;
  }
}

function state({ verdict }: LockDefect): string {
  switch (verdict) {
    case 'left-held':
      return 'held, but drops it on its other paths: the next task to take it waits forever';
    case 'held-by-failure':
      return 'held, which only its successful returns should: whoever gets the error drops no lock, and the next task to take it waits forever';
    case 'never-dropped':
      return 'held, and nothing drops it: the next task to take it waits forever';
    default:
      return 'dropped, but leaves it held on its other paths: its callers go on without it';
  }
}
