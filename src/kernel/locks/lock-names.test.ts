import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  dropsReservation,
  isNamedForKeptLock,
  isNamedForLock,
  mayGuardReservation,
  mayHideReservation,
  takesAnyLock,
} from './lock-names.js';

describe('a call that may hide a reservation lock', () => {
  for (const name of [
    'xe_bo_lock',
    'amdgpu_bo_reserve',
    'ttm_bo_unreserve',
    'drm_exec_fini',
    'virtio_gpu_array_lock_resv',
  ])
    it(`is ${name}()`, () => assert.equal(mayHideReservation(name), true));

  for (const name of [
    'mutex_lock',
    'raw_spin_lock_irq',
    'folio_unlock',
    'pm_runtime_reserve',
    'dma_resv_reserve_fences',
    'of_reserved_mem_lookup',
    'reserved_pool_get',
  ])
    it(`is not ${name}(), which is about something else`, () => {
      assert.equal(mayHideReservation(name), false);
    });

  it('has a word for locks, and not only the letters', () => {
    assert.equal(isNamedForLock('mutex_lock'), true);
    assert.equal(isNamedForLock('clock_get'), false);
    assert.equal(isNamedForLock('block_read'), false);
  });
});

describe('a call that leaves the lock of its caller as it is', () => {
  for (const name of ['drm_gem_shmem_vmap_locked', 'foo_locked_fill', '__foo_drop_locked'])
    it(`is ${name}()`, () => assert.equal(isNamedForKeptLock(name), true));
  for (const name of ['foo_find_locked', 'xe_bo_create_locked', 'foo_put_unlock_locked', 'foo_fill'])
    it(`is not ${name}()`, () => assert.equal(isNamedForKeptLock(name), false));
});

describe('a guard', () => {
  for (const name of ['mutex', 'spinlock_irqsave', 'rcu', 'pm_runtime_active', 'rwsem_read'])
    it(`of kind ${name} holds no reservation lock`, () => assert.equal(mayGuardReservation(name), false));

  it('of any other kind may', () => {
    for (const name of ['dma_resv', 'xe_bo', 'my_object']) assert.equal(mayGuardReservation(name), true, name);
  });
});

describe('a call that drops a reservation lock', () => {
  for (const name of [
    'dma_resv_unlock',
    'ww_mutex_unlock',
    'amdgpu_bo_unreserve',
    'drm_exec_fini',
    'drm_gem_unlock_reservations',
  ])
    it(`is ${name}()`, () => assert.equal(dropsReservation(name), true));

  for (const name of ['mutex_unlock', 'dma_resv_lock', 'unreserve_all', 'drm_exec_init'])
    it(`is not ${name}()`, () => assert.equal(dropsReservation(name), false));
});

describe('code that takes some lock', () => {
  for (const code of [
    'mutex_lock(&a);',
    'guard(mutex)(&a);',
    'down(&sem);',
    'local_irq_save(flags);',
    'foo_reserve (bo);',
  ])
    it(`calls something like ${code}`, () => assert.equal(takesAnyLock(code), true));

  for (const code of ['mutex_unlock(&a);', 'download(fw);', 'foo->lock = 1;'])
    it(`is not ${code}`, () => assert.equal(takesAnyLock(code), false));

  it('can leave some out', () => {
    assert.equal(
      takesAnyLock('dma_resv_lock(resv, NULL);', (name) => name !== 'dma_resv_lock'),
      false,
    );
  });
});
