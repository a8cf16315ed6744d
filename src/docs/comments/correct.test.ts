import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { correctNames, correctWords } from './correct.js';
import type { Correction } from './corrections.js';

describe('correcting a text', () => {
  it('puts current names where old ones stood', () => {
    const text = '/* old() and old() */';
    const stale = (at: number, instead: string | null) =>
      ({ path: 'x', at, name: 'old', confidence: 'high', instead, struct: null }) as const;
    assert.equal(correctNames(text, [stale(3, 'new'), stale(13, 'new')]).text, '/* new() and new() */');
    assert.equal(correctNames(text, [stale(3, null)]).text, text);
  });

  const correction: Correction = {
    subject: '@pin',
    find: ' when the flag is true',
    replace: '',
    why: 'there is no flag',
  };

  it('finds words that are broken over lines, in the comment that is meant', () => {
    const text =
      '/**\n * @map: x\n *\n * Locked when the flag is true.\n */\n/**\n * @pin: y\n *\n * Locked when\n * the flag is true.\n */\n';
    const { text: corrected, done } = correctWords(text, [correction]);
    assert.equal(corrected, text.replace('Locked when\n * the flag is true.', 'Locked.'));
    assert.deepEqual(done, [{ at: text.lastIndexOf(' when'), what: 'there is no flag' }]);
  });

  it('corrects once, also where the words begin those that replace them', () => {
    const again: Correction = { subject: '@map', find: 'is moving', replace: 'is moving or revoked', why: null };
    const once = correctWords('/**\n * @map: x\n *\n * It is moving.\n */\n', [again]).text;
    assert.match(once, /It is moving or revoked\./);
    assert.equal(correctWords(once, [again]).text, once);
  });

  it('takes a paragraph out with the empty line before it', () => {
    const gone: Correction = { subject: '@map', find: 'It is gone.', replace: '', why: null };
    for (const [before, after] of [
      ['/**\n * @map: x\n *\n * It is\n * gone.\n *\n * End.\n */\n', '/**\n * @map: x\n *\n * End.\n */\n'],
      ['/**\n * @map: x\n *\n * It is gone.\n */\n', '/**\n * @map: x\n */\n'],
    ] as const)
      assert.equal(correctWords(before, [gone]).text, after);
  });

  it('leaves code alone', () => {
    const text = 'x = " when the flag is true";\n';
    assert.equal(correctWords(text, [{ ...correction, subject: null }]).text, text);
  });
});
