import { nameTable } from '../names.js';

/** Calls that run a work item later, with the index (0-based) of the item. Source: include/linux/workqueue.h, kthread.h. */
export const queueingFunctions: ReadonlyMap<string, number> = new Map([
  ['schedule_work', 0],
  ['queue_work', 1],
  ['queue_work_on', 2],
  ['queue_work_node', 2],
  ['queue_rcu_work', 1],
  ['schedule_work_on', 1],
  ['schedule_delayed_work', 0],
  ['schedule_delayed_work_on', 1],
  ['queue_delayed_work', 1],
  ['queue_delayed_work_on', 2],
  ['mod_delayed_work', 1],
  ['mod_delayed_work_on', 2],
  ['kthread_queue_work', 1],
  ['kthread_queue_delayed_work', 1],
  ['kthread_mod_delayed_work', 1],
  ['irq_work_queue', 0],
]);

const queued = nameTable({
  topic: 'calls that name a queue',
  source: 'include/linux/workqueue.h, kthread.h',
  names: ['queue_*work*', 'mod_delayed_work*', 'kthread_{queue,mod}_*work'],
});

/** Index, 0-based, of the queue in a call that puts work on one: it stands before the work. Undefined for any other call. */
export function queueArgument(name: string): number | undefined {
  const work = queueingFunctions.get(name);
  return work !== undefined && work > 0 && queued.has(name) ? work - 1 : undefined;
}

const ends = nameTable(
  {
    topic: 'work',
    source: 'include/linux/workqueue.h',
    names: ['{,disable_,cancel_}*work*_sync', 'cancel_*work*', 'flush_?*', 'drain_workqueue', 'destroy_workqueue'],
  },
  { topic: 'threads', source: 'include/linux/kthread.h', names: ['kthread_stop*', 'kthread_{cancel,flush}_?*'] },
  { topic: 'waits', source: 'include/linux/wait.h, completion.h', names: ['wait_{event,for_completion}*'] },
);

/** Whether code waits for, or cancels, something that was started before. */
export function endsWhatWasStarted(code: string): boolean {
  return ends.isIn(code);
}

/** Calls that start a function with an object, 0-based: `kthread_run(f, x, …)`. Sources: include/linux/kthread.h, async.h. */
export const threadStarters: ReadonlyMap<string, { readonly function: number; readonly object: number }> = new Map([
  ['kthread_run', { function: 0, object: 1 }],
  ['kthread_run_on_cpu', { function: 0, object: 1 }],
  ['async_schedule', { function: 0, object: 1 }],
]);

/** The calls that say which function a work item runs: `INIT_WORK(&x->work, f)`. */
export const workInitialisers: readonly string[] = [
  'INIT_WORK',
  'INIT_DELAYED_WORK',
  'INIT_RCU_WORK',
  'kthread_init_work',
  'kthread_init_delayed_work',
  'init_irq_work',
  'INIT_WORK_ONSTACK',
  'INIT_DEFERRABLE_WORK',
];

/** The definitions that say so: `DECLARE_WORK(work, f)`. */
export const workDeclarations: readonly string[] = ['DECLARE_WORK', 'DECLARE_DELAYED_WORK'];

const deferrals = nameTable(
  { topic: 'work', source: 'include/linux/workqueue.h', names: ['INIT_WORK*', 'INIT_DELAYED_WORK*'] },
  { topic: 'threads', source: 'include/linux/kthread.h', names: ['kthread_*'] },
  { topic: 'timers', source: 'include/linux/timer.h', names: ['timer_setup'] },
  { topic: 'interrupts', source: 'include/linux/interrupt.h', names: ['{,devm_}request_*irq'] },
);

/** Whether a call of this name has a function run later, on its own, with no lock held. */
export function isDeferral(name: string): boolean {
  return deferrals.has(name);
}
