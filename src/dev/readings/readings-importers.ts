import type { ImporterReading, Series, Site, User } from './reading.js';

const core = 'drivers/infiniband/core/umem_dmabuf.c';
const mlx5 = 'drivers/infiniband/hw/mlx5';
const xe = 'drivers/gpu/drm/xe';
const amdgpu = 'drivers/gpu/drm/amd/amdgpu';

function site(file: string, name: string): Site {
  return { file, function: name };
}

function user(driver: string, file: string, ...names: readonly string[]): User {
  return { driver, sites: names.map((name) => site(file, name)) };
}

const amdgpuImporter: ImporterReading = {
  ops: 'amdgpu_dma_buf_attach_ops',
  file: `${amdgpu}/amdgpu_dma_buf.c`,
  driver: 'amdgpu',
  allowPeer2peer: true,
  callback: 'amdgpu_dma_buf_move_notify',
  kinds: ['unmaps', 'opaque'],
  path: [
    'amdgpu_dma_buf_move_notify',
    'ttm_bo_validate (an empty placement)',
    'ttm_bo_pipeline_gutting',
    'ttm_tt_unpopulate (at once when idle, else by a ghost object after its fences)',
    'slot ttm_tt_unpopulate: amdgpu_ttm_tt_unpopulate',
    'amdgpu_ttm_backend_unbind',
    'dma_buf_unmap_attachment',
  ],
  pins: ['sometimes'],
  pinSites: [site(`${amdgpu}/amdgpu_object.c`, 'amdgpu_bo_pin')],
  attachSite: site(`${amdgpu}/amdgpu_dma_buf.c`, 'amdgpu_gem_prime_import'),
  usedBy: [],
  status: ['revocable'],
  note: 'Pins for scanout, and drops the result of the pin.',
};

/** The camera driver imports through a helper that amdgpu exports. */
const amdgpuWithCamera: ImporterReading = {
  ...amdgpuImporter,
  usedBy: [user('AMD ISP4', 'drivers/media/platform/amd/isp4/isp4_video.c', 'isp4vid_qops_buf_init')],
};

const virtgpuImporter: ImporterReading = {
  ops: 'virtgpu_dma_buf_attach_ops',
  file: 'drivers/gpu/drm/virtio/virtgpu_prime.c',
  driver: 'virtio-gpu',
  allowPeer2peer: true,
  callback: 'virtgpu_dma_buf_move_notify',
  kinds: ['unmaps'],
  path: ['virtgpu_dma_buf_move_notify', 'virtgpu_dma_buf_unmap', 'dma_buf_unmap_attachment'],
  pins: ['sometimes', 'always'],
  pinSites: [
    site('drivers/gpu/drm/virtio/virtgpu_plane.c', 'virtio_gpu_prepare_imported_obj'),
    site('drivers/gpu/drm/virtio/virtgpu_prime.c', 'virtgpu_dma_buf_init_obj'),
  ],
  attachSite: site('drivers/gpu/drm/virtio/virtgpu_prime.c', 'virtgpu_gem_prime_import'),
  usedBy: [],
  status: ['revocable'],
  note: 'Pins while it creates the resource, unpins at once and keeps the mapping; pins again while a plane scans out.',
};

const deferred =
  'It defers, which the result calls opaque: by call graph the callback reaches unmaps, but on the path that it takes, to system memory, the unmap is left for the next mapping or for the destruction of the object, and only access is stopped';

const xeImporter: ImporterReading = {
  ops: 'xe_dma_buf_attach_ops',
  file: `${xe}/xe_dma_buf.c`,
  driver: 'xe',
  allowPeer2peer: true,
  callback: 'xe_dma_buf_move_notify',
  kinds: ['opaque'],
  path: [
    'xe_dma_buf_move_notify',
    'xe_bo_evict',
    'ttm_bo_validate (to system memory)',
    'slot move: xe_bo_move',
    'xe_bo_move_notify (stops access), then xe_bo_move_dmabuf (to system memory it unmaps nothing)',
  ],
  pins: ['never'],
  pinSites: [],
  attachSite: site(`${xe}/xe_dma_buf.c`, 'xe_gem_prime_import'),
  usedBy: [],
  status: ['unknown'],
  note: `${deferred}.`,
};

const xeTestImporter: ImporterReading = {
  ...xeImporter,
  ops: 'nop2p_attach_ops',
  file: `${xe}/tests/xe_dma_buf.c`,
  driver: 'xe (KUnit test)',
  allowPeer2peer: false,
  note: `${deferred}. The ops reach the attach through the test's parameters.`,
};

/** Since 7.1 the test pins the first attachment of the buffer, whichever that is; the driver itself never pins. */
const xe7 = {
  pins: ['never', 'sometimes'],
  pinSites: [site(`${xe}/tests/xe_dma_buf.c`, 'check_residency')],
  note: `${deferred}, unless the device is unplugged. The only pin is in the KUnit test, on the first attachment of the buffer.`,
} as const;

const revokePath = [
  'ib_umem_dmabuf_revoke_locked',
  'hook pinned_revoke of the driver',
  'ib_umem_dmabuf_unmap_pages',
  'dma_buf_unmap_attachment',
  'dma_buf_unpin',
];

const rdmaPinned: ImporterReading = {
  ops: 'ib_umem_dmabuf_attach_pinned_ops',
  file: core,
  driver: 'RDMA, pinned',
  allowPeer2peer: true,
  callback: 'ib_umem_dmabuf_unsupported_move_notify',
  kinds: ['stub'],
  path: ['ib_umem_dmabuf_unsupported_move_notify', 'ibdev_warn_ratelimited and nothing else'],
  pins: ['always'],
  pinSites: [site(core, 'ib_umem_dmabuf_get_pinned_and_lock')],
  attachSite: site(core, 'ib_umem_dmabuf_get_with_dma_device'),
  usedBy: [],
  status: ['undeclared-non-revocable'],
  note: 'Has a callback since the core insists on one, and cannot be invalidated: what pinned-importer-unmarked is about.',
};

const rdmaPinned6: Readonly<Record<'6.1' | '6.12', ImporterReading>> = {
  '6.1': {
    ...rdmaPinned,
    pinSites: [site(core, 'ib_umem_dmabuf_get_pinned')],
    attachSite: site(core, 'ib_umem_dmabuf_get'),
    usedBy: [
      user('EFA', 'drivers/infiniband/hw/efa/efa_verbs.c', 'efa_reg_user_mr_dmabuf'),
      user('mlx5', `${mlx5}/devx.c`, 'devx_umem_get'),
    ],
  },
  '6.12': {
    ...rdmaPinned,
    usedBy: [
      user('bnxt_re', 'drivers/infiniband/hw/bnxt_re/ib_verbs.c', 'bnxt_re_reg_user_mr_dmabuf'),
      user('EFA', 'drivers/infiniband/hw/efa/efa_verbs.c', 'efa_reg_user_mr_dmabuf'),
      user('irdma', 'drivers/infiniband/hw/irdma/verbs.c', 'irdma_reg_user_mr_dmabuf'),
      user('mlx5', `${mlx5}/devx.c`, 'devx_umem_get'),
      user('mlx5', `${mlx5}/mr.c`, 'reg_user_mr_dmabuf'),
    ],
  },
};

const rdmaPinned7: ImporterReading = {
  ...rdmaPinned,
  callback: null,
  kinds: ['absent'],
  path: ['no callback'],
  usedBy: [
    user(
      'bnxt_re',
      'drivers/infiniband/hw/bnxt_re/ib_verbs.c',
      'bnxt_re_init_user_qp',
      'bnxt_re_create_user_cq',
      'bnxt_re_reg_user_mr_dmabuf',
    ),
    user('EFA', 'drivers/infiniband/hw/efa/efa_verbs.c', 'efa_create_user_cq', 'efa_reg_user_mr_dmabuf'),
    user('ionic', 'drivers/infiniband/hw/ionic/ionic_controlpath.c', 'ionic_reg_user_mr_dmabuf'),
    user('mana', 'drivers/infiniband/hw/mana/mr.c', 'mana_ib_reg_user_mr_dmabuf'),
    user('mlx4', 'drivers/infiniband/hw/mlx4/cq.c', 'mlx4_ib_create_user_cq'),
    user('mlx5', `${mlx5}/cq.c`, 'create_cq_user'),
    user('mlx5', `${mlx5}/devx.c`, 'devx_umem_get'),
    user('mlx5', `${mlx5}/doorbell.c`, 'mlx5_ib_db_map_user_desc'),
    user('mlx5', `${mlx5}/mr.c`, 'reg_user_mr_dmabuf'),
    user('mlx5', `${mlx5}/qp.c`, '_create_user_qp', 'create_raw_packet_qp_sq'),
  ],
  status: ['declared-non-revocable'],
  note: 'Leaving the callback out says so. Drivers that only pass a virtual address to ib_umem_get_va() never get here.',
};

const rdmaPinned73: ImporterReading = {
  ...rdmaPinned7,
  usedBy: [
    ...rdmaPinned7.usedBy,
    user('EFA', 'drivers/infiniband/hw/efa/efa_verbs.c', 'efa_create_comp_cntr'),
    user('mlx5', `${mlx5}/srq.c`, 'create_srq_user'),
  ],
};

const rdmaRevocable: ImporterReading = {
  ...rdmaPinned,
  ops: 'ib_umem_dmabuf_attach_pinned_revocable_ops',
  driver: 'RDMA, pinned and revocable',
  callback: 'ib_umem_dmabuf_revoke_locked',
  kinds: ['unmaps'],
  path: revokePath,
  status: ['revocable'],
  note: 'Exported, and nobody uses it in this series.',
};

const rdmaRevocable7: ImporterReading = {
  ...rdmaRevocable,
  usedBy: [user('irdma', 'drivers/infiniband/hw/irdma/verbs.c', 'irdma_reg_user_mr_dmabuf')],
  note: null,
};

const mlx5Importer: ImporterReading = {
  ops: 'mlx5_ib_dmabuf_attach_ops',
  file: `${mlx5}/mr.c`,
  driver: 'mlx5, on-demand paging',
  allowPeer2peer: true,
  callback: 'mlx5_ib_dmabuf_invalidate_cb',
  kinds: ['unmaps'],
  path: ['mlx5_ib_dmabuf_invalidate_cb', 'ib_umem_dmabuf_unmap_pages', 'dma_buf_unmap_attachment'],
  pins: ['never'],
  pinSites: [],
  attachSite: site(core, 'ib_umem_dmabuf_get_with_dma_device'),
  usedBy: [user('mlx5', `${mlx5}/mr.c`, 'reg_user_mr_dmabuf')],
  status: ['revocable'],
  note: 'The table lies in mlx5 and the attach in the RDMA core, to whose exported helper mlx5 itself hands the table.',
};

const mlx5Importer61: ImporterReading = {
  ...mlx5Importer,
  attachSite: site(core, 'ib_umem_dmabuf_get'),
  usedBy: [user('mlx5', `${mlx5}/mr.c`, 'mlx5_ib_reg_user_mr_dmabuf')],
};

const iommufdImporter: ImporterReading = {
  ops: 'iopt_dmabuf_attach_revoke_ops',
  file: 'drivers/iommu/iommufd/pages.c',
  driver: 'iommufd',
  allowPeer2peer: true,
  callback: 'iopt_revoke_notify',
  kinds: ['blocks-access', 'opaque'],
  path: ['iopt_revoke_notify', 'iopt_area_unmap_domain_range', 'iommu_unmap_nofail', 'iommu_unmap'],
  pins: ['always'],
  pinSites: [site('drivers/iommu/iommufd/pages.c', 'iopt_map_dmabuf')],
  attachSite: site('drivers/iommu/iommufd/pages.c', 'iopt_map_dmabuf'),
  usedBy: [],
  status: ['revocable'],
  note: 'Never maps: it takes physical addresses from VFIO by a private path, so it owes no unmap.',
};

const importers7: readonly ImporterReading[] = [
  amdgpuWithCamera,
  virtgpuImporter,
  { ...xeTestImporter, ...xe7 },
  { ...xeImporter, ...xe7 },
  rdmaPinned7,
  rdmaRevocable7,
  mlx5Importer,
  iommufdImporter,
];

/** The importers of each series, by path. */
export const importers: Readonly<Record<Series, readonly ImporterReading[]>> = {
  '5.10': [
    {
      ...amdgpuImporter,
      pinSites: [site(`${amdgpu}/amdgpu_object.c`, 'amdgpu_bo_pin_restricted')],
      path: [
        'amdgpu_dma_buf_move_notify',
        'ttm_bo_validate (an empty placement)',
        'ttm_bo_pipeline_gutting (the pages go to a ghost object, which lives until its fences have signaled)',
        'slot ttm_tt_unpopulate: amdgpu_ttm_tt_unpopulate',
        'dma_buf_unmap_attachment',
      ],
      status: ['revocable', 'unknown'],
    },
  ],
  '6.1': [
    { ...amdgpuImporter, pinSites: [site(`${amdgpu}/amdgpu_object.c`, 'amdgpu_bo_pin_restricted')] },
    rdmaPinned6['6.1'],
    mlx5Importer61,
  ],
  '6.12': [amdgpuImporter, xeTestImporter, xeImporter, rdmaPinned6['6.12'], rdmaRevocable, mlx5Importer],
  '7.2': importers7,
  '7.3': importers7.map((importer) => (importer === rdmaPinned7 ? rdmaPinned73 : importer)),
};
