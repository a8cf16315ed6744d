import { nameTable } from '../names.js';

const changes = nameTable(
  {
    topic: 'stores',
    source: 'include/asm-generic/rwonce.h, include/asm-generic/barrier.h',
    names: ['WRITE_ONCE', 'smp_store_?*'],
  },
  { topic: 'exchanges', source: 'include/linux/atomic/atomic-instrumented.h', names: ['{,try_}{,cmp}xchg*'] },
  {
    topic: 'atomics',
    source: 'include/linux/atomic/atomic-instrumented.h',
    names: ['atomic{,64,_long}_{set,inc,dec,add,sub,or,and,xchg,cmpxchg,try_cmpxchg}*'],
  },
  {
    topic: 'bits',
    source: 'include/linux/bitops.h',
    names: ['{_,__}{set,clear,change}_bit', '{set,clear,change,test_and_set,test_and_clear}_bit*'],
  },
  {
    topic: 'counts',
    source: 'include/linux/kref.h, include/linux/refcount.h, include/linux/percpu-refcount.h',
    names: ['percpu_ref_kill*', 'kref_put*', 'refcount_{set,dec}*'],
  },
);

/** Whether a call changes what the address in its arguments points to, so that a later test can tell. */
export function changesMember(name: string): boolean {
  return changes.has(name);
}

/** Calls that set a member, with the indices (0-based) of its address and of what it is set to. Sources: as above. */
const setters: ReadonlyMap<string, { readonly target: number; readonly value: number | null }> = new Map([
  ['WRITE_ONCE', { target: 0, value: 1 }],
  ['atomic_set', { target: 0, value: 1 }],
  ['smp_store_release', { target: 0, value: 1 }],
  ['set_bit', { target: 1, value: null }],
]);

/** Where a call that sets a member has its address and its value; undefined for any other call. */
export function setterOf(name: string): { readonly target: number; readonly value: number | null } | undefined {
  return setters.get(name);
}
