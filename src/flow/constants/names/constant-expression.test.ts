import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constantExpression } from './constant-expression.js';

const names: ReadonlyMap<string, number> = new Map([
  ['EX_ALL', 7],
  ['EX_TWO', 2],
]);

describe('the number of a constant expression', () => {
  for (const [text, expected] of [
    ['3', 3],
    ['0x10UL', 16],
    ['(-1)', -1],
    ['EX_TWO', 2],
    ['EX_ALL & ~EX_TWO', 5],
    ['1 | 2 ^ 2 & 3', 1],
    ['1 << 2 + 1', 8],
    ['BIT(3) | BIT_ULL(40)', 8 + 2 ** 40],
    ['BIT(EX_TWO)', 4],
    ['((u32)1 << 31)', 2 ** 31],
    ['GENMASK(3, EX_TWO)', 12],
    ['GENMASK_ULL(40, 40) | 1', 2 ** 40 + 1],
    ['6 - 2 - 1', 3],
    ['-(2 * 3)', -6],
    ['0x30 >> 4', 3],
  ] as const)
    it(`is ${expected} for ${text}`, () =>
      assert.equal(
        constantExpression(text, (name) => names.get(name)),
        expected,
      ));

  for (const text of [
    '',
    'EX_OTHER',
    'EX_TWO +',
    '(3',
    '3)',
    '017',
    'sizeof(int)',
    'f(3)',
    'GENMASK(2, 3)',
    'GENMASK(63, 0)',
    '1, 2',
    '"3"',
    '1 << 60',
    'a ? 1 : 2',
  ])
    it(`is not known for '${text}'`, () =>
      assert.equal(
        constantExpression(text, (name) => names.get(name)),
        undefined,
      ));
});
