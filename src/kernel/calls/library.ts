import { nameTable } from '../names.js';

/**
 * Helpers of the kernel's libraries that neither unmap nor lead to an importer: there is no use in following them. They
 * change something, so they are not harmless.
 */

const locks = ['spin', 'read', 'write', 'mutex', 'rt_mutex', 'ww_mutex', 'down', 'up', 'rcu', 'srcu', 'seq'];

const leaves = nameTable(
  {
    topic: 'locks',
    source:
      'include/linux/spinlock.h, rwlock.h, mutex.h, rwsem.h, rcupdate.h, srcu.h, seqlock.h, ww_mutex.h, rtmutex.h, cleanup.h, lockdep.h',
    names: [
      ...locks.map((lock) => `{,raw_}${lock}*{lock,unlock,trylock,init,read,write,irq}*`),
      ...['{down,up}_?*', 'guard', 'scoped_guard', 'lockdep_?*'],
    ],
  },
  {
    topic: 'lists and collections',
    source: 'include/linux/list.h, xarray.h, idr.h, rbtree.h',
    names: ['{,h}list_?*', 'xa_?*', 'idr_?*', 'ida_?*', 'rb_?*'],
  },
  {
    topic: 'memory',
    source: 'include/linux/slab.h, include/linux/vmalloc.h, include/linux/string.h',
    names: ['k{,v,z,vz}{malloc,alloc,free,calloc,memdup}*', 'v{malloc,free,zalloc}*'],
  },
  {
    topic: 'pages',
    source: 'include/linux/mm.h, include/linux/gfp.h, include/linux/dma-mapping.h',
    names: [
      ...['{get,put}_page', 'folio_{get,put}', 'release_pages', 'unpin_user_page{,s,s_dirty_lock}'],
      ...['__free_page{,s}', 'free_page{,s,s_exact}', 'dma_free_{coherent,attrs,wc,pages}'],
    ],
  },
  {
    topic: 'strings',
    source: 'include/linux/string.h, include/linux/sprintf.h',
    names: ['mem{set,cpy,move,cmp}*', 'str?*', 's{,n}printf', 'scnprintf'],
  },
  {
    topic: 'atomics and bits',
    source: 'include/linux/atomic/atomic-instrumented.h, include/linux/refcount.h, include/linux/bitops.h',
    names: ['atomic*', 'refcount_?*', '{set,clear,change}_bit', 'test_and_?*'],
  },
  // percpu_ref_*() is not among them: its last put calls a function of the driver.
  {
    topic: 'data of each processor',
    source: 'include/linux/percpu-defs.h, percpu.h, percpu_counter.h, percpu-rwsem.h, u64_stats_sync.h, smp.h',
    names: [
      ...['{,__}this_cpu_?*', 'raw_cpu_?*', 'per_cpu', 'per_cpu_ptr', '{get,put}_cpu{,_var,_ptr}', 'free_percpu'],
      ...['percpu_counter_?*', 'percpu_{up,down}_?*', 'u64_stats_?*'],
    ],
  },
  {
    topic: 'preemption',
    source: 'include/linux/preempt.h, irqflags.h, seqlock.h, local_lock.h',
    names: ['preempt_{enable,disable}*', 'local_irq_?*', 'local_{,un}lock*', '{read,write}_seqcount_?*'],
  },
  {
    topic: 'barriers',
    source: 'include/asm-generic/barrier.h, include/asm-generic/rwonce.h',
    names: ['smp_?*', 'barrier', '{,w,r}mb', 'WRITE_ONCE', 'cpu_relax'],
  },
  {
    topic: 'waiting and waking',
    source: 'include/linux/completion.h, include/linux/wait.h, include/linux/eventfd.h',
    names: ['complete', 'complete_all', '{,re}init_completion', 'wake_up*', 'eventfd_signal*'],
  },
  {
    topic: 'time',
    source: 'include/linux/ktime.h, jiffies.h, delay.h, timer.h',
    names: ['ktime_?*', 'jiffies*', 'msleep', 'usleep_range', 'udelay', 'mod_timer', 'timer_?*', 'del_timer*'],
  },
  {
    topic: 'fences',
    source: 'include/linux/dma-resv.h, include/linux/dma-fence.h',
    names: ['dma_resv_?*', 'dma_fence_?*'],
  },
  { topic: 'scatterlists', source: 'include/linux/scatterlist.h', names: ['sg_?*'] },
  { topic: 'initialisers', source: 'include/linux/list.h, include/linux/workqueue.h', names: ['INIT_?*'] },
  { topic: 'errors', source: 'include/linux/err.h', names: ['ERR_PTR'] },
  {
    topic: 'devices and modules',
    source: 'include/linux/device.h, module.h, pm_runtime.h, clk.h, regmap.h, pci.h, of.h',
    names: [
      '{get,put}_device',
      'pci_dev_{get,put}',
      'of_node_{get,put}',
      'module_put',
      'try_module_get',
      'pm_runtime_?*',
      'clk_?*',
      'regmap_?*',
    ],
  },
  {
    topic: 'registers',
    source: 'include/asm-generic/io.h',
    names: ['{read,write}{b,w,l,q}', 'iowrite?*', 'ioread?*'],
  },
  {
    topic: 'bitmaps, hashes and sorting',
    source: 'include/linux/bitmap.h, hashtable.h, llist.h, sort.h',
    names: ['bitmap_?*', '__{set,clear,change}_bit', 'hash_{add,del,init}*', 'llist_?*', 'sort', 'sort_r'],
  },
  {
    topic: 'objects inside others',
    source: 'include/linux/kref.h, wait.h, semaphore.h',
    names: ['kref_{get,init}*', 'init_waitqueue*', 'sema_init'],
  },
  { topic: 'user memory', source: 'include/linux/uaccess.h', names: ['copy_{from,to}_user'] },
);

/** Whether a call of this name need not be followed. */
export function isLibraryLeaf(name: string): boolean {
  return leaves.has(name);
}
