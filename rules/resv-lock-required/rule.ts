import type { LockDefect } from '../../src/contract/index.js';
import { type LockFunction, lockFunctions } from '../../src/kernel/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportLocks } from '../shared/lock-reports.js';
import { holdLock } from './fix.js';

export default defineRule({
  id: 'resv-lock-required',
  group: 'locking',
  severity: 'error',
  scope: 'tree',
  hasFixes: true,
  check: (contract) => reportLocks(contract, 'required', describe, (fact) => holdLock(contract, fact)),
});

function describe(fact: LockDefect): string {
  const { api, function: name, verdict } = fact;
  switch (verdict) {
    case 'contradicted':
      return `${api}() needs the reservation lock, and another call of the same path must be made without it: one of the two is wrong, whatever the caller holds`;
    case 'unasked':
      return `${api}() may return without the reservation lock after a signal, and ${name}() does not check: it goes on without the lock, and drops one that another task may hold`;
    default:
      return `${complaint(fact)}: ${consequences[effectOf(fact) ?? 'none']}`;
  }
}

type Effect = LockFunction['effect'];

const effectOf = ({ api }: LockDefect): Effect | undefined => lockFunctions.get(api)?.effect;

/** What happens, by what the function does to the lock: the core's own functions assert it. */
const consequences: Readonly<Record<Effect | 'none', string>> = {
  take: 'lockdep warns',
  drop: 'another task loses its lock',
  assert: 'lockdep warns each time',
  none: 'lockdep warns, and the exporter may move the buffer during the call',
};

function complaint(fact: LockDefect): string {
  const { api, function: name } = fact;
  return effectOf(fact) === 'assert'
    ? `${name}() asserts the reservation lock with ${api}(), but does not hold it there`
    : `${api}() is called ${state(fact)}`;
}

function state({ verdict, function: name }: LockDefect): string {
  switch (verdict) {
    case 'dropped':
      return 'after the reservation lock was dropped';
    case 'other':
      return 'with the reservation lock of another buffer';
    case 'open':
      return `without the reservation lock, which ${name}() neither takes nor asserts`;
    default:
      return 'without the reservation lock';
  }
}
