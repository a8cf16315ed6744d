import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type OwnValue, ownValue } from './own-values.js';

const ownOf = (parameters: readonly string[], body: string): OwnValue | undefined =>
  ownValue({ name: 'EX_SAY', parameters, body });

describe('a macro that is as true as its argument', () => {
  for (const [what, body] of [
    ['keeps the condition', '({ bool __c = (cond); if (__c) pr_debug("x\\n"); __c; })'],
    [
      'keeps its truth',
      '({ \\\n\tint __c = !!(cond); \\\n\tif (unlikely(__c)) \\\n\t\tprint(x); \\\n\tunlikely(__c); \\\n})',
    ],
    ['goes on where it is true', '((cond) && (print(x), 1))'],
    ['goes on with statements', '(unlikely(cond) && ({ print(x); true; }))'],
  ] as const)
    it(what, () => {
      assert.deepEqual(ownOf(['x', 'cond'], body), { position: 1, isTruth: true });
    });

  for (const [what, body] of [
    ['changes the answer', '({ bool __c = (cond); __c |= failed(x); __c; })'],
    ['leaves the function', '({ bool __c = (cond); if (__c) return -EINVAL; __c; })'],
    ['says the opposite', '({ bool __c = !(cond); if (__c) print(x); __c; })'],
    ['tests something else', '((cond) && failed(x))'],
    ['compares', '({ bool __c = (cond) > 0; __c; })'],
  ] as const)
    it(`is none that ${what}`, () => {
      assert.equal(ownOf(['x', 'cond'], body), undefined);
    });
});

describe('a macro that has the value of its argument', () => {
  for (const [what, body] of [
    ['a number', '({ int __c = (cond); if (__c < 0) print(__c); __c; })'],
    ['a pointer', '({ typeof(cond) __c = (cond); print(x); __c; })'],
    ['whatever it is', '({ __auto_type __c = (cond); print(x); (__c); })'],
  ] as const)
    it(`keeps ${what}`, () => {
      assert.deepEqual(ownOf(['x', 'cond'], body), { position: 1, isTruth: false });
    });

  it('is only as true where it ends so', () =>
    assert.deepEqual(ownOf(['cond'], '({ int __c = (cond); print(__c); !!__c; })'), { position: 0, isTruth: true }));

  it('is none that changes the value', () =>
    assert.equal(ownOf(['cond'], '({ int __c = (cond); if (__c > 0) __c = 0; __c; })'), undefined));
});
