import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { passagesIn, readPhrase } from './phrase.js';

const names = new Map([['check', 'dma_buf_attach_revocable']]);
const vocabulary = new Map([['revoked', 'revo* | taken away']]);

function finds(phrase: string, sentence: string): boolean | undefined {
  return readPhrase(phrase, names, vocabulary)?.(sentence);
}

describe('a phrase of our texts', () => {
  it('finds whole words only', () => {
    assert.equal(finds('bounded time', 'Unmap within bounded time.'), true);
    assert.equal(finds('bounded time', 'That may take unbounded time.'), false);
    assert.equal(finds('revo*', 'The memory is revoked.'), true);
    assert.equal(finds('revo*', 'Call dma_buf_attach_revocable() first.'), false);
  });

  it('asks for all of its terms, in any way to say them, and for none of those it excludes', () => {
    assert.equal(finds('pin* & revo* | taken away', 'Memory that is pinned can be taken away.'), true);
    assert.equal(finds('pin* & revo* | taken away', 'Memory that is pinned can be moved.'), false);
    assert.equal(finds('pin* & !moved', 'Memory that is pinned can be moved.'), false);
  });

  it('knows names of the tree, and needs none that the tree does not have', () => {
    assert.equal(finds('{check}', 'See dma_buf_attach_revocable().'), true);
    assert.equal(finds('{marker}', 'See dma_buf_attach_revocable().'), undefined);
    assert.equal(finds('{marker} | {check}', 'See dma_buf_attach_revocable().'), true);
  });

  it('takes words from the vocabulary', () => {
    assert.equal(finds('pin* & <revoked>', 'Pinned, and taken away.'), true);
    assert.throws(() => finds('<unheard>', ''), /our vocabulary has no <unheard>/);
  });
});

describe('a paragraph', () => {
  it('is read by its sentences, and by each two that follow each other', () => {
    assert.deepEqual(passagesIn('It waits: 1) One. 2) Two.'), [
      'It waits:',
      '1) One.',
      '2) Two.',
      'It waits: 1) One.',
      '1) One. 2) Two.',
    ]);
  });
});
