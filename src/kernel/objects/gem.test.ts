import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dereferencesReleased, gemCounts } from './gem.js';

describe('the reference count of a GEM object', () => {
  it('begins where the object is initialised', () =>
    assert.deepEqual(gemCounts.get('drm_gem_private_object_init'), { effect: 'init', object: 1 }));
  it('grows with a handle', () => assert.equal(gemCounts.get('drm_gem_handle_create')?.effect, 'handle'));
});

describe('what follows the pointer that it releases', () => {
  it('is sg_free_table()', () => assert.equal(dereferencesReleased('sg_free_table'), true));
  it('is not kfree(), of which that is known anyway', () => assert.equal(dereferencesReleased('kfree'), false));
});
