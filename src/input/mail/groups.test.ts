import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { groupByNames } from './groups.js';

function groups(...things: readonly string[]): readonly string[] {
  return groupByNames(things, (thing) => thing).map((group) => group.join(' '));
}

describe('grouping by names', () => {
  it('puts together what has a name in common, also by way of others', () => {
    assert.deepEqual(groups('ab', 'cd', 'ef', 'be'), ['ab ef be', 'cd']);
    assert.deepEqual(groups('a', 'b', 'c', 'bc', 'ac'), ['a b c bc ac']);
  });

  it('leaves alone what has no name, and keeps the order', () => {
    assert.deepEqual(groups('b', '', 'a', '', 'ba'), ['b a ba', '', '']);
  });

  it('copes with long chains', () => {
    const chain = Array.from({ length: 50_000 }, (_, index) => index).reverse();
    assert.equal(groupByNames(chain, (n) => [`${n}`, `${n + 1}`]).length, 1);
  });
});
