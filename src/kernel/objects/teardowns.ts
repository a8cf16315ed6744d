import { nameTable } from '../names.js';
import { freeFunctions } from './memory.js';

const teardowns = nameTable(
  { topic: 'locks', source: 'include/linux/mutex.h, ww_mutex.h', names: ['{,ww_}mutex_destroy'] },
  {
    topic: 'work',
    source: 'include/linux/workqueue.h, kthread.h',
    names: ['destroy_workqueue', 'kthread_destroy_worker'],
  },
  { topic: 'collections', source: 'include/linux/xarray.h, idr.h', names: ['{xa,idr,ida}_destroy'] },
);

/** Whether a call makes its first argument unusable: it frees or destroys it. */
export function tearsDown(name: string): boolean {
  return freeFunctions.has(name) || teardowns.has(name);
}
