import type { LockDefect } from '../../src/contract/index.js';
import { lockFunctions } from '../../src/kernel/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportLocks } from '../shared/lock-reports.js';
import { holdLock } from './fix.js';

export default defineRule({
  id: 'resv-lock-required',
  group: 'locking',
  severity: 'error',
  scope: 'tree',
  hasFixes: true,
  check: (contract) =>
    reportLocks(
      contract,
      'required',
      (fact) =>
        fact.verdict === 'contradicted'
          ? `${fact.api}() needs the reservation lock, and another call of the same path must be made without it: one of the two is wrong, whatever the caller holds`
          : `${fact.api}() is called ${state(fact)}: ${consequence(fact)}`,
      (fact) => holdLock(contract, fact),
    ),
});

function consequence({ api }: LockDefect): string {
  return lockFunctions.get(api)?.effect === 'drop'
    ? 'another task loses its lock'
    : 'the buffer may move during the call';
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
