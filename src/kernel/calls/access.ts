import { nameTable } from '../names.js';

/** Functions that end a device's access some other way than by unmapping the attachment, and in what way. */
export const blockingFunctions: ReadonlyMap<string, string> = new Map([
  ['iommu_unmap', 'takes the pages out of the IOMMU domain'],
  ['iommu_unmap_fast', 'takes the pages out of the IOMMU domain'],
  ['iommu_detach_device', 'detaches the device from its IOMMU domain'],
  ['iommu_detach_group', 'detaches the group from its IOMMU domain'],
  ['iommu_detach_device_pasid', 'detaches the device from its IOMMU domain'],
  ['pci_clear_master', 'stops the device from mastering the bus'],
]);

/** Questions that are true once the importer's own device is gone. */
export const deviceGone = nameTable({
  topic: 'the device is gone',
  source: 'include/drm/drm_drv.h, and the naming of drivers',
  names: ['{,*_}unplugged', '{,*_}dev_is_gone', '{,*_}is_gone', '{,*_}is_disconnected'],
});

/** Questions that are true while it is there. */
export const devicePresent = nameTable({
  topic: 'the device is there',
  source: 'include/drm/drm_drv.h',
  names: ['drm_dev_enter'],
});
