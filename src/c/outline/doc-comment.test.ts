import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { docComments, writeDocComment } from './doc-comment.js';

describe('kernel-doc comments', () => {
  it('are told from other comments', () => {
    const text = '/* no */\n/*** no ***/\n/**/\n/** @pin: yes */\n/**\n * struct x - yes\n */\n/**\n * ---\n */\n';
    assert.deepEqual(
      docComments(text).map(({ subject }) => subject),
      ['@pin', 'struct x'],
    );
  });

  it('are read into paragraphs, whose lines are known', () => {
    const text = 'x\n\t/**\n\t * @pin: keep it\n\t *\n\t * Called with the\n\t *  lock held.\n\t */\n';
    const [comment] = docComments(text);
    assert.equal(comment?.indent, '\t');
    assert.equal(comment?.firstLine, 1);
    assert.deepEqual(comment?.blocks, [
      { text: '@pin: keep it', first: 0, end: 1 },
      { text: 'Called with the lock held.', first: 2, end: 4 },
    ]);
    assert.equal(text.slice(comment?.start, comment?.end).startsWith('/**'), true);
  });

  it('are the same when they are written again', () => {
    const text = '\t/**\n\t * @pin: keep it\n\t *\n\t *  1) one\n\t *     more\n\t *\n\t * Two.\n\t */';
    const [comment] = docComments(text);
    assert.equal(comment && `${comment.indent}${writeDocComment(comment.indent, comment.lines)}`, text);
  });

  it('may stand on one line, or begin on the opening one', () => {
    const [one, other] = docComments('/** @a: short */\n/** @b: long\n *\n * Words.\n */\n');
    assert.deepEqual([one?.lines, one?.firstLine], [['@a: short'], 0]);
    assert.deepEqual([other?.lines, other?.firstLine], [['@b: long', '', 'Words.'], 0]);
  });
});
