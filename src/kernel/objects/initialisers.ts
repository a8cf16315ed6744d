import { nameTable } from '../names.js';

const initialisers = nameTable(
  { topic: 'lists and work', source: 'include/linux/list.h, include/linux/workqueue.h', names: ['{,__}INIT_?*'] },
  { topic: 'anything', source: 'the naming of include/linux', names: ['{,__}init_?*'] },
  {
    topic: 'mutexes',
    source: 'include/linux/mutex.h, rtmutex.h, ww_mutex.h, include/drm/drm_managed.h',
    names: ['{,rt_,ww_,__,drmm_,devm_}mutex_init'],
  },
  { topic: 'spinlocks', source: 'include/linux/spinlock.h', names: ['{,raw_}spin_lock_init', 'rwlock_init'] },
  { topic: 'sequences', source: 'include/linux/seqlock.h', names: ['seqlock_init', 'seqcount_*init'] },
  { topic: 'semaphores', source: 'include/linux/semaphore.h', names: ['sema_init'] },
  { topic: 'threads', source: 'include/linux/kthread.h', names: ['kthread_init_?*'] },
  { topic: 'timers', source: 'include/linux/timer.h, hrtimer.h', names: ['timer_setup', 'hrtimer_{init,setup}'] },
  { topic: 'tasklets', source: 'include/linux/interrupt.h', names: ['tasklet_{init,setup}'] },
  { topic: 'collections', source: 'include/linux/xarray.h, idr.h', names: ['xa_init*', 'idr_init*', 'ida_init'] },
  { topic: 'counts', source: 'include/linux/kref.h', names: ['kref_init'] },
);

/**
 * Whether a call makes an object usable that others only take the address of: a lock, a work item, a queue, a list, a
 * timer.
 */
export function isInitialiser(name: string): boolean {
  return initialisers.has(name);
}

const declarations = nameTable({
  topic: 'export information',
  source: 'include/linux/dma-buf.h',
  names: ['DEFINE_DMA_BUF_EXPORT_INFO'],
});

/** Whether a macro declares the variable that it is given: nobody else gets anything by that. */
export function declaresVariable(name: string): boolean {
  return declarations.has(name);
}
