import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { columnsOf, refillFrom } from './refill.js';

const long = `${'word '.repeat(17)}end`;

describe('breaking a line anew', () => {
  it('leaves a line alone that fits', () => {
    const text = 'one\n * two\n * three\n';
    assert.equal(refillFrom(text, 6), text);
  });

  it('moves what is too much into the rest of the paragraph', () => {
    assert.equal(
      refillFrom(` * ${long}\n * of it\n *\n * More.\n`, 3),
      ` * ${'word '.repeat(15)}word\n * word end of it\n *\n * More.\n`
        .replace('word word\n', 'word\n')
        .replace(' * word end', ' * word word end'),
    );
  });

  it('counts a tab as eight columns', () => {
    assert.equal(columnsOf('\t * x'), 12);
    assert.equal(columnsOf('ab\tc'), 9);
    for (const line of refillFrom(`\t * ${long}\n`, 0).split('\n')) assert.ok(columnsOf(line) <= 80);
  });

  it('indents below the mark of a list, and does not swallow the next item', () => {
    const text = refillFrom(` * - ${long}\n * - other\n`, 0);
    assert.match(text, /^ \* - word[^\n]*\n \* {3}(?:word )*end\n \* - other\n$/);
  });

  it('does not swallow a parameter, nor the end of the comment', () => {
    assert.match(refillFrom(` * ${long}\n * @x: it\n */\n`, 0), /end\n \* @x: it\n \*\/\n$/);
    assert.match(refillFrom(` * ${long}\n */\n`, 0), /end\n \*\/\n$/);
  });

  it('breaks reST too', () => {
    assert.match(
      refillFrom(`${long}\nand so on.\n\nMore.\n`, 0),
      /^(?:word )+word\n(?:word )*end and so on\.\n\nMore\.\n$/,
    );
  });
});
