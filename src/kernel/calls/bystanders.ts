import { apiPrefix, functionsWithRole } from '../api/api.js';
import { type NameTable, nameTable, union } from '../names.js';

/**
 * Calls that have nothing to do with what is looked for, though the tree may not show their bodies. They differ by what
 * is looked for.
 */

const references = nameTable(
  { topic: 'counts', source: 'include/linux/kref.h', names: ['kref_?*'] },
  { topic: 'the API', source: 'include/linux/dma-buf.h', names: [`${apiPrefix}?*`] },
);

/** While a pin is searched for a move of the memory, and a wait for it. */
export const besidesMoves: NameTable = union(
  references,
  nameTable(
    { topic: 'buffer objects', source: 'include/drm/ttm/ttm_bo.h', names: ['ttm_bo_?*'] },
    { topic: 'GEM', source: 'include/drm/drm_gem.h', names: ['drm_gem_?*'] },
    { topic: 'logging', source: 'include/drm/drm_print.h', names: ['drm_*print*'] },
  ),
);

/** While a revocation is searched for a wait for its importers. */
export const besidesUnmapWaits: NameTable = union(
  references,
  nameTable(
    { topic: 'files', source: 'include/linux/file.h, include/linux/fs.h', names: ['fput', 'get_file*'] },
    { topic: 'counts per CPU', source: 'include/linux/percpu-refcount.h', names: ['percpu_ref_?*'] },
    { topic: 'RCU', source: 'include/linux/rcupdate.h', names: ['synchronize_?*'] },
    { topic: 'the scheduler', source: 'include/linux/sched.h', names: ['schedule*'] },
  ),
);

/** While a mapping function is searched for a question about the state of its buffer. */
export const besidesRefusals: NameTable = union(
  references,
  nameTable(
    { topic: 'getters and views', source: 'the naming of drivers', names: ['get_?*', 'to_?*'] },
    { topic: 'PCI', source: 'include/linux/pci.h', names: ['pci_?*'] },
    { topic: 'DMA', source: 'include/linux/dma-mapping.h', names: ['dma_?*'] },
    { topic: 'GEM', source: 'include/drm/drm_gem.h', names: ['drm_gem_object_?*'] },
    { topic: 'hints', source: 'include/linux/compiler.h', names: ['likely', 'unlikely'] },
  ),
);

const mappers = nameTable(
  { topic: 'the API', source: 'include/linux/dma-buf-mapping.h', names: functionsWithRole('make-table') },
  {
    topic: 'DMA',
    source: 'include/linux/dma-mapping.h',
    names: ['dma_map_?*', 'dma_get_sgtable*', 'dma_iova_?*'],
  },
  {
    topic: 'DRM',
    source: 'include/drm/drm_prime.h',
    names: ['drm_prime_pages_to_sg', 'drm_gem_map_dma_buf'],
  },
);

/** Whether a call makes a mapping: from there on, a refusal would come too late. */
export function makesMapping(name: string): boolean {
  return mappers.has(name);
}
