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

/** Slots that run once for each open file. */
const closings: ReadonlyMap<string, readonly string[]> = new Map([
  ['struct file_operations', ['release']], // include/linux/fs.h
]);

/** Whether a slot runs once for each device or each open file. */
export function isRunOnce(type: string, slot: string): boolean {
  return Boolean(closings.get(type)?.includes(slot)) || (isRemoval(type, slot) && slots.get(type) !== null);
}

const failures = wordTable(
  ...['ras', 'recover', 'recovery', 'error', 'err', 'fault', 'fatal', 'failure', 'hotplug', 'unplug'],
  ...['wedge', 'wedged', 'crash', 'hang', 'hung'],
);

const resets = wordTable('reset');

/** What software resets in the course of its work: such a reset tells of no failure. */
const ownStates = wordTable(
  ...[
    'flag',
    'flags',
    'bit',
    'bits',
    'count',
    'counter',
    'counters',
    'stat',
    'stats',
    'state',
    'status',
    'list',
    'cache',
  ],
  ...['timer', 'timeout', 'param', 'params', 'config', 'settings', 'mode', 'queue'],
);

/** Whether the name of a work function says that it runs where the hardware failed. A reset of a flag is no such thing. */
export function isNamedForFailure(name: string): boolean {
  return failures.has(name) || (resets.has(name) && !ownStates.has(name));
}
