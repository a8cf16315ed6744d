import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { textIncludes, wordFinder } from './word-search.js';

describe('finding a word', () => {
  it('finds in bytes what Buffer.indexOf() finds, wherever it begins to look, and in texts what they include', () => {
    // Few letters, so that parts of the word stand everywhere.
    const letters = fc.constantFrom('d', 'm', 'a', '_', 'b', 'u', 'X', ' ', 'é');
    const word = fc.oneof(
      fc.constantFrom('dma_buf', 'ib_umem', 'EXPORT_SYMBOL', 'a', 'aaXaaaaaaaa'),
      fc.array(letters, { minLength: 1, maxLength: 12 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(word, fc.array(fc.oneof(letters, word), { maxLength: 60 }), fc.nat(20), (wanted, parts, from) => {
        const bytes = Buffer.from(parts.join(''));
        const find = wordFinder(wanted);
        // Beyond the end there is nothing; Buffer.indexOf() takes such an offset for the end.
        if (from > bytes.length) return;
        assert.equal(find(bytes, from), bytes.indexOf(wanted, from));
        const text = Buffer.concat([bytes, Buffer.from(wanted), bytes]);
        assert.equal(find(text, from), text.indexOf(wanted, from));
        for (const one of [bytes, text]) assert.equal(textIncludes(`${one}`, wanted), `${one}`.includes(wanted));
      }),
      { numRuns: 500 },
    );
  });

  it('takes part of the word at the edges for nothing', () => {
    const find = wordFinder('dma_buf');
    for (const text of ['', 'dma_bu', 'ma_buf', 'ma_buf dma_bu', 'dma_', 'xma_buf'])
      assert.equal(find(Buffer.from(text)), -1);
    assert.equal(find(Buffer.from('ma_buf dma_buf')), 7);
    assert.equal(find(Buffer.from('dma_buf'), 1), -1);
  });
});
