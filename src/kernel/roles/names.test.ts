import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isRenamed } from '../../input/tree/renamed.js';
import { openMemory } from '../../input/tree/tree.js';
import { dmaBufCore, dmaBufHeader } from '../api/structs.js';
import { readInOurNames } from './names.js';

const fixture = fileURLToPath(new URL('../../../../fixtures/invalidate-mappings/', import.meta.url));
const driver = 'drivers/x/x.c';

/** A tree with another name for dma_buf_pin() in header and core, and a driver that has only this text. */
function treeWith(text: string, { shim = '' } = {}) {
  const renamed = (path: string): string =>
    readFileSync(join(fixture, path), 'utf8').replace(/\bdma_buf_pin\b/g, 'dma_buf_hold');
  return openMemory('tree', {
    [dmaBufHeader]: renamed(dmaBufHeader).replace('#endif /* __DMA_BUF_H__ */', `${shim}\n#endif`),
    [dmaBufCore]: renamed(dmaBufCore),
    [driver]: text,
  });
}

describe('a tree with another name for a function of the API', () => {
  const { names, unknown } = readInOurNames(treeWith('f(dma_buf_hold(a), dma_buf_pin(a));\n'));

  it('is read by the name of the table, and the name that is gone stays one that nobody declares', () => {
    assert.equal(isRenamed(names), true);
    assert.equal(names.tree.read(driver), 'f(dma_buf_pin(a), dma_buf_hold(a));\n');
    assert.match(names.tree.read(dmaBufHeader) ?? '', /int dma_buf_pin\(/);
    assert.deepEqual(unknown, []);
  });

  it('is spoken of by its own name', () => {
    assert.equal(names.told('dma_buf_pin() fails'), 'dma_buf_hold() fails');
  });
});

for (const [what, shim] of [
  [
    'an inline function',
    'static inline int dma_buf_pin(struct dma_buf_attachment *attach)\n{\n\treturn dma_buf_hold(attach);\n}',
  ],
  ['a macro', '#define dma_buf_pin(attach) dma_buf_hold(attach)'],
  ['a macro without parameters', '#define dma_buf_pin dma_buf_hold'],
] as const)
  describe(`a tree that has the old name as well, by ${what}`, () => {
    const { names, unknown } = readInOurNames(treeWith('f(dma_buf_hold(a), dma_buf_pin(a));\n', { shim }));

    it('has both in drivers read as the same', () => {
      assert.equal(names.tree.read(driver), 'f(dma_buf_pin(a), dma_buf_pin(a));\n');
      assert.deepEqual(unknown, []);
    });

    it('has its core read as it is', () => {
      assert.match(names.tree.read(dmaBufHeader) ?? '', /int dma_buf_hold\(/);
    });
  });

it('a tree with the names of the table is read as it is', () => {
  const tree = openMemory('tree', {
    [dmaBufHeader]: readFileSync(join(fixture, dmaBufHeader), 'utf8'),
    [dmaBufCore]: readFileSync(join(fixture, dmaBufCore), 'utf8'),
  });
  assert.equal(readInOurNames(tree).names.tree, tree);
});
