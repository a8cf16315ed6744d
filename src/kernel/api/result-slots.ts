/** A slot of an ops table whose caller tests the result with IS_ERR() alone, so that NULL counts as success there. */
export interface ResultSlot {
  /** As C writes the type of the table. */
  readonly type: string;
  readonly slot: string;
  /** The function that calls the slot. */
  readonly caller: string;
  /** The file of the caller. */
  readonly source: string;
}

const prime = 'drivers/gpu/drm/drm_prime.c';

/** The slot that makes an object of a buffer. */
export const importSlot = 'gem_prime_import';

/** The slot that makes an object of a mapped table. */
export const tableSlot = 'gem_prime_import_sg_table';

/** The slots on the ways of a dma-buf. `map_dma_buf` is judged by what the tree's own core does with NULL. */
export const resultSlots: readonly ResultSlot[] = [
  { type: 'struct drm_driver', slot: importSlot, caller: 'drm_gem_prime_fd_to_handle', source: prime },
  { type: 'struct drm_driver', slot: tableSlot, caller: 'drm_gem_prime_import_dev', source: prime },
  { type: 'struct drm_gem_object_funcs', slot: 'export', caller: 'drm_gem_prime_handle_to_dmabuf', source: prime },
  { type: 'struct drm_gem_object_funcs', slot: 'get_sg_table', caller: 'drm_gem_map_dma_buf', source: prime },
  // Until 5.10 the driver had them.
  { type: 'struct drm_driver', slot: 'gem_prime_export', caller: 'drm_gem_prime_handle_to_dmabuf', source: prime },
  { type: 'struct drm_driver', slot: 'gem_prime_get_sg_table', caller: 'drm_gem_map_dma_buf', source: prime },
  {
    type: 'struct vb2_mem_ops',
    slot: 'attach_dmabuf',
    caller: '__prepare_dmabuf',
    source: 'drivers/media/common/videobuf2/videobuf2-core.c',
  },
  {
    type: 'struct dma_heap_ops',
    slot: 'allocate',
    caller: 'dma_heap_buffer_alloc',
    source: 'drivers/dma-buf/dma-heap.c',
  },
];

/** Whether a function can be one that makes a table of an object. The table of ops that names it need not mention dma-bufs. */
export function mayMakeTable(returnType: string, parameters: readonly string[]): boolean {
  const [object, ...others] = parameters;
  return /\bsg_table\s*\*/.test(returnType) && others.length === 0 && /\bdrm_gem_object\b/.test(object ?? '');
}

/** How the files with a function for {@link tableSlot} declare its last two parameters. */
export const tableSlotParameters = /\bstruct\s+dma_buf_attachment\s*\*\s*\w+\s*,\s*struct\s+sg_table\b/;

/** The types of its parameters. */
const types = [/\bdrm_device\b/, /\bdma_buf_attachment\b/, /\bsg_table\b/] as const;

/** Whether a function has the parameters of {@link tableSlot}, given by their types. */
export function fitsTableSlot(parameters: readonly string[]): boolean {
  return parameters.length === types.length && types.every((type, index) => type.test(parameters[index] ?? ''));
}

/**
 * A slot that is optional: if a driver has none, the callers in the core allocate the object themselves. Until 5.16
 * they test the result of both only for NULL. What the callers test is read from the tree. Sources:
 * drm_gem_shmem_create(), __drm_gem_cma_create().
 */
export const objectSlot = { type: 'struct drm_driver', slot: 'gem_create_object' } as const;

/** Whether a function can be one for {@link objectSlot}. Its ops table need not mention dma-bufs. */
export function mayCreateObject(returnType: string, parameters: readonly string[]): boolean {
  const [device, size, ...others] = parameters;
  return (
    /\bdrm_gem_object\s*\*/.test(returnType) &&
    others.length === 0 &&
    /\bdrm_device\b/.test(device ?? '') &&
    /^size_t\b/.test(size ?? '')
  );
}

/** Whether a text may define such a function. */
export function mayDefineCreator(text: string): boolean {
  return /\bstruct\s+drm_gem_object\s*\*\s*\w+\s*\(\s*struct\s+drm_device\b/.test(text);
}
