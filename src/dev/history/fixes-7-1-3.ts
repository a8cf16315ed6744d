import type { RealFix } from './real-fix.js';

/** Fixed between Linux 7.1.3 and later releases of the same series; lines are those of 7.1.3. */
export const fixesOf7_1_3: readonly RealFix[] = [
  {
    file: 'drivers/accel/amdxdna/amdxdna_gem.c',
    line: 384,
    function: 'amdxdna_insert_pages',
    rules: ['dmabuf-over-put'],
    what: 'Own object, vm_insert_pages() failed after drm_gem_shmem_mmap(): vm_ops->close() drops the GEM reference, then the error makes drm_gem_mmap_obj() drop it again.',
  },
  {
    file: 'drivers/accel/amdxdna/amdxdna_gem.c',
    line: 405,
    function: 'amdxdna_insert_pages',
    rules: ['dmabuf-over-put'],
    what: "Imported object, a fault fails after dma_buf_mmap() succeeded: the exporter's vm_ops->close() (may be NULL, vm_ops were cleared) is called and an error returned, so exporter and GEM references are dropped twice by the mmap error path.",
  },
  {
    file: 'drivers/accel/amdxdna/amdxdna_gem.c',
    line: 471,
    function: 'amdxdna_gem_dmabuf_mmap',
    rules: ['dmabuf-over-put', 'released-again-by-free'],
    what: 'dma_buf_ops.mmap: close_vma: calls vm_ops->close(), which puts the GEM object, and falls through to put_obj:, which puts it again (only one reference was taken).',
  },
  {
    file: 'drivers/dma-buf/udmabuf.c',
    line: 238,
    function: 'release_udmabuf',
    rules: ['unmap-not-undoing-map', 'direction-mismatch'],
    what: "The table kept for CPU access was mapped with begin_cpu_access's direction, release unmaps with DMA_BIDIRECTIONAL.",
  },
  {
    file: 'drivers/gpu/drm/tegra/gem.c',
    line: 85,
    function: 'tegra_bo_pin',
    rules: ['dmabuf-ref-leak'],
    what: 'Error paths (attach failed 85, map failed 93, and the others to free:) free the mapping without putting the bo (GEM) reference taken at line 72.',
  },
  {
    file: 'drivers/gpu/drm/vmwgfx/ttm_object.c',
    line: 551,
    function: 'ttm_prime_fd_to_handle',
    rules: ['dmabuf-ref-leak'],
    what: 'A descriptor of a foreign dma-buf returns -ENOSYS without putting the reference from dma_buf_get().',
  },
  {
    file: 'drivers/gpu/drm/vmwgfx/vmwgfx_blit.c',
    line: 511,
    function: 'vmw_external_bo_copy',
    rules: ['vunmap-mismatch'],
    what: 'out: unmaps src and dst (511, 512) whatever was mapped: when the first or second map_external() (dma_buf_vmap) failed, a buffer that is not mapped is vunmapped.',
  },
  {
    file: 'drivers/gpu/drm/xe/xe_dma_buf.c',
    line: 303,
    function: 'xe_dma_buf_create_obj',
    rules: ['buffer-not-kept'],
    what: 'The imported object is created on dma_buf->resv with no reference of its own on the dma-buf: after a failed attach, or after drm_prime_gem_destroy() put the buffer, the (possibly delayed) destruction still uses the freed reservation object.',
  },
  {
    file: 'drivers/iommu/iommufd/pages.c',
    line: 1660,
    function: 'iopt_release_pages',
    rules: ['torn-down-before-detach'],
    what: 'pages->mutex (taken by the callback iopt_revoke_notify) is destroyed, and mm/task/user dropped, before the attachment is detached: an invalidation in between uses them.',
  },
  {
    file: 'drivers/iommu/iommufd/pages.c',
    line: 1666,
    function: 'iopt_release_pages',
    rules: ['resv-lock-required'],
    what: 'dma_buf_unpin() without the reservation lock.',
  },
];
