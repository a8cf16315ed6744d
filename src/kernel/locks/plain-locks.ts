import { nameTable } from '../names.js';

const taking = nameTable(
  { topic: 'mutexes', source: 'include/linux/mutex.h', names: ['mutex_lock', 'mutex_lock_nested'] },
  {
    topic: 'spinlocks',
    source: 'include/linux/spinlock.h, rwlock.h',
    names: ['{,raw_}spin_lock{,_bh,_irq,_irqsave}', '{read,write}_lock{,_bh,_irq,_irqsave}'],
  },
  { topic: 'semaphores', source: 'include/linux/rwsem.h, semaphore.h', names: ['down', 'down_{read,write}'] },
);

const dropping = nameTable(
  { topic: 'mutexes', source: 'include/linux/mutex.h', names: ['mutex_unlock'] },
  {
    topic: 'spinlocks',
    source: 'include/linux/spinlock.h, rwlock.h',
    names: ['{,raw_}spin_unlock{,_bh,_irq,_irqrestore}', '{read,write}_unlock{,_bh,_irq,_irqrestore}'],
  },
  { topic: 'semaphores', source: 'include/linux/rwsem.h, semaphore.h', names: ['up', 'up_{read,write}'] },
);

/** Whether a call surely takes a lock that is no reservation lock. */
export function isPlainLock(name: string): boolean {
  return taking.has(name);
}

/** Whether a call drops a lock that is no reservation lock. */
export function isPlainUnlock(name: string): boolean {
  return dropping.has(name);
}
