/** What the functions on a reservation lock do. Source: include/linux/dma-resv.h, include/linux/ww_mutex.h. */
export interface LockFunction {
  readonly effect: 'take' | 'drop' | 'assert';
  /** Index of the argument that is the lock, or the object that holds it. */
  readonly lock: number;
  /** Index of the acquire context: with one, taking a lock that is held already fails, and does not wait for ever. */
  readonly context: number | null;
  /** Whether it may be interrupted before it has the lock. */
  readonly isInterruptible: boolean;
  /** What it answers where it took the lock. */
  readonly answer: 'zero-or-error' | 'true-or-false' | 'nothing';
}

const take = (context: number | null, answer: LockFunction['answer'], isInterruptible = false): LockFunction => ({
  effect: 'take',
  lock: 0,
  context,
  isInterruptible,
  answer,
});
const drop: LockFunction = { effect: 'drop', lock: 0, context: null, isInterruptible: false, answer: 'nothing' };
const assert: LockFunction = { effect: 'assert', lock: 0, context: null, isInterruptible: false, answer: 'nothing' };

export const lockFunctions: ReadonlyMap<string, LockFunction> = new Map([
  ['dma_resv_lock', take(1, 'zero-or-error')],
  ['dma_resv_lock_interruptible', take(1, 'zero-or-error', true)],
  ['dma_resv_lock_slow', take(1, 'nothing')],
  ['dma_resv_lock_slow_interruptible', take(1, 'zero-or-error', true)],
  ['dma_resv_trylock', take(null, 'true-or-false')],
  ['dma_resv_unlock', drop],
  ['dma_resv_assert_held', assert],
  ['ww_mutex_lock', take(1, 'zero-or-error')],
  ['ww_mutex_lock_interruptible', take(1, 'zero-or-error', true)],
  ['ww_mutex_lock_slow', take(1, 'nothing')],
  ['ww_mutex_trylock', take(null, 'true-or-false')],
  ['ww_mutex_unlock', drop],
  ['reservation_object_lock', take(1, 'zero-or-error')],
  ['reservation_object_unlock', drop],
]);

/** Which argument of an API function leads to the buffer, and whether by its attachment. */
export interface BufferArgument {
  readonly index: number;
  readonly isAttachment: boolean;
}

const byAttachment = [
  ...['pin', 'unpin', 'map_attachment', 'unmap_attachment'],
  ...['map_attachment_unlocked', 'unmap_attachment_unlocked'],
];
const byBuffer = [
  ...['vmap', 'vunmap', 'vmap_unlocked', 'vunmap_unlocked', 'mmap', 'begin_cpu_access', 'end_cpu_access'],
  ...['attach', 'dynamic_attach', 'detach', 'fd', 'put', 'move_notify', 'invalidate_mappings'],
];

export const bufferArguments: ReadonlyMap<string, BufferArgument> = new Map<string, BufferArgument>([
  ...byAttachment.map((name) => [`dma_buf_${name}`, { index: 0, isAttachment: true }] as const),
  ...byBuffer.map((name) => [`dma_buf_${name}`, { index: 0, isAttachment: false }] as const),
]);

/** Whether the lock is held when a function is entered. */
export type EntryLock = 'locked' | 'unlocked' | 'unknown';

/** Slots of other tables whose callers are known to hold the object's lock, or not to. Sources: drm_gem.h, videobuf2-core.h. */
export const slotEntries: Readonly<Record<string, Readonly<Record<string, EntryLock>>>> = {
  'struct drm_gem_object_funcs': {
    vmap: 'locked',
    vunmap: 'locked',
    evict: 'locked',
    open: 'unlocked',
    close: 'unlocked',
    export: 'unlocked',
    mmap: 'unlocked',
  },
  // TTM calls these for a buffer object that is reserved. Source: include/drm/ttm/ttm_device.h.
  'struct ttm_device_funcs': {
    ttm_tt_populate: 'locked',
    ttm_tt_unpopulate: 'locked',
    evict_flags: 'locked',
    move: 'locked',
    delete_mem_notify: 'locked',
    swap_notify: 'locked',
  },
};

/** The members that lead from the first argument of a slot to the lock that is held, where they do. */
export const slotLocks: Readonly<Record<string, readonly string[]>> = {
  'struct drm_gem_object_funcs': ['resv'],
};

/** Tables whose every slot is entered from outside, where nobody holds a reservation lock. */
export const unlockedTables: ReadonlySet<string> = new Set([
  'struct vb2_mem_ops',
  'struct drm_driver',
  'struct drm_ioctl_desc',
  'struct file_operations',
  'struct v4l2_ioctl_ops',
  'struct platform_driver',
  'struct pci_driver',
  'struct block_device_operations',
  'struct dev_pm_ops',
]);

/** Functions that run what they are given later, on its own. */
export const deferrals =
  /^(?:INIT_WORK\w*|INIT_DELAYED_WORK\w*|kthread_\w+|timer_setup|request_\w*irq|devm_request_\w*irq)$/;

/** Calls that may take or drop locks out of sight, by their names. */
export const hiddenLocks =
  /(?:^|_)(?:lock|locked|unlock|reserve|reserved|unreserve|reservation|reservations|exec|backoff)(?:_|$)/;

/** Locks that are no reservation locks. */
export const otherLocks =
  /^(?:mutex_|spin_|raw_spin_|read_|write_|rcu_|srcu_|down_|up_|local_|rt_mutex_|percpu_|rwlock_|seq|lockdep_|might_|mmap_|inode_|device_|i2c_|clk_|console_|rtnl_|genl_|bit_spin_|folio_|page_|lock_sock|release_sock|trace_|dma_resv_reserve_|pm_runtime_|ida_|__set|set_|kernfs_)/;
