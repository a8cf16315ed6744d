/** What a function does that drivers call and that may lie outside of the tree, as C. */
export interface KnownBody {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: string;
}

/** Sources: drivers/gpu/drm/drm_prime.c, include/drm/drm_gem.h. */
export const knownBodies: readonly KnownBody[] = [
  {
    name: 'drm_prime_gem_destroy',
    parameters: ['gem', 'table'],
    body: `{
	struct dma_buf_attachment *imported = gem->import_attach;
	struct dma_buf *buffer = imported->dmabuf;

	if (table)
		dma_buf_unmap_attachment_unlocked(imported, table, DMA_BIDIRECTIONAL);
	dma_buf_detach(buffer, imported);
	dma_buf_put(buffer);
}`,
  },
  { name: 'drm_gem_is_imported', parameters: ['gem'], body: '!!gem->import_attach' },
];
