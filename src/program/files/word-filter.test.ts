import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWordFilter, createWordFilters } from './word-filter.js';

describe('the filter of a text', () => {
  const { mayHold } = createWordFilter(
    'int foo_attach(struct dma_buf *dmabuf)\n{\n\treturn ex_pin(dmabuf); /* f\u00fcr alle */\n}\n',
  );

  it('lets every word through that stands in the text, also inside a longer word', () => {
    for (const word of ['foo_attach', 'o_att', 'dma_buf', 'dmabuf', 'return', 'ex_pin', 'alle'])
      assert.ok(mayHold(word), word);
  });

  it('stops words that do not stand there', () => {
    for (const word of ['bar_attach', 'foo_attached', 'ex_unpin', 'dmabuf_', 'kzalloc'])
      assert.ok(!mayHold(word), word);
  });

  it('lets through what it cannot judge: short words, and what is no name', () => {
    for (const word of ['', 'xyz', 'a->b', 'f\u00fcr', '(struct']) assert.ok(mayHold(word), word);
  });

  it('agrees with the text wherever it says no', () => {
    const words = Array.from({ length: 4000 }, (_, index) => `word_${(index * 7919) % 10_007}`);
    const text = words.slice(0, 2000).join(' ');
    const filter = createWordFilter(text);
    for (const word of words) assert.ok(filter.mayHold(word) || !text.includes(word), word);
    const stopped = words.slice(2000).filter((word) => !filter.mayHold(word));
    assert.ok(stopped.length > 500, `${stopped.length} of 2000`);
  });
});

describe('the filter of a text, asked for a word of its own', () => {
  const { mayHoldWhole } = createWordFilter('static int sgt, dmabuf_size;\n\u4e61bo\u4e61 = x->priv');

  it('lets through what stands there by itself, short words, too, and at both ends of the text', () => {
    for (const word of ['static', 'sgt', 'dmabuf_size', 'bo', 'priv']) assert.ok(mayHoldWhole(word), word);
  });

  it('stops what stands within a longer word only', () => {
    for (const word of ['sg', 'gt', 'size', 'stat', 'pri']) assert.ok(!mayHoldWhole(word), word);
  });

  it('lets through what it cannot judge: single characters, and what is no name', () => {
    for (const word of ['z', 'a->b', 'f\u00fcr']) assert.ok(mayHoldWhole(word), word);
  });
});

describe('the filters of files', () => {
  const texts: Readonly<Record<string, string>> = { 'a.c': 'one_word and another_word' };
  const filters = (isAtHand: boolean) => {
    const read: string[] = [];
    const mayHold = createWordFilters(
      (path) => {
        read.push(path);
        return texts[path];
      },
      () => isAtHand,
    );
    return { read, mayHold };
  };

  it('read a file for the first question, and no more', () => {
    const { read, mayHold } = filters(false);
    assert.ok(!mayHold('a.c', 'none_such'));
    assert.ok(mayHold('a.c', 'another_word'));
    assert.ok(!mayHold('a.c', 'further_one'));
    assert.deepEqual(read, ['a.c']);
  });

  it('know that nothing stands in a file that is not there', () => {
    assert.ok(!filters(false).mayHold('none.c', 'one_word'));
  });

  it('are made later where the text is at hand', () => {
    const { read, mayHold } = filters(true);
    assert.ok(mayHold('a.c', 'none_such'), 'the first question is not judged');
    assert.deepEqual(read, []);
    for (let times = 0; times < 20; times++) mayHold('a.c', 'none_such');
    assert.ok(!mayHold('a.c', 'none_such'));
    assert.deepEqual(read, ['a.c']);
  });
});
