const objects =
  /\b(?:struct\s+(?:list_head|hlist_node|hlist_head|mutex|kref|xarray|idr|ida|work_struct|delayed_work|rcu_work|completion|device|rb_node|rb_root|ww_mutex|dma_resv)|spinlock_t|refcount_t|atomic\w*_t|wait_queue_head_t)\b/;

/**
 * Whether a member of this type is only for the kernel: no structure that has one goes to user space. Source:
 * include/linux/types.h.
 */
export function holdsKernelObjects(type: string): boolean {
  return objects.test(type);
}
