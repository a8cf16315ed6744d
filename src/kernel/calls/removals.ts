import { wordTable } from '../names.js';

/** Slots that run only where a device fails or goes away; null for every slot of the table. */
const slots: ReadonlyMap<string, readonly string[] | null> = new Map([
  ['struct pci_error_handlers', null], // include/linux/pci.h
  ['struct pci_driver', ['remove', 'shutdown']],
  ['struct platform_driver', ['remove', 'remove_new', 'shutdown']], // include/linux/platform_device.h
  ['struct auxiliary_driver', ['remove', 'shutdown']], // include/linux/auxiliary_bus.h
  ['struct usb_driver', ['disconnect']], // include/linux/usb.h
  ['struct device_driver', ['remove', 'shutdown']], // include/linux/device/driver.h
  ['struct virtio_driver', ['remove']], // include/linux/virtio.h
]);

/** Whether a slot runs only where the device fails or goes away: not because user space asks. */
export function isRemoval(type: string, slot: string): boolean {
  const known = slots.get(type);
  return known === null || (known?.includes(slot) ?? false);
}

const failures = wordTable(
  'ras',
  'reset',
  'recover',
  'recovery',
  'error',
  'err',
  'fault',
  'hotplug',
  'unplug',
  'wedge',
);

/** Whether the name of a work function says that it runs where the hardware failed. */
export function isNamedForFailure(name: string): boolean {
  return failures.has(name);
}
