import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chunksOf, isFacts } from './page-chunks.js';
import { compareRows } from './page-rows.js';
import { writtenRows } from './written-rows.js';

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
     - Pins
     - When called back
   * - x_drv
     - always
     - does this
       and that
   * - a, b (\`\`shared_ops\`\`)
     - never
     - unmaps

These importers attach with dma_buf_attach():

- foo
- y_drv (\`\`y_ops\`\`)

These exporters move:

- z-drv

  - works with: x_drv,
    \`\`shared_ops\`\`
  - refused at pin: static importers

- w_drv

  - works with: x_drv
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
        [27, 'These importers attach with dma_buf_attach():'],
        [29, '- foo'],
        [32, 'These exporters move:'],
        [34, '- z-drv'],
        [40, '- w_drv'],
      ],
    );
    assert.deepEqual(chunksOf(page).map(isFacts), [false, false, false, true, false, true, false, true, true]);
    assert.equal(isFacts({ text: '- An item that somebody wrote.', line: 1 }), false);
  });

  it('has rows with a name and cells', () => {
    assert.deepEqual(
      writtenRows(page).map(({ subject, name, line }) => [subject, name, line]),
      [
        ['importer', 'x_drv', 19],
        ['importer', 'a, b (shared_ops)', 23],
        ['static importer', 'foo', 29],
        ['static importer', 'y_drv (y_ops)', 30],
        ['negotiation', 'z-drv', 34],
        ['negotiation', 'w_drv', 40],
      ],
    );
    assert.deepEqual(writtenRows(page)[0]?.cells, ['x_drv', 'always', 'does this and that']);
    assert.deepEqual(writtenRows(page)[4]?.cells, [
      'works with: x_drv, ``shared_ops``',
      'refused at pin: static importers',
    ]);
  });
});

describe('the rows of two pages', () => {
  const messages = (before: string, after: string) =>
    compareRows(before, after).map(({ line, message }) => `${line}: ${message}`);

  it('are compared by driver', () => {
    assert.deepEqual(messages(page, page), []);
    assert.deepEqual(messages(page, page.replace('     - always', '     - never')), [
      "19: importer 'x_drv': 'pins' is 'always' on the page, and 'never' in the code",
    ]);
    assert.deepEqual(messages(page, page.replace('- foo\n', '- bar\n')), [
      "29: static importer 'bar' is not listed",
      "29: static importer 'foo' is listed, but the tree does not have it",
    ]);
    assert.deepEqual(messages(page, page.replace('refused at pin:', 'unsafe:')), [
      "34: 'static importers' with exporter 'z-drv': 'refused at pin' on the page, and 'unsafe' in the code",
    ]);
  });

  it('tell a driver that came, went or changed once, in a short line', () => {
    const without = page.replace(/ {3}\* - a, b[\s\S]*?unmaps\n/, '').replace(',\n    ``shared_ops``', '');
    assert.deepEqual(messages(without, page), ["19: importer 'a, b (shared_ops)' is not listed"]);
    assert.deepEqual(messages(page, without), [
      "23: importer 'a, b (shared_ops)' is listed, but the tree does not have it",
    ]);
    const changed = page
      .replace('does this\n       and that', 'nothing '.repeat(40))
      .replace('works with: x_drv\n', 'unsafe: x_drv\n');
    const [first, ...others] = compareRows(page, changed);
    assert.match(first?.message ?? '', /^importer 'x_drv': 'when called back' is 'does this and that' on the page/);
    assert.equal(first?.message.length, 120);
    assert.deepEqual(others, []);
  });
});
