import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAccess, storeAccess } from './once.js';

describe('macros for one access', () => {
  it('read a place, or what an address leads to', () => {
    assert.equal(readAccess('READ_ONCE')?.byAddress, false);
    assert.equal(readAccess('rcu_dereference_protected')?.byAddress, false);
    assert.equal(readAccess('smp_load_acquire')?.byAddress, true);
    for (const other of ['WRITE_ONCE', 'atomic_read', 'rcu_read_lock']) assert.equal(readAccess(other), undefined);
  });

  it('store a value in a place, or where an address leads to', () => {
    assert.equal(storeAccess('WRITE_ONCE')?.byAddress, false);
    assert.equal(storeAccess('smp_store_release')?.byAddress, true);
    for (const other of ['READ_ONCE', 'smp_store_mb', 'atomic_set']) assert.equal(storeAccess(other), undefined);
  });
});
