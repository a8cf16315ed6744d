import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { takers } from './cleanup.js';

describe('what empties a variable with __free()', () => {
  for (const name of ['no_free_ptr', 'retain_and_null_ptr', 'take_fd'])
    it(`is ${name}()`, () => assert.equal(takers.has(name), true));

  it('is not what only reads it', () => {
    assert.equal(takers.has('return_ptr'), false);
    assert.equal(takers.has('PTR_ERR'), false);
  });
});
