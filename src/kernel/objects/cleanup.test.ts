import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { declaresCleanup, takers } from './cleanup.js';

describe('what empties a variable with __free()', () => {
  for (const name of ['no_free_ptr', 'retain_and_null_ptr', 'take_fd'])
    it(`is ${name}()`, () => assert.equal(takers.has(name), true));

  it('is not what only reads it', () => {
    assert.equal(takers.has('return_ptr'), false);
    assert.equal(takers.has('PTR_ERR'), false);
  });
});

const declarations: readonly (readonly [code: string, isScoped: boolean])[] = [
  ['struct foo *p __free(kfree) = NULL;', true],
  ['int fd __attribute__((cleanup(put_fd)));', true],
  ['int n __cleanup(foo_put);', true],
  ['foo_cleanup(p);', false],
  ['kfree(p);', false],
];

describe('whether code declares a variable that its scope releases', () => {
  for (const [code, isScoped] of declarations)
    it(`is ${isScoped} for ${code}`, () => assert.equal(declaresCleanup(code), isScoped));
});
