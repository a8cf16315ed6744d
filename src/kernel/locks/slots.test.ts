import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lockedTableTypes, mentionsReservations, slotTable, slotTables } from './slots.js';

describe('a slot of an ops table', () => {
  it('of a GEM object is entered with the lock of the object, or without', () => {
    const table = slotTable('struct drm_gem_object_funcs');
    assert.equal(table?.slots['vmap'], 'locked');
    assert.equal(table?.slots['export'], 'unlocked');
    assert.equal(table?.otherSlots, 'unknown');
    assert.deepEqual(table?.lockOfFirst, ['resv']);
  });

  it('of TTM is entered with a lock that its first argument does not lead to', () => {
    const table = slotTable('struct ttm_device_funcs');
    assert.equal(table?.slots['move'], 'locked');
    assert.equal(table?.lockOfFirst, null);
  });

  for (const type of ['struct file_operations', 'struct pci_driver', 'struct vb2_mem_ops', 'struct drm_driver'])
    it(`of ${type} is entered without`, () => assert.equal(slotTable(type)?.otherSlots, 'unlocked'));

  it('of any other table is not known', () => {
    assert.equal(slotTable('struct foo_ops'), undefined);
  });
});

describe('the tables with a lock that leads from the first argument', () => {
  it('are those of the API and of GEM', () => {
    assert.deepEqual(lockedTableTypes, [
      'struct dma_buf_attach_ops',
      'struct dma_buf_ops',
      'struct drm_gem_object_funcs',
    ]);
  });

  it('are in files with a word for buffers', () => {
    for (const type of lockedTableTypes) assert.match(`static const ${type} ops = {`, mentionsReservations);
    assert.doesNotMatch('static const struct file_operations fops = {', mentionsReservations);
  });

  it('have one row a type', () => {
    assert.equal(new Set(slotTables.map(({ type }) => type)).size, slotTables.length);
  });
});
