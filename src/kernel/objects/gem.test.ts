import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dereferencesReleased, endsWithReservation, gemCounts, mayEndImport, takesReservation } from './gem.js';

describe('the reference count of a GEM object', () => {
  it('begins where the object is initialised', () =>
    assert.deepEqual(gemCounts.get('drm_gem_private_object_init'), { effect: 'init', object: 1 }));
  it('grows with a handle', () => assert.equal(gemCounts.get('drm_gem_handle_create')?.effect, 'handle'));
});

describe('what follows the pointer that it releases', () => {
  it('is sg_free_table()', () => assert.equal(dereferencesReleased('sg_free_table'), true));
  it('is not kfree(), of which that is known anyway', () => assert.equal(dereferencesReleased('kfree'), false));
});

describe('what may end the import of a GEM object', () => {
  it('is the helper of the core', () => assert.equal(mayEndImport('drm_prime_gem_destroy(obj, sgt);'), true));
  it('is a detach', () => assert.equal(mayEndImport('dma_buf_detach(buf, attach);'), true));
  it('is a helper that owns the object', () => assert.equal(mayEndImport('.free = drm_gem_shmem_object_free,'), true));
  it('is not the release of the object itself', () =>
    assert.equal(mayEndImport('drm_gem_object_release(obj);'), false));
});

describe('the reservation of an imported object', () => {
  it('is that of the buffer where code takes it from there', () => {
    assert.equal(takesReservation('robj = attach->dmabuf->resv;'), true);
    assert.equal(takesReservation('dma_resv_lock(bo->base.resv, NULL);'), false);
  });
  it('is used by the last put of a TTM object', () => {
    assert.equal(endsWithReservation('ttm_bo_put'), true);
    assert.equal(endsWithReservation('drm_gem_object_release'), false);
  });
});
