import { nameTable } from '../names.js';

/** What a function does to the reference count of a GEM object. */
export interface GemCount {
  readonly effect: 'init' | 'get' | 'put' | 'handle';
  /** The argument that is the object, 0-based. */
  readonly object: number;
}

/** Source: include/drm/drm_gem.h, drivers/gpu/drm/drm_gem.c. A new handle keeps the object. */
const rows: readonly (readonly [names: readonly string[], count: GemCount])[] = [
  [['drm_gem_object_init', 'drm_gem_private_object_init'], { effect: 'init', object: 1 }],
  [['drm_gem_object_get'], { effect: 'get', object: 0 }],
  [['drm_gem_object_put', 'drm_gem_object_put_unlocked', 'drm_gem_object_put_locked'], { effect: 'put', object: 0 }],
  [['drm_gem_handle_create'], { effect: 'handle', object: 1 }],
];

/** The functions that count the references of GEM objects, by name. */
export const gemCounts: ReadonlyMap<string, GemCount> = new Map(
  rows.flatMap(([names, count]) => names.map((name) => [name, count] as const)),
);

const lookups = nameTable({
  topic: 'look-ups',
  source: 'drivers/gpu/drm/drm_gem.c',
  names: ['drm_gem_object_lookup'],
});

/** Whether a function returns a GEM object by its handle, with a reference for the caller, or NULL. */
export function isGemLookup(name: string): boolean {
  return lookups.has(name);
}

/** The last put of a GEM object calls this slot of this table, which is a member of the object. Source: as above. */
export const gemFree = { table: 'struct drm_gem_object_funcs', member: 'funcs', slot: 'free' } as const;

/** The slots that free GEM objects; those of a driver up to Linux 5.10. Source: include/drm/drm_gem.h, drm_drv.h. */
export const gemFreeSlots: readonly { readonly table: string; readonly slot: string }[] = [
  gemFree,
  { table: 'struct drm_driver', slot: 'gem_free_object' },
  { table: 'struct drm_driver', slot: 'gem_free_object_unlocked' },
];

const dereferencing = nameTable(
  { topic: 'tables', source: 'lib/scatterlist.c', names: ['sg_free_table{,_chained}'] },
  { topic: 'files', source: 'fs/file_table.c', names: ['fput'] },
  { topic: 'GEM', source: 'drivers/gpu/drm/drm_gem.c', names: [...gemCounts.keys()] },
);

/** Whether a function that ends the life of its first argument follows it as a pointer, an error pointer, too. */
export function dereferencesReleased(name: string): boolean {
  return dereferencing.has(name);
}

const importEnds = nameTable(
  { topic: 'imports', source: 'drivers/gpu/drm/drm_prime.c', names: ['drm_prime_gem_destroy', 'dma_buf_detach'] },
  // Objects of these helpers end with a call of theirs, which ends the import, too.
  {
    topic: 'objects with helpers of their own',
    source: 'drivers/gpu/drm/drm_gem_shmem_helper.c, drm_gem_dma_helper.c; drm_gem_cma_helper.c up to Linux 6.0',
    names: ['drm_gem_{shmem,dma,cma}_?*'],
  },
);

/** Whether code may end the import that `drm_gem_prime_import_dev()` has made for an object: attachment, mapping, reference. */
export function mayEndImport(code: string): boolean {
  return importEnds.isIn(code);
}

/** The functions that make an import for an object and that end it. Source: drivers/gpu/drm/drm_prime.c. */
export const primeImport = {
  source: 'drivers/gpu/drm/drm_prime.c',
  begin: 'drm_gem_prime_import_dev',
  /** The default of the slot that imports; it calls `begin`. */
  standard: 'drm_gem_prime_import',
  end: 'drm_prime_gem_destroy',
  /** The direction in which `begin` maps, and `end` unmaps. */
  direction: 'DMA_BIDIRECTIONAL',
} as const;

/**
 * The `.release` of the buffers that DRM exports for a GEM object, which is their `priv`, and the member of the object
 * that holds the lock of both. Source: drm_gem_prime_export() in drivers/gpu/drm/drm_prime.c.
 */
export const gemExport = { release: 'drm_gem_dmabuf_release', lock: 'resv' } as const;

const reservationUsers = nameTable({
  topic: 'last puts of TTM objects',
  source: 'drivers/gpu/drm/ttm/ttm_bo.c; ttm_bo_fini() since Linux 6.18',
  names: ['ttm_bo_{put,fini,unref}'],
});

/** Whether a call ends an object and locks or waits on its reservation for that. */
export function endsWithReservation(name: string): boolean {
  return reservationUsers.has(name);
}

/** Whether code takes the reservation of a buffer from it: `attach->dmabuf->resv`, though not only to lock it or to wait on it. */
export function takesReservation(body: string): boolean {
  const code = body.replace(/\b(?:dma_resv|ww_mutex)_\w+\s*\([^;]*?->\s*resv\b/g, '');
  return /\b\w*(?:dma_?buf|buf)\s*->\s*resv\b/.test(code);
}
