import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asksForNegative, type CountStep, countSteps, makesCount } from './count-steps.js';

/** What a row says, in words. */
function told({ count, change, result, isPlain }: CountStep): string {
  const what =
    change.kind === 'by'
      ? `by ${change.number}`
      : change.kind === 'by-argument'
        ? `by ${change.sign} times argument ${change.argument}`
        : `to argument ${change.argument}`;
  return `argument ${count}, ${what}, ${result}${isPlain ? '' : ', references'}`;
}

/** Each as its header declares it: `int atomic_add_return(int i, atomic_t *v)` and the like. */
const rows: readonly (readonly [name: string, says: string])[] = [
  ['atomic_set', 'argument 0, to argument 1, nothing'],
  ['atomic_read', 'argument 0, by 0, after'],
  ['atomic_inc', 'argument 0, by 1, nothing'],
  ['atomic64_dec', 'argument 0, by -1, nothing'],
  ['atomic_add', 'argument 1, by 1 times argument 0, nothing'],
  ['atomic_long_inc_return', 'argument 0, by 1, after'],
  ['atomic_dec_return_relaxed', 'argument 0, by -1, after'],
  ['atomic_sub_return', 'argument 1, by -1 times argument 0, after'],
  ['atomic_fetch_add_acquire', 'argument 1, by 1 times argument 0, before'],
  ['atomic_sub_and_test', 'argument 1, by -1 times argument 0, is-zero'],
  ['atomic_xchg', 'argument 0, to argument 1, before'],
  ['atomic_inc_not_zero', 'argument 0, by 1, was-raised'],
  ['refcount_add', 'argument 1, by 1 times argument 0, nothing, references'],
  ['refcount_dec_and_test', 'argument 0, by -1, is-zero, references'],
  ['kref_get', 'argument 0, by 1, nothing, references'],
];

describe('what a call does to a count', () => {
  for (const [name, says] of rows)
    it(name, () => {
      const step = countSteps.get(name);
      assert.equal(step && told(step), says);
    });

  it('says nothing of a call that may leave the count as it is', () => {
    for (const name of ['atomic_add_unless', 'atomic_cmpxchg', 'refcount_dec_if_one', 'kref_put'])
      assert.equal(countSteps.has(name), false, name);
  });

  it('knows the macros that make a count', () => {
    assert.deepEqual(['ATOMIC_INIT', 'ATOMIC64_INIT', 'REFCOUNT_INIT', 'LIST_HEAD_INIT'].map(makesCount), [
      true,
      true,
      true,
      false,
    ]);
  });

  it('knows the calls that only make sense for a count that may be negative', () => {
    for (const name of ['atomic_inc_and_test', 'atomic_add_negative', 'atomic64_add_negative_relaxed'])
      assert.equal(asksForNegative(name), true, name);
    for (const name of ['atomic_dec_and_test', 'atomic_inc_return', 'refcount_inc'])
      assert.equal(asksForNegative(name), false);
  });
});
