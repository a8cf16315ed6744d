/**
 * The dma-buf API by name: what each function means to the contract. Which of the names a tree has is read from its
 * header (dialect.ts), never from here.
 */

export const attachFunctions: readonly string[] = ['dma_buf_attach', 'dma_buf_dynamic_attach'];
export const staticAttach = 'dma_buf_attach';
export const dynamicAttach = 'dma_buf_dynamic_attach';
/** Index of the ops among the arguments of dma_buf_dynamic_attach(). */
export const opsArgument = 2;

/** Index of the importer's own pointer among them. */
export const privateArgument = 3;

export const pinFunction = 'dma_buf_pin';
export const unpinFunction = 'dma_buf_unpin';
export const mapFunctions: readonly string[] = ['dma_buf_map_attachment', 'dma_buf_map_attachment_unlocked'];
export const unmapFunctions: readonly string[] = ['dma_buf_unmap_attachment', 'dma_buf_unmap_attachment_unlocked'];

/** The values of `enum dma_data_direction`. */
export const directionNames: readonly string[] = ['DMA_BIDIRECTIONAL', 'DMA_TO_DEVICE', 'DMA_FROM_DEVICE', 'DMA_NONE'];

export const importerOpsTag = 'dma_buf_attach_ops';
export const exporterOpsTag = 'dma_buf_ops';

/** What dma_buf_export() insists on. Source: dma_buf_export() in drivers/dma-buf/dma-buf.c. */
export const mandatoryExporterOps: readonly string[] = ['map_dma_buf', 'unmap_dma_buf', 'release'];

/** Functions that end a device's access some other way than by unmapping the attachment, and in what way. */
export const blockingFunctions: ReadonlyMap<string, string> = new Map([
  ['iommu_unmap', 'takes the pages out of the IOMMU domain'],
  ['iommu_unmap_fast', 'takes the pages out of the IOMMU domain'],
  ['iommu_detach_device', 'detaches the device from its IOMMU domain'],
  ['iommu_detach_group', 'detaches the group from its IOMMU domain'],
  ['iommu_detach_device_pasid', 'detaches the device from its IOMMU domain'],
  ['pci_clear_master', 'stops the device from mastering the bus'],
]);

/** The two generations of names. `since` is the first release that has them; it is for messages, never for decisions. */
export interface RenamedName {
  readonly old: string;
  readonly current: string;
  readonly kind: 'function' | 'member';
  readonly since: string;
}

export const renamedNames: readonly RenamedName[] = [
  { old: 'dma_buf_move_notify', current: 'dma_buf_invalidate_mappings', kind: 'function', since: '7.1' },
  { old: 'move_notify', current: 'invalidate_mappings', kind: 'member', since: '7.1' },
];

/** Names without a counterpart: they are there or not. */
export const laterFunctions: readonly { readonly name: string; readonly since: string }[] = [
  { name: 'dma_buf_attach_revocable', since: '7.1' },
  { name: 'dma_buf_map_attachment_unlocked', since: '6.2' },
  { name: 'dma_buf_unmap_attachment_unlocked', since: '6.2' },
  { name: 'dma_buf_vmap_unlocked', since: '6.2' },
  { name: 'dma_buf_vunmap_unlocked', since: '6.2' },
];

export const callbackNames: readonly string[] = ['move_notify', 'invalidate_mappings'];
export const notifyNames: readonly string[] = ['dma_buf_move_notify', 'dma_buf_invalidate_mappings'];
export const peerToPeerMember = 'allow_peer2peer';

export const dmaBufHeader = 'include/linux/dma-buf.h';
export const dmaBufCore = 'drivers/dma-buf/dma-buf.c';

/** Members that the API's structs once had, by names that mean nothing else in a kernel. */
export const removedMembers: readonly { readonly struct: string; readonly name: string }[] = [
  { struct: 'dma_buf_ops', name: 'cache_sgt_mapping' },
  { struct: 'dma_buf_ops', name: 'dynamic_mapping' },
];

/** What makes an object usable that others only take the address of: locks, work items, queues, lists, timers. */
export const initialisers =
  /^(?:(?:__)?INIT_\w+|(?:rt_|ww_|__)?mutex_init|(?:raw_)?spin_lock_init|rwlock_init|(?:__)?init_\w+|seqlock_init|seqcount_\w*init|sema_init|kthread_init_\w+|timer_setup|hrtimer_(?:init|setup)|drmm_mutex_init|devm_mutex_init|xa_init\w*|idr_init\w*|ida_init|tasklet_(?:init|setup)|kref_init)$/;
