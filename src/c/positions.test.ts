import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outlineFile } from './outline/outline.js';
import { positionAt } from './positions.js';
import { treeAttributeWords } from './prepare/attributes.js';

const attributes = treeAttributeWords(() => undefined, []);

describe('the position of an offset', () => {
  it('counts lines and columns from 1', () => {
    const text = 'int a;\n\nint b;';
    const { unit } = outlineFile('a.c', text, attributes);
    assert.deepEqual(positionAt(unit, 0), { line: 1, column: 1 });
    assert.deepEqual(positionAt(unit, text.indexOf('\n')), { line: 1, column: 7 });
    assert.deepEqual(positionAt(unit, text.indexOf('\n') + 1), { line: 2, column: 1 });
    assert.deepEqual(positionAt(unit, text.indexOf('b')), { line: 3, column: 5 });
    assert.deepEqual(positionAt(unit, text.length), { line: 3, column: 7 });
  });

  it('counts columns in UTF-16 units, and a tab as one', () => {
    const text = '\t/* \u00e9\u{1f600} */ x';
    const { unit } = outlineFile('a.c', text, attributes);
    assert.deepEqual(positionAt(unit, text.indexOf('x')), { line: 1, column: 12 });
  });

  it('counts lines by their newline, with and without a carriage return', () => {
    const text = 'a\r\nb\r\nc';
    const { unit } = outlineFile('a.c', text, attributes);
    assert.deepEqual(positionAt(unit, text.indexOf('c')), { line: 3, column: 1 });
  });

  it('agrees with counting for every offset of a text', () => {
    const text = 'one\n\ntwo\r\n\tthree\n';
    const { unit } = outlineFile('a.c', text, attributes);
    for (let offset = 0; offset <= text.length; offset++) {
      const lines = text.slice(0, offset).split('\n');
      assert.deepEqual(positionAt(unit, offset), { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 });
    }
  });

  it('is line 1, column 1 in an empty text', () => {
    assert.deepEqual(positionAt(outlineFile('a.c', '', attributes).unit, 0), { line: 1, column: 1 });
  });
});
