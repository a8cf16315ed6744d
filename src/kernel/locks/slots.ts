import { exporterOpsTag, importerOpsTag } from '../api/structs.js';

/** Whether the reservation lock is held when a function is entered. */
export type EntryLock = 'locked' | 'unlocked' | 'unknown';

/** Ops tables of subsystems, and what their callers hold when they call a slot. */
export interface SlotTable {
  /** As C writes the type: `struct file_operations`. */
  readonly type: string;
  /** The lock by slot. A slot that is not listed is not known. */
  readonly slots: Readonly<Record<string, EntryLock>>;
  /** The lock of every slot that is not listed. */
  readonly otherSlots: EntryLock;
  /** The members that lead from the first argument of a locked slot to the lock; null where none do. */
  readonly lockOfFirst: readonly string[] | null;
}

/** Called from outside, where nobody holds a reservation lock. */
const outside = (type: string): SlotTable => ({ type, slots: {}, otherSlots: 'unlocked', lockOfFirst: null });

/** The tables other than those of the API itself, which `api/structs.ts` has. */
export const slotTables: readonly SlotTable[] = [
  // Source: include/drm/drm_gem.h.
  {
    type: 'struct drm_gem_object_funcs',
    slots: {
      vmap: 'locked',
      vunmap: 'locked',
      evict: 'locked',
      open: 'unlocked',
      close: 'unlocked',
      export: 'unlocked',
      mmap: 'unlocked',
    },
    otherSlots: 'unknown',
    lockOfFirst: ['resv'],
  },
  // TTM calls these for a buffer object that is reserved. Source: include/drm/ttm/ttm_device.h.
  {
    type: 'struct ttm_device_funcs',
    slots: {
      ttm_tt_populate: 'locked',
      ttm_tt_unpopulate: 'locked',
      evict_flags: 'locked',
      move: 'locked',
      delete_mem_notify: 'locked',
      swap_notify: 'locked',
    },
    otherSlots: 'unknown',
    lockOfFirst: null,
  },
  outside('struct vb2_mem_ops'), // include/media/videobuf2-core.h
  outside('struct drm_driver'), // include/drm/drm_drv.h
  // The locks of modes are held, and none of a framebuffer's objects: include/drm/drm_modeset_helper_vtables.h
  outside('struct drm_plane_helper_funcs'),
  outside('struct drm_ioctl_desc'), // include/drm/drm_ioctl.h
  outside('struct file_operations'), // include/linux/fs.h
  outside('struct v4l2_ioctl_ops'), // include/media/v4l2-ioctl.h
  outside('struct platform_driver'), // include/linux/platform_device.h
  outside('struct pci_driver'), // include/linux/pci.h
  outside('struct block_device_operations'), // include/linux/blkdev.h
  outside('struct usb_driver'), // include/linux/usb.h
  outside('struct i2c_driver'), // include/linux/i2c.h
  outside('struct spi_driver'), // include/linux/spi/spi.h
  outside('struct virtio_driver'), // include/linux/virtio.h
  outside('struct auxiliary_driver'), // include/linux/auxiliary_bus.h
  outside('struct component_ops'), // include/linux/component.h
  outside('struct v4l2_file_operations'), // include/media/v4l2-dev.h
  outside('struct proc_ops'), // include/linux/proc_fs.h
  outside('struct kernel_param_ops'), // include/linux/moduleparam.h
  outside('struct dev_pm_ops'), // include/linux/pm.h
];

/** The row of a type; undefined for a table that nothing is known of. */
export function slotTable(type: string): SlotTable | undefined {
  return slotTables.find((table) => table.type === type);
}

/** The types of tables with slots that are called with a lock held which the slot's first argument leads to. */
export const lockedTableTypes: readonly string[] = [
  `struct ${importerOpsTag}`,
  `struct ${exporterOpsTag}`,
  ...slotTables.filter(({ lockOfFirst }) => lockOfFirst !== null).map(({ type }) => type),
];

/** Code that mentions buffers or their locks: a file with no such word fills no slot that is entered with a lock held. */
export const mentionsReservations = /\bstruct dma_buf\b|\bstruct dma_buf_\w+\b|\bdma_resv_\w+|\bdrm_gem_/;

/** Tables whose slots are called for one object by one caller at a time, or once in its life. */
const alone: ReadonlySet<string> = new Set([
  'struct vb2_mem_ops', // under the lock of the queue: include/media/videobuf2-core.h
  'struct platform_driver', // under the lock of the device: include/linux/platform_device.h
  'struct pci_driver', // include/linux/pci.h
  `struct ${importerOpsTag}`, // under the reservation lock: include/linux/dma-buf.h
]);

/** Whether the callers of a table's slots keep each other out. */
export function runsAlone(type: string): boolean {
  return alone.has(type);
}

/** The table of a file, with the slot that its last close calls, and those that user space calls when it likes. Source: include/linux/fs.h. */
export const fileSlots = {
  table: 'file_operations',
  close: 'release',
  commands: ['unlocked_ioctl', 'compat_ioctl', 'write', 'write_iter'],
} as const;

/** Tables whose slots user space can all call on an open file, as often as it likes. */
const ofOpenFiles: ReadonlySet<string> = new Set(['struct drm_ioctl_desc', 'struct v4l2_ioctl_ops']);

/**
 * Whether a slot is called on an open file, which stays open if the call fails.
 * @param slot null for a table whose members are not named
 */
export function runsWhileOpen(type: string, slot: string | null): boolean {
  const commands: readonly (string | null)[] = fileSlots.commands;
  return ofOpenFiles.has(type) || (type === `struct ${fileSlots.table}` && commands.includes(slot));
}
