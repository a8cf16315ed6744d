import type { ResourceKind } from './resources.js';

/** What a function of the API does to what it is given. Indices are those of its arguments. */
export type Effect =
  | {
      readonly kind: 'acquire';
      readonly resource: ResourceKind;
      readonly handle: 'result' | number;
      readonly of: number | null;
      readonly direction: number | null;
    }
  | {
      readonly kind: 'release';
      readonly resource: ResourceKind;
      readonly handle: number;
      readonly direction: number | null;
    }
  /** Success hands the reference over to the descriptor. */
  | { readonly kind: 'make-fd'; readonly handle: number };

export interface ApiFunction {
  readonly effects: readonly Effect[];
  /** What it returns: an error pointer or a good one, a negative number or 0, or nothing to test. */
  readonly result: 'pointer-or-error' | 'zero-or-error' | 'number-or-error' | 'nothing';
}

const acquire = (resource: ResourceKind, of: number | null = null, direction: number | null = null): Effect => ({
  kind: 'acquire',
  resource,
  handle: 'result',
  of,
  direction,
});
const release = (resource: ResourceKind, handle: number, direction: number | null = null): Effect => ({
  kind: 'release',
  resource,
  handle,
  direction,
});

/** Source: the kernel-doc of each function in drivers/dma-buf/dma-buf.c. */
export const apiFunctions: ReadonlyMap<string, ApiFunction> = new Map<string, ApiFunction>([
  ['dma_buf_attach', { effects: [acquire('attachment', 0)], result: 'pointer-or-error' }],
  ['dma_buf_dynamic_attach', { effects: [acquire('attachment', 0)], result: 'pointer-or-error' }],
  ['dma_buf_detach', { effects: [release('attachment', 1)], result: 'nothing' }],
  [
    'dma_buf_pin',
    { effects: [{ kind: 'acquire', resource: 'pin', handle: 0, of: 0, direction: null }], result: 'zero-or-error' },
  ],
  ['dma_buf_unpin', { effects: [release('pin', 0)], result: 'nothing' }],
  ['dma_buf_map_attachment', { effects: [acquire('mapping', 0, 1)], result: 'pointer-or-error' }],
  ['dma_buf_map_attachment_unlocked', { effects: [acquire('mapping', 0, 1)], result: 'pointer-or-error' }],
  ['dma_buf_unmap_attachment', { effects: [release('mapping', 1, 2)], result: 'nothing' }],
  ['dma_buf_unmap_attachment_unlocked', { effects: [release('mapping', 1, 2)], result: 'nothing' }],
  ['dma_buf_get', { effects: [acquire('reference')], result: 'pointer-or-error' }],
  ['dma_buf_export', { effects: [acquire('reference')], result: 'pointer-or-error' }],
  [
    'get_dma_buf',
    { effects: [{ kind: 'acquire', resource: 'reference', handle: 0, of: null, direction: null }], result: 'nothing' },
  ],
  ['dma_buf_put', { effects: [release('reference', 0)], result: 'nothing' }],
  ['dma_buf_fd', { effects: [{ kind: 'make-fd', handle: 0 }], result: 'number-or-error' }],
]);

/** Functions that free an object; what it alone held is lost with it. */
export const freeFunctions: ReadonlySet<string> = new Set([
  'kfree',
  'kvfree',
  'vfree',
  'kfree_sensitive',
  'kzfree',
  'kfree_rcu',
  'devm_kfree',
]);

/** Functions whose result is a new object that nobody else knows, or NULL. */
export const allocators = /^(?:devm_)?k[vz]*(?:malloc|alloc|calloc|zalloc|memdup)\w*$|^v[mz]alloc\w*$/;

/** Helpers that look at their arguments and neither keep nor release them. */
export const borrowers =
  /^(?:dma_resv_\w+|dma_fence_\w+|sg_\w+|for_each_\w+|lockdep_\w+|mutex_\w+|spin_\w+|down_\w+|up_\w+|init_completion|kref_\w+|INIT_\w+|mem(?:set|cpy|cmp)|str\w+|dev_\w+|pr_\w+|drm_(?:dbg|err|info|warn)\w*|DRM_\w+|WARN\w*|BUG\w*|trace_\w+|dma_get_\w+|dma_buf_(?:begin|end)_cpu_access\w*|dma_buf_(?:v|un)?v?map\w*|dma_buf_attach_revocable|drm_prime_(?:get_contiguous_size|sg_to_\w+)|iosys_map_\w+|for_each_sgtable\w*|sizeof|offset__|dma_set_\w+|put_device|get_device|module_put|PAGE_ALIGN\w*)$/;
