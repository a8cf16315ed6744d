/**
 * Functions that only log, assert or read: a callback that calls nothing else does nothing. Data, with the patterns
 * that kernel naming allows; a function of the tree that is not listed is looked into instead.
 */

const logNames =
  /^(?:printk\w*|_printk|pr_\w+|dump_stack|WARN\w*|BUG|BUG_ON|DRM_(?:DEBUG|ERROR|INFO|WARN|NOTE|DEV_)\w*|drm_(?:dbg|debug|err|info|warn|notice|WARN)\w*|\w*dev_(?:emerg|alert|crit|err|warn|notice|info|dbg|WARN)\w*|netdev_(?:err|warn|info|dbg)\w*|netif_(?:err|warn|info|dbg)\w*|trace_\w+|net_\w+_ratelimited|acpi_handle_\w+)$/;
const logSuffix = /_(?:warn|err|error|info|dbg|debug|notice|alert|crit|emerg)(?:_once|_ratelimited|_rl|_verbose)*$/i;
const logPrefix = /^(?:\w+_)?(?:WARN|ASSERT|BUG)(?:_ON)?(?:_ONCE)?$/;
const assertNames =
  /^(?:dma_resv_assert_held|lockdep_\w+|might_sleep\w*|might_lock\w*|might_fault|ww_mutex_is_locked|mutex_is_locked|drm_gem_\w*assert\w*|BUILD_BUG_ON\w*|static_assert|KUNIT_(?:FAIL|EXPECT|ASSERT)\w*|kunit_(?:info|warn|err|fail)\w*)$/;
const readNames =
  /^(?:container_of\w*|READ_ONCE|likely|unlikely|IS_ENABLED|IS_ERR\w*|PTR_ERR\w*|ERR_PTR|ERR_CAST|min\w*|max\w*|offset__|offsetof|sizeof|BIT|GENMASK|atomic\w*_read|refcount_read|kref_read|dev_name|dev_get_drvdata|dma_resv_is_locked|list_empty\w*|ktime_get\w*|__builtin_\w+|smp_processor_id|current_work|test_bit|get_dma_buf_name|in_\w+irq|drm_dev_is_unplugged|pci_name|ARRAY_SIZE|ratelimit\w*|__ratelimit|___ratelimit|DEFINE_RATELIMIT_STATE|DEFINE_STATIC_\w+|PTR_ERR_OR_ZERO|cond_resched)$/;

/** Whether a call of this name provably changes nothing. */
export function isHarmless(name: string): boolean {
  return isLog(name) || assertNames.test(name) || readNames.test(name);
}

/** Whether a call of this name logs or warns. */
export function isLog(name: string): boolean {
  return logNames.test(name) || logSuffix.test(name) || logPrefix.test(name);
}

/**
 * Helpers of the kernel's libraries that neither unmap nor lead to an importer: following them would be lost work.
 * They change something, so they are not harmless.
 */
const leafNames =
  /^(?:(?:raw_)?(?:spin|read|write|mutex|rt_mutex|ww_mutex|down|up|rcu|srcu|seq)\w*_?(?:lock|unlock|trylock|init|read|write|irq\w*)\w*|guard|scoped_guard|list_\w+|hlist_\w+|INIT_\w+|k[vz]*(?:malloc|alloc|free|calloc|memdup)\w*|v(?:malloc|free|zalloc)\w*|mem(?:set|cpy|move|cmp)\w*|str\w+|sn?printf|scnprintf|atomic\w*|refcount_\w+|set_bit|clear_bit|test_and_\w+|change_bit|smp_\w+|complete(?:_all)?|wake_up\w*|init_completion|reinit_completion|dma_resv_\w+|dma_fence_\w+|WRITE_ONCE|xa_\w+|idr_\w+|ida_\w+|rb_\w+|ktime_\w+|jiffies\w*|msleep|usleep_range|udelay|cpu_relax|sg_\w+|ERR_PTR|barrier|mb|wmb|rmb|lockdep_\w+|module_put|try_module_get|get_device|put_device|pm_runtime_\w+|write[bwlq]|read[bwlq]|iowrite\w+|ioread\w+|eventfd_signal\w*|mod_timer|timer_\w+|del_timer\w*|clk_\w+|regmap_\w+|copy_(?:from|to)_user|down_\w+|up_\w+)$/;

/** Whether a call of this name need not be followed. */
export function isLibraryLeaf(name: string): boolean {
  return leafNames.test(name);
}

/** Calls that run a work item later, and the macros that say which function it runs. */
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

/** The functions and macros that the body of a macro calls. */
export function calledNames(text: string): readonly string[] {
  return [...text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => !/^(sizeof|typeof|if|while|for|do)$/.test(name));
}

/** Questions that are true once the importer's own device is gone, and those that are true while it is there. */
export const deviceGone = /(?:^|_)(?:unplugged|dev_is_gone|is_gone|is_disconnected)\b/;
export const devicePresent = /\bdrm_dev_enter\b/;

/** Functions and slots whose name says that they end the life of an object, or of a reference to one. */
const releaseNames = /(?:^|_)(?:destroy|delete|del|release|free|fini|put|cleanup|teardown|dtor|kill)(?:_|$)/;

/** Whether a function or slot of this name releases the object that it is handed. */
export function isRelease(name: string): boolean {
  return releaseNames.test(name);
}
