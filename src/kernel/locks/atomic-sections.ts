import { attachFunctions, functionsWithRole } from '../api/api.js';
import { nameTable } from '../names.js';
import { lockFunctions } from './lock-functions.js';

const spinning = ['{,raw_}spin', '{read,write}'];

const begins = nameTable(
  {
    topic: 'spinlocks',
    source: 'include/linux/spinlock.h, rwlock.h',
    names: spinning.map((lock) => `${lock}_lock{,_bh,_irq,_irqsave,_nested,_irqsave_nested}`),
  },
  { topic: 'RCU', source: 'include/linux/rcupdate.h', names: ['rcu_read_lock{,_bh,_sched}'] },
  { topic: 'preemption', source: 'include/linux/preempt.h', names: ['preempt_disable', 'get_cpu'] },
  { topic: 'interrupts', source: 'include/linux/irqflags.h', names: ['local_irq_{disable,save}', 'local_bh_disable'] },
);

const ends = nameTable(
  {
    topic: 'spinlocks',
    source: 'include/linux/spinlock.h, rwlock.h',
    names: spinning.map((lock) => `${lock}_unlock{,_bh,_irq,_irqrestore}`),
  },
  { topic: 'RCU', source: 'include/linux/rcupdate.h', names: ['rcu_read_unlock{,_bh,_sched}'] },
  { topic: 'preemption', source: 'include/linux/preempt.h', names: ['preempt_enable*', 'put_cpu'] },
  { topic: 'interrupts', source: 'include/linux/irqflags.h', names: ['local_irq_{enable,restore}', 'local_bh_enable'] },
);

const guards = nameTable({
  topic: 'guards',
  source: 'include/linux/spinlock.h, rcupdate.h, preempt.h, irqflags.h',
  names: ['{,raw_}spinlock*', '{read,write}_lock*', 'rcu', 'preempt', 'irq', 'irqsave'],
});

/** Whether a call begins a section in which nothing may sleep. */
export function beginsAtomic(name: string): boolean {
  return begins.has(name);
}

/** Whether a call ends such a section. */
export function endsAtomic(name: string): boolean {
  return ends.has(name);
}

/** Whether a guard of this kind keeps its scope from sleeping. */
export function guardsAtomic(kind: string): boolean {
  return guards.has(kind);
}

/** Whether code, comments blanked out, begins such a section. */
export function mentionsAtomic(code: string): boolean {
  return begins.isIn(code) || atomicGuards.test(code);
}

/** Whether code, comments blanked out, ends such a section. */
export function mentionsAtomicEnd(code: string): boolean {
  return ends.isIn(code);
}

const atomicGuards = /\b(?:scoped_)?guard\s*\(\s*(?:(?:raw_)?spinlock|read_lock|write_lock|rcu|preempt|irq)/;

/**
 * The calls of the contract that sleep. dma_buf_put() is not among them: fput() may be called from everywhere. Neither
 * is what only may sleep, such as a wait with a timeout that is 0.
 * Sources: drivers/dma-buf/dma-buf.c, include/linux/dma-resv.h
 */
export const sleepingCalls: ReadonlySet<string> = new Set([
  ...attachFunctions,
  ...functionsWithRole('detach', 'pin', 'unpin', 'map', 'unmap', 'vmap', 'vunmap'),
  ...functionsWithRole('begin-cpu-access', 'end-cpu-access', 'export', 'fd', 'notify'),
  ...[...lockFunctions].flatMap(([name, { effect, answer }]) =>
    effect === 'take' && answer !== 'true-or-false' && name.startsWith('dma_resv_') ? [name] : [],
  ),
]);

/** Calls that have a function run where nothing may sleep, with the index of that function among the arguments. */
export const atomicEntrances: ReadonlyMap<string, number> = new Map([
  ['request_irq', 1], // include/linux/interrupt.h
  ['devm_request_irq', 2],
  ['request_threaded_irq', 1], // the handler; the thread function, which may sleep, comes after it
  ['devm_request_threaded_irq', 2],
  ['tasklet_init', 1],
  ['tasklet_setup', 1],
  ['timer_setup', 1], // include/linux/timer.h
  ['hrtimer_setup', 1], // include/linux/hrtimer.h
  ['init_irq_work', 1], // include/linux/irq_work.h
  ['usb_fill_control_urb', 6], // include/linux/usb.h
  ['usb_fill_bulk_urb', 5],
  ['usb_fill_int_urb', 5],
  ['call_rcu', 1], // include/linux/rcupdate.h
  ['dma_fence_add_callback', 2], // include/linux/dma-fence.h: called under the spinlock of the fence
]);

/** Members whose function runs where nothing may sleep, by the type of its first parameter. */
export const atomicMembers: readonly { readonly member: string; readonly first: string }[] = [
  { member: 'complete', first: 'usb_ep' }, // include/linux/usb/gadget.h: with interrupts disabled
  { member: 'complete', first: 'urb' }, // include/linux/usb.h
];
