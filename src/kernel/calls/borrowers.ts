import { apiBorrows } from '../api/api.js';
import { nameTable } from '../names.js';

const helpers = nameTable(
  { topic: 'reservation objects', source: 'include/linux/dma-resv.h', names: ['dma_resv_?*'] },
  { topic: 'fences', source: 'include/linux/dma-fence.h', names: ['dma_fence_?*'] },
  { topic: 'scatterlists', source: 'include/linux/scatterlist.h', names: ['sg_?*', 'for_each_?*'] },
  {
    topic: 'scatterlists of DRM',
    source: 'include/drm/drm_prime.h',
    names: ['drm_prime_get_contiguous_size', 'drm_prime_sg_to_?*'],
  },
  {
    topic: 'mapped tables',
    source: 'include/linux/dma-mapping.h, include/linux/iommu.h',
    names: ['dma_sync_sg*', 'iommu_map_sg{,table}'],
  },
  { topic: 'DMA properties of a device', source: 'include/linux/dma-mapping.h', names: ['dma_{get,set}_?*'] },
  {
    topic: 'kernel mappings',
    source: 'include/linux/iosys-map.h; include/linux/dma-buf-map.h from Linux 5.11 to 5.17',
    names: ['{iosys,dma_buf}_map_{clear,is_null,is_set,is_equal,incr,mem,rd,wr}*'],
  },
  { topic: 'mutexes', source: 'include/linux/mutex.h', names: ['mutex_?*'] },
  { topic: 'spinlocks', source: 'include/linux/spinlock.h', names: ['spin_?*'] },
  { topic: 'semaphores', source: 'include/linux/rwsem.h', names: ['{down,up}_?*'] },
  { topic: 'lock checks', source: 'include/linux/lockdep.h', names: ['lockdep_?*'] },
  {
    topic: 'objects inside others',
    source: 'include/linux/completion.h, kref.h, refcount.h, atomic.h, list.h, workqueue.h, wait.h, spinlock.h',
    names: [
      ...['init_completion', 'kref_?*', 'INIT_?*', 'init_waitqueue_head', 'init_rwsem', 'rwlock_init'],
      ...['refcount_{set,read,inc}*', 'atomic{,64,_long}_{set,read,inc,add,sub,dec}*', 'raw_spin_?*'],
    ],
  },
  // Whoever starts the timer or kills the count passes the object on; making it does not.
  {
    topic: 'counts, collections and timers inside others',
    source: 'include/linux/percpu-refcount.h, xarray.h, idr.h, semaphore.h, timer.h, hrtimer.h, interrupt.h',
    names: ['percpu_ref_init', 'xa_init*', 'idr_init*', 'ida_init', 'sema_init', 'timer_setup', 'hrtimer_{init,setup}'],
  },
  { topic: 'memory and strings', source: 'include/linux/string.h', names: ['mem{set,cpy,cmp}', 'str?*'] },
  // Many a driver has functions of its own that begin with dev_: no pattern for all of them.
  {
    topic: 'devices',
    source: 'include/linux/device.h, dev_printk.h, pm.h; include/linux/of.h',
    names: [
      'dev_{name,bus_name,driver_string,fwnode,to_node,to_msi_list,num_vf}',
      'dev_{err,warn,info,dbg,vdbg,notice,crit,alert,emerg,printk,level,WARN}*',
      // dev_set_drvdata() keeps what it gets.
      'dev_{get,is,has,pm,of}_?*',
      'dev_set_{name,uevent_suppress,msi_domain,removable,of_node_reused}',
      '{get,put}_device',
    ],
  },
  { topic: 'devices of DRM', source: 'include/drm/drm_drv.h', names: ['drm_dev_{get,put}'] },
  {
    topic: 'registers',
    source: 'include/asm-generic/io.h, include/linux/regmap.h',
    names: [
      '{read,write}{b,w,l,q}{,_relaxed}',
      'io{read,write}{8,16,32,64}{,be}',
      'regmap_{read,write,update_bits,set_bits,clear_bits}',
    ],
  },
  { topic: 'modules', source: 'include/linux/module.h', names: ['module_put'] },
  {
    topic: 'logging',
    source: 'include/linux/printk.h, include/drm/drm_print.h, include/asm-generic/bug.h, include/trace/events',
    names: ['pr_?*', 'drm_{dbg,err,info,warn}*', 'DRM_?*', 'WARN*', 'BUG*', 'trace_?*'],
  },
  // offset__() is what the front end makes of offsetof().
  {
    topic: 'arithmetic',
    source: 'include/linux/stddef.h, include/linux/mm.h, include/linux/hash.h',
    names: ['sizeof', 'offset__', 'PAGE_ALIGN*', 'hash_{ptr,long,32,64}'],
  },
);

/** Those that keep what they are given all the same: the callback stays on the list of its fence until that signals. */
const keepers = nameTable({
  topic: 'callbacks of fences',
  source: 'include/linux/dma-fence.h',
  names: ['dma_fence_add_callback'],
});

/** Whether a function only looks at what it is given: it neither keeps nor releases it. */
export function isBorrower(name: string): boolean {
  return apiBorrows(name) || (helpers.has(name) && !keepers.has(name));
}
