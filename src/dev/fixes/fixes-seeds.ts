/** A defect to put into a real driver, as replacements. Each pattern must match exactly once. */
export interface Seed {
  readonly rule: string;
  readonly file: string;
  /** The file that the finding is in, where that is another. */
  readonly foundIn?: string;
  /** What to replace, and by what. */
  readonly changes: readonly (readonly [RegExp, string])[];
}

/** An importer that pins, and whose callback only warns. */
const stubOfIommufd: Seed = {
  rule: 'pinned-importer-unmarked',
  file: 'drivers/iommu/iommufd/pages.c',
  changes: [
    [
      /(static void iopt_revoke_notify\(struct dma_buf_attachment \*attach\)\n\{\n)[\s\S]*?\n\}\n/,
      '$1\tpr_warn("cannot be revoked\\n");\n}\n',
    ],
  ],
};

/** Defects for Linux 7.x that a fix undoes, at least two for each rule. All can be applied together. */
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
  stubOfIommufd,
  {
    rule: 'revoke-unchecked',
    file: 'drivers/vfio/pci/vfio_pci_dmabuf.c',
    changes: [[/\tif \(!dma_buf_attach_revocable\(attachment\)\)\n\t\treturn -EOPNOTSUPP;\n\n/, '']],
  },
  {
    rule: 'revoke-unchecked',
    file: 'drivers/infiniband/core/uverbs_std_types_dmabuf.c',
    foundIn: 'drivers/infiniband/core/uverbs.h',
    changes: [[/(static int uverbs_dmabuf_pin\([^{]*\{\n\treturn )-EOPNOTSUPP;/, '$10;']],
  },
  {
    rule: 'revoke-wrong-usage',
    file: 'drivers/infiniband/core/uverbs.h',
    changes: [[/DMA_RESV_USAGE_BOOKKEEP/, 'DMA_RESV_USAGE_WRITE']],
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

/** A field by which an importer says that it cannot be revoked. */
export const marker: Seed = {
  rule: 'pinned-importer-unmarked',
  file: 'include/linux/dma-buf.h',
  changes: [
    [
      /(struct dma_buf_attach_ops \{\n)/,
      '$1\t/** @cannot_revoke: the importer pins, and cannot stop access to its buffers */\n\tbool cannot_revoke;\n\n',
    ],
  ],
};

/** A tree with that field, which no importer sets: two that should do not. */
export const unmarked: readonly Seed[] = [marker, stubOfIommufd];

/** Defects of Linux 6.12, where the callback has its former name. */
export const seedsOfMoveNotify: readonly Seed[] = [
  {
    rule: 'renamed-api',
    file: 'drivers/infiniband/hw/mlx5/mr.c',
    changes: [[/\.move_notify = /, '.invalidate_mappings = ']],
  },
  {
    rule: 'renamed-api',
    file: 'drivers/gpu/drm/amd/amdgpu/amdgpu_object.c',
    changes: [[/\bdma_buf_move_notify\(/, 'dma_buf_invalidate_mappings(']],
  },
  {
    rule: 'resv-lock-required',
    file: 'drivers/gpu/drm/omapdrm/omap_gem_dmabuf.c',
    changes: [[/sgt = dma_buf_map_attachment_unlocked\(/, 'sgt = dma_buf_map_attachment(']],
  },
  {
    rule: 'direction-mismatch',
    file: 'drivers/xen/gntdev-dmabuf.c',
    changes: [[/(dma_buf_unmap_attachment_unlocked\(attach, sgt, )DMA_BIDIRECTIONAL/, '$1DMA_TO_DEVICE']],
  },
];

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
