import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chunksOf, isFacts, writtenRows } from './page-chunks.js';
import { compareRows } from './page-rows.js';

const page = `Title
=====

A paragraph
of two lines.

.. code-block:: c

	int x;

	int y;

.. list-table::
   :header-rows: 1

   * - Importer
     - Defined in
     - Pins
   * - \`\`x_ops\`\`
     - drivers/x.c, for a
       and b
     - always

- foo_import() (drivers/foo.c)
- bar_import()
  (drivers/very/long/bar.c)

- \`\`y_ops\`\` (drivers/y.c, test code)
`;

describe('a page', () => {
  it('is split at blank lines, and what is indented stays with what it belongs to', () => {
    assert.deepEqual(
      chunksOf(page).map(({ text, line }) => [line, text.split('\n')[0]]),
      [
        [1, 'Title'],
        [4, 'A paragraph'],
        [7, '.. code-block:: c'],
        [13, '.. list-table::'],
        [24, '- foo_import() (drivers/foo.c)'],
        [28, '- ``y_ops`` (drivers/y.c, test code)'],
      ],
    );
    assert.deepEqual(chunksOf(page).map(isFacts), [false, false, false, true, true, true]);
  });

  it('has rows with a name, a file and cells', () => {
    assert.deepEqual(
      writtenRows(page).map(({ subject, name, file, line }) => [subject, name, file, line]),
      [
        ['importer', 'x_ops', 'drivers/x.c', 19],
        ['static importer', 'foo_import', 'drivers/foo.c', 24],
        ['static importer', 'bar_import', 'drivers/very/long/bar.c', 25],
        ['exporter', 'y_ops', 'drivers/y.c', 28],
      ],
    );
    assert.deepEqual(writtenRows(page)[0]?.cells, ['``x_ops``', 'drivers/x.c, for a and b', 'always']);
  });

  it('is compared row by row, and a row is known by its name and its file', () => {
    const messages = (before: string, after: string) =>
      compareRows(before, after).map(({ line, message }) => `${line}: ${message}`);
    assert.deepEqual(messages(page, page), []);
    assert.deepEqual(messages(page, page.replace('     - always', '     - never')), [
      "19: importer 'x_ops': 'pins' is 'always' on the page, and 'never' in the code",
    ]);
    assert.deepEqual(messages(page, page.replace('drivers/y.c', 'drivers/z.c')), [
      "28: exporter 'y_ops' of drivers/z.c is not listed",
      "28: exporter 'y_ops' of drivers/y.c is listed, but the tree does not have it",
    ]);
  });
});
