import type { ExporterReading, Series, Site } from './reading.js';

function site(file: string, name: string): Site {
  return { file, function: name };
}

const plain = {
  pin: null,
  pinPolicy: 'none',
  requiresPeer2peer: false,
  invalidates: [],
  revokes: false,
  rejectsNonRevocable: [false],
  waitsForFences: [null],
  waitsForUnmap: [null],
} as const;

const amdgpu: ExporterReading = {
  ops: 'amdgpu_dmabuf_ops',
  file: 'drivers/gpu/drm/amd/amdgpu/amdgpu_dma_buf.c',
  driver: 'amdgpu',
  pin: 'amdgpu_dma_buf_pin',
  pinPolicy: 'accepts',
  requiresPeer2peer: false,
  invalidates: [site('drivers/gpu/drm/amd/amdgpu/amdgpu_object.c', 'amdgpu_bo_move_notify')],
  revokes: false,
  rejectsNonRevocable: [false],
  waitsForFences: [true, null],
  waitsForUnmap: [false, null],
  note: 'Moves, and never while pinned. The move itself depends on the fences; no wait follows the call.',
};

const xe: ExporterReading = {
  ...amdgpu,
  ops: 'xe_dmabuf_ops',
  file: 'drivers/gpu/drm/xe/xe_dma_buf.c',
  driver: 'xe',
  pin: 'xe_dma_buf_pin',
  invalidates: [site('drivers/gpu/drm/xe/xe_bo.c', 'xe_bo_move_notify')],
  note: 'Moves, and refuses to while pinned. Needs peer-to-peer only for an object that cannot migrate.',
};

const habanalabs: ExporterReading = {
  ...plain,
  ops: 'habanalabs_dmabuf_ops',
  file: 'drivers/accel/habanalabs/common/memory.c',
  driver: 'habanalabs',
  requiresPeer2peer: true,
  note: 'Its attach accepts importers without peer-to-peer; mapping refuses them then.',
};

const virtgpu: ExporterReading = {
  ...plain,
  ops: 'virtgpu_dmabuf_ops',
  file: 'drivers/gpu/drm/virtio/virtgpu_prime.c',
  driver: 'virtio-gpu',
  note: 'The ops are nested in struct virtio_dma_buf_ops.',
};

const vmwgfx: ExporterReading = {
  ...plain,
  ops: 'vmw_prime_dmabuf_ops',
  file: 'drivers/gpu/drm/vmwgfx/vmwgfx_prime.c',
  driver: 'vmwgfx',
  note: 'The table is copied and its release filled in at run time, so nothing is missing. Every attach fails.',
};

const gemPrime: ExporterReading = {
  ...plain,
  ops: 'drm_gem_prime_dmabuf_ops',
  file: 'drivers/gpu/drm/drm_prime.c',
  driver: 'DRM helpers, for most GPU drivers',
  note: 'No pin: the memory never moves while it is mapped, and every pin succeeds.',
};

const vfio: ExporterReading = {
  ...plain,
  ops: 'vfio_pci_dmabuf_ops',
  file: 'drivers/vfio/pci/vfio_pci_dmabuf.c',
  driver: 'VFIO',
  requiresPeer2peer: true,
  invalidates: [site('drivers/vfio/pci/vfio_pci_dmabuf.c', 'vfio_pci_dma_buf_move')],
  revokes: true,
  rejectsNonRevocable: [true],
  waitsForFences: [true],
  waitsForUnmap: [true],
  note: 'Its attach refuses importers that are not revocable. Also gives the memory back, which notifies again.',
};

const uverbs: ExporterReading = {
  ...plain,
  ops: 'uverbs_dmabuf_ops',
  file: 'drivers/infiniband/core/uverbs_std_types_dmabuf.c',
  driver: 'RDMA uverbs',
  pin: 'uverbs_dmabuf_pin',
  pinPolicy: 'refuses-all',
  requiresPeer2peer: true,
  invalidates: [
    site('drivers/infiniband/core/ib_core_uverbs.c', 'rdma_user_mmap_entry_remove'),
    site('drivers/infiniband/core/uverbs_std_types_dmabuf.c', 'uverbs_dmabuf_fd_destroy_uobj'),
  ],
  revokes: true,
  rejectsNonRevocable: [true],
  waitsForFences: [true],
  waitsForUnmap: [true],
  note: 'Keeps out what is not revocable by refusing every pin, static importers included: the core pins for those.',
};

const iommufdTest: ExporterReading = {
  ...plain,
  ops: 'iommufd_test_dmabuf_ops',
  file: 'drivers/iommu/iommufd/selftest.c',
  driver: 'iommufd (self-test)',
  invalidates: [site('drivers/iommu/iommufd/selftest.c', 'iommufd_test_dmabuf_revoke')],
  revokes: true,
  rejectsNonRevocable: [false, true],
  waitsForFences: [false],
  waitsForUnmap: [false],
  note: 'Revokes and lets everybody in. Harmless: mapping always fails, so that only iommufd gets at the memory.',
};

const exporters72: readonly ExporterReading[] = [
  habanalabs,
  amdgpu,
  gemPrime,
  virtgpu,
  vmwgfx,
  xe,
  uverbs,
  iommufdTest,
  vfio,
];

/** Since 7.3 both ways to revoke go through one inline function of a header. */
const uverbs73: ExporterReading = {
  ...uverbs,
  invalidates: [site('drivers/infiniband/core/uverbs.h', 'ib_uverbs_dmabuf_revoke')],
};

/** The exporters that matter of each series, by path. */
export const exporters: Readonly<Record<Series, readonly ExporterReading[]>> = {
  '5.10': [amdgpu],
  '6.1': [amdgpu, gemPrime, virtgpu, vmwgfx, { ...habanalabs, file: 'drivers/misc/habanalabs/common/memory.c' }],
  '6.12': [habanalabs, amdgpu, gemPrime, virtgpu, vmwgfx, xe],
  '7.2': exporters72,
  '7.3': exporters72.map((exporter) => (exporter === uverbs ? uverbs73 : exporter)),
};
