import { nameTable } from '../names.js';
import { freeFunctions, managedFree, slabFree } from './memory.js';

const teardowns = nameTable(
  { topic: 'locks', source: 'include/linux/mutex.h, ww_mutex.h', names: ['{,ww_}mutex_destroy'] },
  {
    topic: 'work',
    source: 'include/linux/workqueue.h, kthread.h',
    names: ['destroy_workqueue', 'kthread_destroy_worker'],
  },
  { topic: 'collections', source: 'include/linux/xarray.h, idr.h', names: ['{xa,idr,ida}_destroy'] },
  { topic: 'addresses', source: 'include/linux/io.h, vmalloc.h', names: ['iounmap', 'vunmap'] },
);

/** What is torn down stands behind a device, a cache or a pool. Sources: include/linux/io.h, pci.h, slab.h, dma-mapping.h. */
const later: ReadonlyMap<string, number> = new Map([
  ['pci_iounmap', 1],
  ['devm_iounmap', 1],
  [managedFree, 1],
  [slabFree, 1],
  ['dma_pool_free', 1],
  ['dma_free_coherent', 2],
]);

/** The argument, 0-based, that a call makes unusable: it frees, unmaps or destroys it. Undefined for any other function. */
export function tornDownArgument(name: string): number | undefined {
  return later.get(name) ?? (freeFunctions.has(name) || teardowns.has(name) ? 0 : undefined);
}
