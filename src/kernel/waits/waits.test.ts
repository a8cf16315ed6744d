import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  fenceUsage,
  fenceUsages,
  isFenceWait,
  isReservationWait,
  isUnmapWait,
  reservationWaitIn,
  startsMove,
  widestUsage,
} from './waits.js';

describe('a wait for fences', () => {
  for (const name of [
    'dma_resv_wait_timeout',
    'dma_fence_wait',
    'dma_fence_wait_timeout',
    'ttm_bo_wait',
    'ttm_bo_wait_ctx',
  ])
    it(`is ${name}()`, () => assert.equal(isFenceWait(name), true));

  for (const name of ['dma_resv_lock', 'dma_fence_signal', 'ttm_bo_wait_free_node', 'wait_for_completion'])
    it(`is not ${name}()`, () => assert.equal(isFenceWait(name), false));

  it('is one of the reservation object only by its own functions', () => {
    assert.equal(isReservationWait('dma_resv_wait_timeout_rcu'), true);
    assert.equal(isReservationWait('ttm_bo_wait'), false);
  });

  it('is called as the header declares it', () => {
    assert.equal(
      reservationWaitIn('long dma_resv_wait_timeout_rcu(struct dma_resv *obj);'),
      'dma_resv_wait_timeout_rcu',
    );
    assert.equal(reservationWaitIn(''), 'dma_resv_wait_timeout');
  });

  it('is for a class of fences, from the narrowest to the widest', () => {
    assert.deepEqual(
      fenceUsages.map(({ usage }) => usage),
      ['kernel', 'write', 'read', 'bookkeep'],
    );
    assert.equal(fenceUsage('DMA_RESV_USAGE_KERNEL'), 'kernel');
    assert.equal(fenceUsage('usage'), null);
    assert.equal(fenceUsage(widestUsage), 'bookkeep');
  });
});

describe('a wait for somebody else', () => {
  for (const name of [
    'wait_for_completion',
    'wait_for_completion_timeout',
    'wait_event',
    'swait_event_timeout',
    'wait_var_event',
    'wait_on_bit',
    'flush_workqueue',
    'drain_workqueue',
  ])
    it(`is ${name}()`, () => assert.equal(isUnmapWait(name), true));

  for (const name of ['complete', 'wake_up', 'dma_fence_wait', 'schedule_work', 'cancel_work_sync'])
    it(`is not ${name}()`, () => assert.equal(isUnmapWait(name), false));
});

describe('a move', () => {
  for (const name of ['ttm_bo_validate', 'ttm_bo_handle_move_mem', 'dma_resv_add_fence', 'dma_resv_add_excl_fence'])
    it(`may start with ${name}()`, () => assert.equal(startsMove(name), true));

  for (const name of ['ttm_bo_pin', 'dma_resv_add_shared_fence', 'dma_fence_wait'])
    it(`does not start with ${name}()`, () => assert.equal(startsMove(name), false));
});
