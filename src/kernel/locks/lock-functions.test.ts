import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isWaitWoundMutex, lockFunctions, usesReservationLock } from './lock-functions.js';

describe('a function on the reservation lock', () => {
  it('takes it with a context, and fails where it is held already', () => {
    for (const name of ['dma_resv_lock', 'dma_resv_lock_interruptible', 'ww_mutex_lock']) {
      assert.equal(lockFunctions.get(name)?.effect, 'take', name);
      assert.equal(lockFunctions.get(name)?.context, 1, name);
      assert.equal(lockFunctions.get(name)?.answer, 'zero-or-error', name);
    }
  });

  it('may be interrupted where its name says so', () => {
    for (const [name, { isInterruptible }] of lockFunctions)
      assert.equal(isInterruptible, name.endsWith('_interruptible'), name);
  });

  it('is slow where its name says so', () => {
    for (const [name, { isSlow }] of lockFunctions) assert.equal(isSlow, name.includes('_slow'), name);
  });

  it('cannot fail on the slow path, unless it can be interrupted', () => {
    assert.equal(lockFunctions.get('dma_resv_lock_slow')?.answer, 'nothing');
    assert.equal(lockFunctions.get('dma_resv_lock_slow_interruptible')?.answer, 'zero-or-error');
  });

  it('says by true that it has it, where it only tries', () => {
    assert.equal(lockFunctions.get('dma_resv_trylock')?.answer, 'true-or-false');
  });

  it('drops it or asserts it', () => {
    assert.equal(lockFunctions.get('dma_resv_unlock')?.effect, 'drop');
    assert.equal(lockFunctions.get('dma_resv_assert_held')?.effect, 'assert');
  });

  it('is no function on the fences in the object', () => {
    assert.equal(lockFunctions.has('dma_resv_reserve_fences'), false);
    assert.equal(lockFunctions.has('dma_resv_is_locked'), false);
  });

  it('may be one on the mutex inside it', () => {
    assert.equal(isWaitWoundMutex('ww_mutex_lock'), true);
    assert.equal(isWaitWoundMutex('dma_resv_lock'), false);
  });

  it('is found in code by its own header, and by the lock inside it', () => {
    assert.equal(usesReservationLock('\tdma_resv_unlock(obj->resv);'), true);
    assert.equal(usesReservationLock('\tww_mutex_unlock(&obj->resv->lock);'), true);
    assert.equal(usesReservationLock('\tww_mutex_unlock(&rdev->mutex);'), false);
    assert.equal(usesReservationLock('\tdma_resv_reserve_fences(obj->resv, 1);'), false);
  });
});
