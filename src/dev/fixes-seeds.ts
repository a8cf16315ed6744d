/** A defect put into a real driver: what is replaced by what. All patterns must match once. */
export interface Seed {
  readonly rule: string;
  readonly file: string;
  /** What to replace, and by what. */
  readonly changes: readonly (readonly [RegExp, string])[];
}

/** Defects of Linux 7.x that a fix undoes, two for each rule where the tree has two places. All fit beside each other. */
export const seeds: readonly Seed[] = [
  {
    rule: 'pinned-importer-unmarked',
    file: 'drivers/infiniband/core/umem_dmabuf.c',
    changes: [
      [
        /(static const struct dma_buf_attach_ops ib_umem_dmabuf_attach_pinned_ops = \{\n\t\.allow_peer2peer = true,\n)/,
        'static void seeded_invalidate(struct dma_buf_attachment *attach)\n{\n\tWARN_ONCE(1, "invalidated while pinned\\n");\n}\n\n$1\t.invalidate_mappings = seeded_invalidate,\n',
      ],
    ],
  },
  {
    rule: 'pinned-importer-unmarked',
    file: 'drivers/iommu/iommufd/pages.c',
    changes: [
      [
        /(static void iopt_revoke_notify\(struct dma_buf_attachment \*attach\)\n\{\n)[\s\S]*?\n\}\n/,
        '$1\tpr_warn("cannot be revoked\\n");\n}\n',
      ],
    ],
  },
  {
    rule: 'revoke-unchecked',
    file: 'drivers/vfio/pci/vfio_pci_dmabuf.c',
    changes: [[/\tif \(!dma_buf_attach_revocable\(attachment\)\)\n\t\treturn -EOPNOTSUPP;\n\n/, '']],
  },
  {
    rule: 'revoke-wrong-usage',
    file: 'drivers/vfio/pci/vfio_pci_dmabuf.c',
    changes: [[/DMA_RESV_USAGE_BOOKKEEP/, 'DMA_RESV_USAGE_READ']],
  },
  {
    rule: 'resv-lock-required',
    file: 'drivers/gpu/drm/virtio/virtgpu_prime.c',
    changes: [
      [
        /\tdma_resv_lock\(resv, NULL\);\n\n(\tret = dma_buf_pin\(attach\);\n\tif \(ret\))\n\t\tgoto err_pin;\n/,
        '$1 {\n\t\tvirtgpu_dma_buf_free_obj(&bo->base.base);\n\t\treturn ret;\n\t}\n\n\tdma_resv_lock(resv, NULL);\n',
      ],
      [/err_pin:\n/, ''],
    ],
  },
  {
    rule: 'resv-lock-required',
    file: 'drivers/gpu/drm/virtio/virtgpu_prime.c',
    changes: [[/(\tdma_buf_unpin\(attach\);\n)(\tdma_resv_unlock\(resv\);\n)(\n\t\/\*)/, '$2$1$3']],
  },
  {
    rule: 'resv-lock-required',
    file: 'drivers/gpu/drm/omapdrm/omap_gem_dmabuf.c',
    changes: [[/sgt = dma_buf_map_attachment_unlocked\(/, 'sgt = dma_buf_map_attachment(']],
  },
  {
    rule: 'resv-lock-required',
    file: 'drivers/media/common/videobuf2/videobuf2-dma-sg.c',
    changes: [[/sgt = dma_buf_map_attachment_unlocked\(/, 'sgt = dma_buf_map_attachment(']],
  },
  {
    rule: 'direction-mismatch',
    file: 'drivers/xen/gntdev-dmabuf.c',
    changes: [[/(dma_buf_unmap_attachment_unlocked\(attach, sgt, )DMA_BIDIRECTIONAL/, '$1DMA_TO_DEVICE']],
  },
  {
    rule: 'direction-mismatch',
    file: 'drivers/accel/amdxdna/amdxdna_gem.c',
    changes: [[/(dma_buf_unmap_attachment_unlocked\(attach, sgt, )DMA_BIDIRECTIONAL/, '$1DMA_FROM_DEVICE']],
  },
  {
    rule: 'renamed-api',
    file: 'drivers/gpu/drm/virtio/virtgpu_prime.c',
    changes: [[/\.invalidate_mappings = /, '.move_notify = ']],
  },
  {
    rule: 'renamed-api',
    file: 'drivers/gpu/drm/amd/amdgpu/amdgpu_object.c',
    changes: [[/\bdma_buf_invalidate_mappings\(/, 'dma_buf_move_notify(']],
  },
  {
    rule: 'stale-name-in-comment',
    file: 'drivers/dma-buf/dma-buf.c',
    changes: [[/explained in dma_buf_invalidate_mappings\(\)/, 'explained in dma_buf_move_notify()']],
  },
  {
    rule: 'stale-name-in-comment',
    file: 'drivers/gpu/drm/virtio/virtgpu_prime.c',
    changes: [[/(static void virtgpu_dma_buf_move_notify\()/, '/* called by dma_buf_move_notify() */\n$1']],
  },
];

/** An exporter that revokes without an attach of its own: the fix makes one. */
export const attachless: Seed = {
  rule: 'revoke-unchecked',
  file: 'drivers/vfio/pci/vfio_pci_dmabuf.c',
  changes: [
    [/static int vfio_pci_dma_buf_attach\([\s\S]*?\n\}\n\n/, ''],
    [/\t\.attach = vfio_pci_dma_buf_attach,\n/, ''],
  ],
};

/** The text with a seed in it. @throws where a pattern does not match once */
export function sow(text: string, { file, changes }: Seed): string {
  return changes.reduce((before, [pattern, replacement]) => {
    const found = [...before.matchAll(new RegExp(pattern.source, 'g'))].length;
    if (found !== 1) throw new Error(`${file}: ${pattern} matches ${found} times`);
    return before.replace(pattern, replacement);
  }, text);
}

/** The files with all seeds in them. @param read the text of a file */
export function sowAll(wanted: readonly Seed[], read: (path: string) => string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const seed of wanted) texts.set(seed.file, sow(texts.get(seed.file) ?? read(seed.file), seed));
  return texts;
}
