import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answers, isWithin, withCommon } from './guess.js';

const answers = (given: Record<number, boolean>): Answers =>
  new Map(Object.entries(given).map(([test, answer]) => [Number(test), answer]));

const isNothingLeft = (...sets: readonly Answers[]): boolean => withCommon(sets).some(({ size }) => size === 0);

describe('what guesses have in common', () => {
  it('is nothing where each answer to a test leads to the same', () => {
    assert.equal(isNothingLeft(answers({ 1: true }), answers({ 1: false })), true);
  });

  it('is nothing where a path that has not guessed comes to the same', () => {
    assert.equal(isNothingLeft(answers({ 1: true, 2: false }), answers({})), true);
  });

  it('is nothing where the second test is asked for one answer to the first only', () => {
    assert.equal(
      isNothingLeft(answers({ 1: false }), answers({ 1: true, 2: false }), answers({ 1: true, 2: true })),
      true,
    );
  });

  it('is something where an answer is missing', () => {
    assert.equal(isNothingLeft(answers({ 1: true })), false);
    assert.equal(isNothingLeft(answers({ 1: true, 2: true }), answers({ 1: false, 2: false })), false);
    assert.equal(isNothingLeft(answers({ 1: false }), answers({ 1: true, 2: false })), false);
  });

  it('is the answer that both have to another test', () => {
    const common = withCommon([answers({ 1: true, 2: true }), answers({ 1: false, 2: true })]);
    assert.ok(common.some((set) => set.size === 1 && set.get(2) === true));
  });

  it('is the answers of both to other tests, where they differ in one', () => {
    const common = withCommon([answers({ 1: true, 2: true }), answers({ 1: false, 3: false })]);
    assert.deepEqual(common.at(-1), answers({ 2: true, 3: false }));
  });
});

describe('a set of answers', () => {
  it('is within another one that gives the same answers, and more', () => {
    assert.equal(isWithin(answers({ 1: true }), answers({ 1: true, 2: false })), true);
    assert.equal(isWithin(answers({}), answers({})), true);
    assert.equal(isWithin(answers({ 1: true }), answers({ 1: false })), false);
    assert.equal(isWithin(answers({ 1: true }), answers({ 2: true })), false);
  });
});
