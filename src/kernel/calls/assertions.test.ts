import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertionOf } from './assertions.js';

describe('an assertion of KUnit', () => {
  it('says what its argument is afterwards', () => {
    assert.deepEqual(assertionOf('KUNIT_ASSERT_NOT_ERR_OR_NULL')?.leaves, ['good']);
    assert.deepEqual(assertionOf('KUNIT_ASSERT_EQ')?.leaves, ['zero']);
    assert.deepEqual(assertionOf('KUNIT_ASSERT_TRUE_MSG')?.leaves, ['good', 'error']);
  });

  it('is not an expectation, after which the test goes on', () => {
    for (const name of ['KUNIT_EXPECT_EQ', 'KUNIT_FAIL', 'KUNIT_ASSERT', 'ASSERT_EQ'])
      assert.equal(assertionOf(name), undefined);
  });
});
