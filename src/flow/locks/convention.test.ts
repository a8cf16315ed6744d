import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { openCodebase } from '../../program/index.js';
import { type LockingConvention, readConvention } from './convention.js';

const core = 'drivers/dma-buf/dma-buf.c';

async function conventionOf(text: string, header = ''): Promise<LockingConvention | null> {
  const tree = openMemory('tree', { 'include/linux/dma-buf.h': `struct dma_buf;\n${header}`, [core]: text });
  return readConvention(await openCodebase(tree, { attributeWords: [], leftOut: [] }));
}

const comment = `/* dma_buf_ */
/**
 * DOC: locking convention
 *
 * Convention for importers
 *
 * 1. Importers must hold the dma-buf reservation lock when calling these
 *    functions:
 *
 *     - dma_buf_pin()
 *     - dma_buf_new_thing()
 *
 * 2. Importers must not hold the dma-buf reservation lock when calling these
 *    functions:
 *
 *     - dma_buf_attach()
 *
 * Convention for exporters
 *
 * 1. These &dma_buf_ops callbacks are invoked with unlocked dma-buf
 *    reservation and exporter can take the lock:
 *
 *     - &dma_buf_ops.mmap()
 *
 * 2. These &dma_buf_ops callbacks are invoked with locked dma-buf
 *    reservation and exporter can't take the lock:
 *
 *     - &dma_buf_ops.vmap()
 *
 * 3. Exporters must hold the dma-buf reservation lock when calling these
 *    functions:
 *
 *     - dma_buf_move_notify()
 */
/* - dma_buf_after() */
`;

describe('the locking convention', () => {
  it('is what the comment of the tree lists', async () => {
    const convention = await conventionOf(comment);
    assert.equal(convention?.source, 'tree');
    assert.deepEqual([...(convention?.mustHold ?? [])], ['dma_buf_pin', 'dma_buf_new_thing', 'dma_buf_move_notify']);
    assert.deepEqual([...(convention?.mustNotHold ?? [])], ['dma_buf_attach']);
    assert.deepEqual([...(convention?.lockedCallbacks ?? [])], ['vmap']);
    assert.deepEqual([...(convention?.unlockedCallbacks ?? [])], ['mmap']);
  });

  it('holds for the old name of a function, too, while the header has one that only calls the new one', async () => {
    const inline = (name: string, body: string): string =>
      `static inline int ${name}(struct dma_buf_attachment *attach)\n{\n${body}}\n`;
    const convention = await conventionOf(
      comment,
      inline('dma_buf_old_thing', '\treturn dma_buf_new_thing(attach);\n') +
        inline('dma_buf_locked_thing', '\tlock_it(attach);\n\treturn dma_buf_new_thing(attach);\n'),
    );
    const expected = ['dma_buf_pin', 'dma_buf_new_thing', 'dma_buf_move_notify', 'dma_buf_old_thing'];
    assert.deepEqual([...(convention?.mustHold ?? [])], expected);
  });

  it('is not made up for a tree that has no such comment', async () => {
    assert.equal(await conventionOf('/* dma_buf_ */\n'), null);
  });

  it('is the built-in one, named so, where the comment has another form', async () => {
    const convention = await conventionOf('/**\n * DOC: locking convention\n *\n * Hold the lock where due.\n */\n');
    assert.equal(convention?.source, 'built-in');
    assert.ok(convention?.mustHold.has('dma_buf_map_attachment'));
  });
});
