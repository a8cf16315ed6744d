import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { undoesByName } from './opposites.js';

describe('a function that undoes another by its name', () => {
  it('differs in one word', () => assert.equal(undoesByName('tin_pin_pages', 'tin_unpin_pages'), true));
  it('has the words in this order', () => assert.equal(undoesByName('tin_put', 'tin_get'), false));
  it('is about the same', () => assert.equal(undoesByName('tin_get_pages', 'tin_put_table'), false));
  it('has as many words', () => assert.equal(undoesByName('tin_get', 'tin_put_all'), false));
});
