import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOfText, shortDigest } from './digest.js';

describe('the digest of a text', () => {
  it('is the same for the same text, whether it was asked for before or not', () => {
    assert.equal(digestOfText('int x;'), digestOfText('int x;'));
    assert.equal(digestOfText('int x;'), shortDigest('int x;'));
  });

  it('is another one for a text with wide characters and for the bytes that those are written with', () => {
    const wide = '/* \u4e61 */';
    assert.notEqual(shortDigest(wide), shortDigest(Buffer.from(wide).toString('latin1')));
  });

  it('tells where one part ends and the next begins', () => {
    assert.notEqual(shortDigest('ab', 'c'), shortDigest('a', 'bc'));
  });
});
