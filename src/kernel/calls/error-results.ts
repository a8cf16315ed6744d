/** Helpers around the API that return a pointer, which is an error pointer where they fail, and never NULL. */
export const errorPointerHelpers: readonly string[] = [
  // drivers/gpu/drm/drm_prime.c
  ...['drm_gem_prime_export', 'drm_gem_dmabuf_export', 'drm_gem_map_dma_buf', 'drm_prime_pages_to_sg'],
  ...['drm_gem_prime_import', 'drm_gem_prime_import_dev'],
  // drivers/virtio/virtio_dma_buf.c
  'virtio_dma_buf_export',
];

const helpers: ReadonlySet<string> = new Set(errorPointerHelpers);

export function returnsErrorPointer(name: string): boolean {
  return helpers.has(name);
}
