import { type NameTable, nameTable, wordTable } from '../names.js';
import { lockContext, lockFunctions } from './lock-functions.js';

/** Words in the name of a function that may take or drop a reservation lock where nobody sees it. */
const lockWords = wordTable(
  ...['lock', 'locked', 'unlock'],
  // TTM. Source: include/drm/ttm/ttm_bo.h.
  ...['reserve', 'reserved', 'unreserve', 'reservation', 'reservations'],
  // Several locks at once. Sources: include/drm/drm_exec.h, include/drm/ttm/ttm_execbuf_util.h.
  ...['exec', 'backoff'],
);

/** Functions whose name has one of these words, and that have nothing to do with a reservation lock. */
const otherLocks: NameTable = nameTable(
  {
    topic: 'mutexes',
    source: 'include/linux/mutex.h, rtmutex.h, local_lock.h',
    names: ['mutex_*', 'rt_mutex_*', 'local_*'],
  },
  {
    topic: 'spinlocks',
    source: 'include/linux/spinlock.h, bit_spinlock.h',
    names: ['{raw_,bit_,}spin_*', 'read_*', 'write_*'],
  },
  { topic: 'semaphores', source: 'include/linux/rwsem.h, percpu-rwsem.h', names: ['down_*', 'up_*', 'percpu_*'] },
  { topic: 'RCU', source: 'include/linux/rcupdate.h, srcu.h', names: ['rcu_*', 'srcu_*'] },
  { topic: 'sequences and others', source: 'include/linux/seqlock.h', names: ['seq*', 'rwlock_*'] },
  {
    topic: 'assertions',
    source: 'include/linux/lockdep.h, include/trace/events',
    names: ['lockdep_*', 'might_*', 'trace_*'],
  },
  { topic: 'memory and files', source: 'include/linux/mm.h, fs.h', names: ['mmap_*', 'inode_*', 'folio_*', 'page_*'] },
  {
    topic: 'devices',
    source: 'include/linux/device.h, i2c.h, clk.h, pm_runtime.h',
    names: ['device_*', 'i2c_*', 'clk_*', 'pm_runtime_*'],
  },
  { topic: 'console', source: 'include/linux/console.h, kernfs.h', names: ['console_*', 'kernfs_*'] },
  {
    topic: 'network',
    source: 'include/net/sock.h, include/net/genetlink.h, include/linux/rtnetlink.h',
    names: ['rtnl_*', 'genl_*', 'lock_sock*', 'release_sock*'],
  },
  // They reserve room for fences or numbers.
  { topic: 'no locks', source: 'include/linux/dma-resv.h, idr.h', names: ['dma_resv_reserve_*', 'ida_*'] },
  {
    topic: 'memory that is set aside',
    source: 'include/linux/of_reserved_mem.h, memblock.h',
    names: ['{of_,memblock_,}reserved_*', '*_reserved_mem*'],
  },
  { topic: 'bits', source: 'include/linux/bitops.h', names: ['set_*', '__set*'] },
);

/** Whether a call that cannot be followed may take or drop a reservation lock. */
export function mayHideReservation(name: string): boolean {
  return lockWords.has(name) && !otherLocks.has(name);
}

/** Whether a name has a word for locks, whatever lock it is. */
export function isNamedForLock(name: string): boolean {
  return lockWords.has(name);
}

/** Guards, by the word in `guard(word)`, that hold another lock, or none. Source: the DEFINE_GUARD()s of include/linux. */
const otherGuards = nameTable({
  topic: 'guards',
  source: 'include/linux',
  names: [
    ...['mutex*', 'spinlock*', 'raw_spinlock*', 'rwsem*', 'read_lock*', 'write_lock*'],
    ...['rcu*', 'srcu*', 'preempt*', 'irq*', 'local_*', 'pm_runtime*', 'device*'],
  ],
});

/** Whether a guard of this kind may hold a reservation lock. */
export function mayGuardReservation(name: string): boolean {
  return !otherGuards.has(name);
}

const heldNames = nameTable({
  topic: 'the caller holds the lock',
  source: 'the naming of include/linux',
  names: ['*_locked', '*_locked_*', '__?*_locked*'],
});

/** Whether the name of a function says that its caller holds the lock. */
export function isNamedForHeldLock(name: string): boolean {
  return heldNames.has(name);
}

/** Words by which a function named `*_locked` may return an object locked, or drop a lock. */
const changing = wordTable(
  ...['lock', 'unlock', 'unlocked', 'trylock', 'reserve', 'unreserve', 'exec', 'backoff'],
  ...['get', 'find', 'lookup', 'search', 'pick', 'pop', 'next', 'first', 'create', 'alloc', 'new', 'import'],
);

/** Whether the name of a function says that it works under a lock of its caller, and leaves that as it is. */
export function isNamedForKeptLock(name: string): boolean {
  return heldNames.has(name) && !changing.has(name);
}

const takingWords = wordTable('lock', 'locked', 'trylock', 'acquire');
const droppingWords = wordTable('unlock', 'unlocked', 'unreserve', 'release', 'end');

/** Whether the name of a function says that it returns with the lock held. */
export function isNamedForTaking(name: string): boolean {
  return takingWords.has(name);
}

/** Whether the name of a function says that it returns with its caller's lock dropped. */
export function isNamedForDropping(name: string): boolean {
  return droppingWords.has(name);
}

// `foo_unlocked()` takes the lock itself, and leaves it as it was.
const unlockWords = wordTable('unlock', 'unreserve');
const endWords = wordTable('unlock', 'unreserve', 'release', 'end');

/** Whether a call may drop a reservation lock, as far as its name says, or end what holds one. */
export function mayDropReservation(name: string): boolean {
  return endWords.has(name) && !otherLocks.has(name);
}

/** Whether the name of a call says that it drops a lock which may be a reservation lock. */
export function isNamedForUnlock(name: string): boolean {
  return unlockWords.has(name) && !otherLocks.has(name);
}

const wrappers = nameTable({
  topic: 'wrappers',
  source: 'the naming of drivers',
  names: ['*lock*', '*reserve*'],
});

/** Whether a function may be a driver's own way to take or drop the lock: whoever calls it is looked into. */
export function mayWrapLock(name: string): boolean {
  return wrappers.has(name);
}

/** What a call surely does not do, whatever else it may: another lock, or the end of one. */
const neverTaking = nameTable(
  { topic: 'ends of locks', source: 'the naming of include/linux', names: ['*unlock*'] },
  {
    topic: 'other locks',
    source: 'include/linux/mutex.h, spinlock.h, rwlock.h, rcupdate.h, srcu.h, lockdep.h',
    names: ['mutex_*', '{,raw_}spin_*', '{read,write}_*', '{,s}rcu_*', 'lockdep_*'],
  },
);

/** Whether a call is a guard, which holds a lock until the end of the block around it. Source: include/linux/cleanup.h. */
export function isGuard(name: string): boolean {
  return name === 'guard';
}

/** Whether a call may take a reservation lock, as far as its name says. */
export function mayTakeReservation(name: string): boolean {
  return name === lockContext.begin || isGuard(name) || (mayWrapLock(name) && !neverTaking.has(name));
}

const ends = nameTable({
  topic: 'ends of objects',
  source: 'the naming of the callbacks of kref, GEM and dma-buf',
  names: ['*_release', '*_free', '*_destroy'],
});

/** Whether the name of a function says that it ends an object, such as the callback of a kref. */
export function isNamedForObjectsEnd(name: string): boolean {
  return ends.has(name);
}

const dropping = nameTable({
  topic: 'wrappers that drop reservation locks',
  source: 'include/drm/ttm/ttm_bo.h, include/drm/drm_exec.h, include/drm/drm_gem.h',
  names: ['?*_unreserve', 'drm_exec_fini', 'drm_gem_unlock*'],
});

/** Whether a call drops a reservation lock: a function of the lock itself, or a well-known wrapper. */
export function dropsReservation(name: string): boolean {
  return lockFunctions.get(name)?.effect === 'drop' || dropping.has(name);
}

const taking = nameTable(
  { topic: 'guards', source: 'include/linux/cleanup.h', names: ['guard', 'scoped_guard'] },
  {
    topic: 'no sleep',
    source: 'include/linux/preempt.h, irqflags.h, rcupdate.h',
    names: ['preempt_disable', 'local_irq_*', 'rcu_read_lock*'],
  },
  { topic: 'semaphores', source: 'include/linux/semaphore.h', names: ['down', 'down_*'] },
  { topic: 'any lock', source: 'the whole tree', names: ['*_lock', '*_trylock', '*_lock_?*', '*_reserve'] },
);

/**
 * Whether code, comments blanked out, calls something that takes a lock of any kind, or stops sleeping.
 * @param isOther the calls that count
 */
export function takesAnyLock(code: string, isOther: (name: string) => boolean = () => true): boolean {
  return [...code.matchAll(/\b(\w+)\s*\(/g)].some(([, name = '']) => taking.has(name) && isOther(name));
}

const exclusive = nameTable(
  { topic: 'semaphores', source: 'include/linux/rwsem.h, semaphore.h', names: ['down', 'down_*'] },
  { topic: 'any lock', source: 'the whole tree', names: ['*_lock', '*_trylock', '*_lock_?*', '*_reserve'] },
);

const noExclusion = nameTable(
  { topic: 'RCU', source: 'include/linux/rcupdate.h, srcu.h', names: ['rcu_*', 'srcu_*'] },
  { topic: 'making locks', source: 'the whole tree', names: ['*_init*', '*_destroy*', '*_is_*', 'lockdep_*'] },
);

/** Whether a call of this name takes a lock, of any kind, that keeps others out. */
export function takesExclusion(name: string): boolean {
  return exclusive.has(name) && !noExclusion.has(name);
}

const claims = nameTable(
  { topic: 'bits', source: 'include/linux/bitops.h', names: ['test_and_set_bit', 'test_and_set_bit_lock'] },
  {
    topic: 'exchanges',
    source: 'include/linux/atomic/atomic-instrumented.h',
    names: ['{,try_}cmpxchg{,_acquire}', 'xchg', 'atomic{,64,_long}_{xchg,cmpxchg,try_cmpxchg}{,_acquire}'],
  },
);

/** Whether of several callers of a function only one gets an answer with which it goes on. */
export function claimsAlone(name: string): boolean {
  return claims.has(name);
}

const endOfExclusion = nameTable(
  { topic: 'semaphores', source: 'include/linux/rwsem.h, semaphore.h', names: ['up', 'up_*'] },
  { topic: 'any lock', source: 'the whole tree', names: ['*_unlock', '*_unlock_?*', '*_unreserve'] },
);

/** Whether a call of this name drops such a lock. */
export function dropsExclusion(name: string): boolean {
  return endOfExclusion.has(name) && !noExclusion.has(name);
}

const heldAssertions = nameTable({
  topic: 'assertions',
  source: 'include/linux/lockdep.h, dma-resv.h, include/drm/drm_gem.h',
  names: ['lockdep_assert_held*', '*_assert_held*', '*_assert_locked*'],
});

/** Whether a call of this name asserts that a lock is held. */
export function assertsExclusion(name: string): boolean {
  return heldAssertions.has(name);
}

/** Words in the name of a member of an ops table whose function may leave a lock to that of another member. */
const pairWords = wordTable('lock', 'begin', 'start', 'prepare', 'finish', 'enter', 'acquire', 'reserve');

/** Members whose caller returns to user space between the two calls, where no lock may be held. */
const betweenSystemCalls = nameTable({
  topic: 'CPU access',
  source: 'drivers/dma-buf/dma-buf.c: DMA_BUF_IOCTL_SYNC',
  names: ['{begin,end}_cpu_access*'],
});

/** Whether user space runs between the call of a member and that of its counterpart. */
export function isBetweenSystemCalls(slot: string): boolean {
  return betweenSystemCalls.has(slot);
}

/** Whether a member of an ops table may stand for one half of a pair: `.lock` and `.unlock`, `.begin_access`, `.wait_finish`. */
export function isPairedSlot(slot: string): boolean {
  return pairWords.has(slot) && !betweenSystemCalls.has(slot);
}
