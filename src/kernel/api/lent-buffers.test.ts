import assert from 'node:assert/strict';
import { it } from 'node:test';
import { lenderOf } from './lent-buffers.js';

const device = 'struct drm_device *';
const buffer = 'struct dma_buf *';

it('a function with the shape of gem_prime_import is lent the buffer, and no other one', () => {
  assert.equal(lenderOf('struct drm_gem_object *', [device, buffer]), 'drm_gem_prime_fd_to_handle');
  assert.equal(lenderOf('struct drm_gem_object *', [buffer, device]), undefined);
  assert.equal(lenderOf('struct drm_gem_object *', [device, 'struct dma_buf_attachment *']), undefined);
  assert.equal(lenderOf('struct drm_gem_object *', [device, buffer, 'int']), undefined);
  assert.equal(lenderOf('int', [device, buffer]), undefined);
});
