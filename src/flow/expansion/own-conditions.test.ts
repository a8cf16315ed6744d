import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ownCondition } from './own-conditions.js';

const positionIn = (parameters: readonly string[], body: string): number | undefined =>
  ownCondition({ name: 'EX_SAY', parameters, body });

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
      assert.equal(positionIn(['x', 'cond'], body), 1);
    });

  for (const [what, body] of [
    ['changes the answer', '({ bool __c = (cond); __c |= failed(x); __c; })'],
    ['leaves the function', '({ bool __c = (cond); if (__c) return -EINVAL; __c; })'],
    ['says the opposite', '({ bool __c = !(cond); if (__c) print(x); __c; })'],
    ['tests something else', '((cond) && failed(x))'],
    ['compares', '({ bool __c = (cond) > 0; __c; })'],
  ] as const)
    it(`is none that ${what}`, () => {
      assert.equal(positionIn(['x', 'cond'], body), undefined);
    });
});
