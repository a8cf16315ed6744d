import type { Confidence, Severity } from '../../lint/index.js';
import type { Series } from './reading.js';

export type Verdict = 'true' | 'false' | 'unclear';

/** The verdict of a reader of the source on the findings of one rule in one function or table. */
export interface Judgement {
  readonly trees: readonly Series[];
  readonly file: string;
  /** The function, the ops table, or the comment that the findings stand in. */
  readonly where: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** How many findings there are of it in each tree. */
  readonly times: number;
  readonly verdict: Verdict;
  readonly why: string;
}

const all: readonly Series[] = ['6.1', '6.12', '7.2', '7.3'];
const later: readonly Series[] = ['6.12', '7.2', '7.3'];
const sevens: readonly Series[] = ['7.2', '7.3'];

/** Every finding of error or warning level, read in the source. A kernel test holds each scan against this list. */
export const judgements: readonly Judgement[] = [
  ...(['armada/armada_gem.c', 'tegra/gem.c'] as const).map(
    (file): Judgement => ({
      trees: ['6.1', '6.12'],
      file: `drivers/gpu/drm/${file}`,
      where: file.startsWith('armada') ? 'armada_gem_prime_map_dma_buf()' : 'tegra_gem_prime_map_dma_buf()',
      rule: 'map-returns-null',
      severity: 'error',
      confidence: 'high',
      times: 1,
      verdict: 'true',
      why: 'it returns NULL where memory is short, and this core hands NULL on to importers, which test by IS_ERR(); from 7.2 on the core makes -ENOMEM of it',
    }),
  ),
  {
    trees: ['6.1', '6.12'],
    file: 'drivers/misc/fastrpc.c',
    where: 'fastrpc_dmabuf_alloc()',
    rule: 'export-fd-lost',
    severity: 'warning',
    confidence: 'high',
    times: 1,
    verdict: 'true',
    why: 'the copy to user space comes after dma_buf_fd(): where it fails, nobody is told the descriptor, as the comment there says; 7.3 copies first',
  },
  {
    trees: later,
    file: 'drivers/gpu/drm/i915/gem/selftests/i915_gem_dmabuf.c',
    where: 'igt_dmabuf_export_vmap()',
    rule: 'vmap-leak',
    severity: 'warning',
    confidence: 'high',
    times: 1,
    verdict: 'true',
    why: 'where the memory is not zero it jumps past the vunmap and puts the buffer: a leak of a test that fails',
  },
  {
    trees: ['6.1', '6.12'],
    file: 'include/linux/dma-buf.h',
    where: 'move_notify',
    rule: 'semantics-undocumented',
    severity: 'warning',
    confidence: 'medium',
    times: 1,
    verdict: 'true',
    why: 'the comment speaks of moves only, and that of dma_buf_move_notify() of nothing else: what the thread set out to mend',
  },
  {
    trees: ['6.1', '6.12'],
    file: 'drivers/infiniband/core/umem_dmabuf.c',
    where: 'ib_umem_dmabuf_attach_pinned_ops',
    rule: 'pinned-importer-unmarked',
    severity: 'error',
    confidence: 'high',
    times: 1,
    verdict: 'true',
    why: 'RDMA without on-demand paging pins, and its move_notify only warns: the case that the kernel settled in 7.1',
  },
  {
    trees: all,
    file: 'drivers/gpu/drm/amd/amdgpu/amdgpu_object.c',
    where: 'amdgpu_bo_pin() (6.1: amdgpu_bo_pin_restricted())',
    rule: 'pin-unchecked',
    severity: 'warning',
    confidence: 'high',
    times: 1,
    verdict: 'true',
    why: 'dma_buf_pin() of an imported buffer is a statement of its own; where it fails the buffer counts as pinned',
  },
  {
    trees: all,
    file: 'drivers/gpu/drm/amd/amdgpu/amdgpu_object.c',
    where: 'amdgpu_bo_pin() (6.1: amdgpu_bo_pin_restricted())',
    rule: 'pin-leak',
    severity: 'error',
    confidence: 'medium',
    times: 1,
    verdict: 'true',
    why: 'ttm_bo_validate() fails after the pin of the attachment, and the error way returns without an unpin; no caller unpins what failed',
  },
  {
    trees: later,
    file: 'drivers/gpu/drm/amd/amdgpu/amdgpu_amdkfd_gpuvm.c',
    where: 'import_obj_create()',
    rule: 'dmabuf-ref-leak',
    severity: 'error',
    confidence: 'high',
    times: 1,
    verdict: 'true',
    why: 'get_dma_buf() is kept in the new kgd_mem; when validation fails, that is freed by kfree() and the reference with it',
  },
  {
    trees: sevens,
    file: 'drivers/gpu/drm/tegra/gem.c',
    where: 'tegra_bo_import()',
    rule: 'dmabuf-over-put',
    severity: 'error',
    confidence: 'medium',
    times: 1,
    verdict: 'true',
    why: 'the label puts the buffer, but get_dma_buf() comes only after the last way to it: a failed map drops the caller’s reference',
  },
  {
    trees: ['6.1'],
    file: 'drivers/misc/fastrpc.c',
    where: 'fastrpc_map_attach()',
    rule: 'map-leak',
    severity: 'error',
    confidence: 'high',
    times: 1,
    verdict: 'true',
    why: 'the assignment of secure memory fails after the map; the label detaches, puts and frees, and never unmaps',
  },
  {
    trees: ['6.12', '7.2'],
    file: 'drivers/misc/fastrpc.c',
    where: 'fastrpc_free_map(), run from fastrpc_map_attach()',
    rule: 'use-after-detach',
    severity: 'error',
    confidence: 'high',
    times: 2,
    verdict: 'true',
    why: 'a length beyond the buffer goes to the label that detaches and puts; the last kref_put() then unmaps and detaches again',
  },
  {
    trees: ['6.12', '7.2'],
    file: 'drivers/misc/fastrpc.c',
    where: 'fastrpc_free_map(), run from fastrpc_map_attach()',
    rule: 'dmabuf-over-put',
    severity: 'error',
    confidence: 'high',
    times: 1,
    verdict: 'true',
    why: 'the same way puts the one reference twice',
  },
  {
    trees: later,
    file: 'drivers/misc/fastrpc.c',
    where: 'fastrpc_mmap()',
    rule: 'resv-lock-required',
    severity: 'error',
    confidence: 'high',
    times: 1,
    verdict: 'true',
    why: 'asserts the lock in an mmap callback, which the convention lists as run without it, and which the core calls so',
  },
  {
    trees: later,
    file: 'drivers/accel/qaic/qaic_data.c',
    where: 'qaic_prepare_import_bo(), qaic_unprepare_import_bo()',
    rule: 'resv-lock-required',
    severity: 'error',
    confidence: 'high',
    times: 2,
    verdict: 'true',
    why: 'the ioctls for slices map and unmap with the functions that want the lock, and nobody in the driver takes it',
  },
  {
    trees: sevens,
    file: 'drivers/accel/amdxdna/amdxdna_cbuf.c',
    where: 'amdxdna_cbuf_clear()',
    rule: 'resv-lock-required',
    severity: 'error',
    confidence: 'high',
    times: 2,
    verdict: 'true',
    why: 'dma_buf_vmap() and dma_buf_vunmap() of a buffer just exported, on the way of an ioctl, without the lock',
  },
  {
    trees: later,
    file: 'drivers/gpu/drm/etnaviv/etnaviv_gem_prime.c',
    where: 'etnaviv_gem_prime_vmap_impl()',
    rule: 'resv-lock-required',
    severity: 'error',
    confidence: 'low',
    times: 1,
    verdict: 'true',
    why: 'the submit ioctl checks its performance requests, and so vmaps, before it locks its objects; only the vmap slot comes locked',
  },
  {
    trees: later,
    file: 'drivers/gpu/drm/xe/xe_dma_buf.c',
    where: 'xe_dma_buf_attach_ops',
    rule: 'callback-never-unmaps',
    severity: 'warning',
    confidence: 'low',
    times: 1,
    verdict: 'true',
    why: 'the eviction that the callback orders leaves before the unmap, which comes with the next mapping, or when its own device is gone',
  },
  {
    trees: ['7.2'],
    file: 'drivers/iommu/iommufd/selftest.c',
    where: 'iommufd_test_dmabuf_get()',
    rule: 'export-fd-leak',
    severity: 'warning',
    confidence: 'high',
    times: 1,
    verdict: 'true',
    why: 'returns what dma_buf_fd() returned, and does not put the buffer where that is an error (test code)',
  },
  {
    trees: sevens,
    file: 'drivers/iommu/iommufd/selftest.c',
    where: 'iommufd_test_dmabuf_revoke()',
    rule: 'revoke-unchecked',
    severity: 'warning',
    confidence: 'high',
    times: 1,
    verdict: 'unclear',
    why: 'lets every importer in and revokes; harmless, since its map_dma_buf always fails (test code)',
  },
];
