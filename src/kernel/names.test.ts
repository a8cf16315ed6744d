import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nameTable, union, wordTable } from './names.js';

describe('a table of names', () => {
  const table = nameTable(
    { topic: 'fences', source: 'include/linux/dma-fence.h', names: ['dma_fence_*', 'sync_file_get_fence'] },
    { topic: 'allocators', source: 'include/linux/slab.h', names: ['k{,v}{m,z}alloc', 'str?*'] },
  );

  for (const name of ['dma_fence_put', 'dma_fence_', 'sync_file_get_fence', 'kmalloc', 'kvzalloc', 'strcpy'])
    it(`has ${name}`, () => assert.equal(table.has(name), true));

  for (const name of ['my_dma_fence_put', 'sync_file_get_fences', 'kalloc', 'kmalloc_array', 'str', ''])
    it(`does not have ${name || 'the empty name'}`, () => assert.equal(table.has(name), false));

  it('finds a name in code as a whole word only', () => {
    assert.equal(table.isIn('\tkmalloc(size, GFP_KERNEL);'), true);
    assert.equal(table.isIn('\tmy_kmalloc(size, GFP_KERNEL);'), false);
  });

  it('may be empty', () => {
    assert.equal(nameTable().has('kmalloc'), false);
    assert.equal(nameTable({ topic: 'none', source: '', names: [] }).has(''), false);
  });

  it('has what any of several tables has', () => {
    const both = union(table, nameTable({ topic: 'more', source: 'include/linux/kref.h', names: ['kref_put'] }));
    assert.equal(both.has('kref_put'), true);
    assert.equal(both.has('kmalloc'), true);
    assert.equal(both.topics.length, 3);
  });
});

describe('a table of words', () => {
  const table = wordTable('lock', 'is_gone');

  for (const name of ['lock', 'bo_lock', 'lock_bo', 'bo_lock_slow', 'dev_is_gone'])
    it(`has ${name}`, () => assert.equal(table.has(name), true));

  for (const name of ['unlock', 'block_bo', 'bo_locked', 'is_gonee', ''])
    it(`does not have ${name || 'the empty name'}`, () => assert.equal(table.has(name), false));
});
