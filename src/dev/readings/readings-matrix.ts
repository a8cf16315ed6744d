import type { NegotiationVerdict } from '../../contract/index.js';

/** What a person read in a kernel's source: how each importer and the most important exporters negotiate. */
export interface MatrixReading {
  /** Exporters by their ops. */
  readonly exporters: readonly string[];
  /** Importers by their ops, `static` for those without; a verdict for each exporter. */
  readonly rows: Readonly<Record<string, readonly NegotiationVerdict[]>>;
  /** Why, exporter by exporter, as it stands in the source. */
  readonly because: Readonly<Record<string, string>>;
}

const works = 'works';
const [attach, pin, map, unknown] = ['refused at attach', 'refused at pin', 'refused at map', 'unknown'] as const;

export const matrixReadings: Readonly<Record<string, MatrixReading>> = {
  '6.12': {
    exporters: [
      'amdgpu_dmabuf_ops',
      'xe_dmabuf_ops',
      'virtgpu_dmabuf_ops',
      'habanalabs_dmabuf_ops',
      'vmw_prime_dmabuf_ops',
    ],
    rows: {
      amdgpu_dma_buf_attach_ops: [works, works, works, works, attach],
      nop2p_attach_ops: [unknown, unknown, works, map, attach],
      xe_dma_buf_attach_ops: [unknown, unknown, works, works, attach],
      ib_umem_dmabuf_attach_pinned_ops: [works, works, works, works, attach],
      ib_umem_dmabuf_attach_pinned_revocable_ops: [works, works, works, works, attach],
      mlx5_ib_dmabuf_attach_ops: [works, works, works, works, attach],
      static: [works, works, works, map, attach],
    },
    because: {
      amdgpu_dmabuf_ops:
        'Moves memory (amdgpu_bo_move_notify()) and has a pin that takes everybody. Pinned importers stay where they are, the core pins for static ones. amdgpu and mlx5 unmap when told. What xe does goes through ttm_bo_pipeline_gutting() to the release of another object: who reads it can tell, the tool cannot.',
      xe_dmabuf_ops: 'As amdgpu: xe_bo_move_notify() tells importers, and xe_dma_buf_pin() takes everybody.',
      virtgpu_dmabuf_ops: 'Calls dma_buf_move_notify() nowhere and has no pin: its memory never moves.',
      habanalabs_dmabuf_ops:
        'hl_map_dmabuf() returns -EPERM without peer-to-peer, which static importers and the test of xe do not allow; its attach takes everybody.',
      vmw_prime_dmabuf_ops: 'vmw_prime_map_attach() returns -ENOSYS to everybody.',
    },
  },
  '7.x': {
    exporters: [
      'amdgpu_dmabuf_ops',
      'xe_dmabuf_ops',
      'vfio_pci_dmabuf_ops',
      'uverbs_dmabuf_ops',
      'iommufd_test_dmabuf_ops',
      'virtgpu_dmabuf_ops',
      'habanalabs_dmabuf_ops',
      'vmw_prime_dmabuf_ops',
    ],
    rows: {
      amdgpu_dma_buf_attach_ops: [works, works, works, works, map, works, works, attach],
      virtgpu_dma_buf_attach_ops: [works, works, works, pin, map, works, works, attach],
      nop2p_attach_ops: [unknown, unknown, attach, attach, map, works, map, attach],
      xe_dma_buf_attach_ops: [unknown, unknown, unknown, unknown, map, works, works, attach],
      ib_umem_dmabuf_attach_pinned_ops: [works, works, attach, pin, map, works, works, attach],
      ib_umem_dmabuf_attach_pinned_revocable_ops: [works, works, works, pin, map, works, works, attach],
      mlx5_ib_dmabuf_attach_ops: [works, works, works, works, map, works, works, attach],
      iopt_dmabuf_attach_revoke_ops: [map, map, works, pin, works, map, map, attach],
      static: [works, works, attach, attach, map, works, map, attach],
    },
    because: {
      amdgpu_dmabuf_ops:
        'Moves memory and has a pin that takes everybody. amdgpu, virtgpu and mlx5 unmap when told; pinned importers stay. iommufd pins, and then leaves: vfio_pci_dma_buf_iommufd_map() and its twin for tests give addresses of their own buffers only (iopt_map_dmabuf()).',
      xe_dmabuf_ops: 'As amdgpu; xe_dma_buf_pin() migrates first and then takes everybody.',
      vfio_pci_dmabuf_ops:
        'vfio_pci_dma_buf_attach() asks for peer-to-peer, then for dma_buf_attach_revocable(). It has no pin, so a pin succeeds. vfio_pci_dma_buf_move() revokes, waits for the fences and for every unmap. RDMA with pinned ops has no callback and is refused; the revocable ones, mlx5, amdgpu and virtgpu unmap; iommufd never maps and owes no unmap.',
      uverbs_dmabuf_ops:
        'uverbs_dmabuf_attach() asks for peer-to-peer only, uverbs_dmabuf_pin() returns -EOPNOTSUPP. Who pins always is refused. virtgpu pins for scanout only; amdgpu too, and does not look at what dma_buf_pin() returns (amdgpu_bo_pin()): it goes on, and unmaps when told. mlx5 does not pin and unmaps.',
      iommufd_test_dmabuf_ops:
        'Test code: iommufd_test_dma_buf_map() always returns -EOPNOTSUPP. Only iommufd, which never maps, gets anything, and it takes the pages out of its domains when told.',
      virtgpu_dmabuf_ops: 'Calls dma_buf_invalidate_mappings() nowhere and has no pin: its memory never moves.',
      habanalabs_dmabuf_ops:
        'hl_map_dmabuf() returns -EPERM without peer-to-peer, which static importers and the test of xe do not allow; its attach takes everybody.',
      vmw_prime_dmabuf_ops: 'vmw_prime_map_attach() returns -ENOSYS to everybody.',
    },
  },
};
