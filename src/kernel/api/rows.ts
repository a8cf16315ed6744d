import type { ResourceKind } from '../resources.js';

/** What a function of the API is for. Several functions may play one role: a variant that takes the lock, a renamed one. */
export type ApiRole =
  | 'attach'
  | 'dynamic-attach'
  | 'mapping-attach'
  | 'detach'
  | 'pin'
  | 'unpin'
  | 'map'
  | 'unmap'
  | 'vmap'
  | 'vunmap'
  | 'begin-cpu-access'
  | 'end-cpu-access'
  | 'mmap'
  | 'export'
  | 'fd'
  | 'fd-install'
  | 'get'
  | 'ref'
  | 'put'
  | 'notify'
  | 'ask-revocable'
  | 'ask-dynamic'
  | 'iterate'
  | 'make-table'
  | 'free-table';

/** What a parameter means. `api.test.ts` holds each against the type that the header gives it. */
export type ApiParameter =
  | 'attachment'
  | 'buffer'
  | 'descriptor'
  | 'device'
  | 'direction'
  | 'export-info'
  | 'flags'
  | 'kernel-address'
  | 'kernel-mapping'
  | 'mapping'
  | 'match-count'
  | 'matches'
  | 'ops'
  | 'page-offset'
  | 'private'
  | 'provider'
  | 'range-count'
  | 'ranges'
  | 'size'
  | 'table'
  | 'vma';

/** What a successful call does to a resource. */
export type RowEffect =
  | {
      readonly kind: 'acquire';
      readonly resource: ResourceKind;
      /** What the caller holds from then on, and must give back. */
      readonly handle: 'result' | ApiParameter;
      /** What the resource belongs to: the buffer of an attachment, the attachment of a mapping. */
      readonly of?: ApiParameter;
    }
  | { readonly kind: 'release'; readonly resource: ResourceKind; readonly handle: ApiParameter }
  /** Hands the reference over to the descriptor that is returned. */
  | { readonly kind: 'make-fd'; readonly handle: ApiParameter };

/** What a caller has to test. */
export type ResultConvention =
  | 'pointer-or-error'
  | 'pointer-or-null'
  | 'zero-or-error'
  | 'number-or-error'
  | 'true-or-false'
  | 'nothing';

/** What a function is given, returns and does. */
export interface ApiForm {
  /** In order. */
  readonly parameters: readonly ApiParameter[];
  readonly result: ResultConvention;
  /** Absent where nothing is taken, given back or handed over; or where that is not followed. */
  readonly effect?: RowEffect;
}

/** Everything that is known of one function of the API. */
export interface ApiRow extends ApiForm {
  readonly name: string;
  readonly role: ApiRole;
  /** What it was under the same name in earlier kernels. A call shows by its arguments which form it means. */
  readonly former?: ApiForm;
  /** What a caller must do about the reservation lock by the convention of Linux 7.3. A tree's own comment goes before it. */
  readonly lock?: 'must-hold' | 'must-not-hold';
  /** The function neither keeps nor frees what it is given. */
  readonly borrows?: true;
  /** It stands in a series, and in no released kernel. */
  readonly posted?: true;
  /** The first release that has it, for messages: absent for what Linux 5.7 had, and where it is not known. */
  readonly since?: string;
  /** The name that replaced this one; the two never mean different things. */
  readonly renamedTo?: string;
}

/**
 * The dma-buf API, one row a function. Which of the names a tree has is read from its header, never from here.
 * Sources: include/linux/dma-buf.h, include/linux/dma-buf-mapping.h, the kernel-doc in drivers/dma-buf/dma-buf.c, and
 * its `DOC: locking convention`.
 */
export const apiRows: readonly ApiRow[] = [
  {
    name: 'dma_buf_attach',
    role: 'attach',
    parameters: ['buffer', 'device'],
    result: 'pointer-or-error',
    effect: { kind: 'acquire', resource: 'attachment', handle: 'result', of: 'buffer' },
    lock: 'must-not-hold',
  },
  {
    name: 'dma_buf_dynamic_attach',
    role: 'dynamic-attach',
    parameters: ['buffer', 'device', 'ops', 'private'],
    result: 'pointer-or-error',
    effect: { kind: 'acquire', resource: 'attachment', handle: 'result', of: 'buffer' },
    lock: 'must-not-hold',
  },
  // Posted in 2026, and in no released kernel: the importer gives a list of the mapping types that it accepts.
  {
    name: 'dma_buf_mapping_attach',
    role: 'mapping-attach',
    parameters: ['buffer', 'matches', 'match-count', 'ops', 'private'],
    result: 'pointer-or-error',
    effect: { kind: 'acquire', resource: 'attachment', handle: 'result', of: 'buffer' },
    lock: 'must-not-hold',
    posted: true,
  },
  {
    name: 'dma_buf_detach',
    role: 'detach',
    parameters: ['buffer', 'attachment'],
    result: 'nothing',
    effect: { kind: 'release', resource: 'attachment', handle: 'attachment' },
    lock: 'must-not-hold',
  },
  {
    name: 'dma_buf_pin',
    role: 'pin',
    parameters: ['attachment'],
    result: 'zero-or-error',
    effect: { kind: 'acquire', resource: 'pin', handle: 'attachment', of: 'attachment' },
    lock: 'must-hold',
  },
  {
    name: 'dma_buf_unpin',
    role: 'unpin',
    parameters: ['attachment'],
    result: 'nothing',
    effect: { kind: 'release', resource: 'pin', handle: 'attachment' },
    lock: 'must-hold',
  },
  {
    name: 'dma_buf_map_attachment',
    role: 'map',
    parameters: ['attachment', 'direction'],
    result: 'pointer-or-error',
    effect: { kind: 'acquire', resource: 'mapping', handle: 'result', of: 'attachment' },
    lock: 'must-hold',
  },
  {
    name: 'dma_buf_map_attachment_unlocked',
    role: 'map',
    parameters: ['attachment', 'direction'],
    result: 'pointer-or-error',
    effect: { kind: 'acquire', resource: 'mapping', handle: 'result', of: 'attachment' },
    lock: 'must-not-hold',
    since: '6.2',
  },
  {
    name: 'dma_buf_unmap_attachment',
    role: 'unmap',
    parameters: ['attachment', 'table', 'direction'],
    result: 'nothing',
    effect: { kind: 'release', resource: 'mapping', handle: 'table' },
    lock: 'must-hold',
  },
  {
    name: 'dma_buf_unmap_attachment_unlocked',
    role: 'unmap',
    parameters: ['attachment', 'table', 'direction'],
    result: 'nothing',
    effect: { kind: 'release', resource: 'mapping', handle: 'table' },
    lock: 'must-not-hold',
    since: '6.2',
  },
  // The map and unmap of a mapping type that is no table of pages. Each type has its own, which are read by these names.
  {
    name: 'dma_buf_mapping_map',
    role: 'map',
    parameters: ['attachment'],
    result: 'pointer-or-error',
    effect: { kind: 'acquire', resource: 'mapping', handle: 'result', of: 'attachment' },
    lock: 'must-hold',
    posted: true,
  },
  {
    name: 'dma_buf_mapping_map_unlocked',
    role: 'map',
    parameters: ['attachment'],
    result: 'pointer-or-error',
    effect: { kind: 'acquire', resource: 'mapping', handle: 'result', of: 'attachment' },
    lock: 'must-not-hold',
    posted: true,
  },
  {
    name: 'dma_buf_mapping_unmap',
    role: 'unmap',
    parameters: ['attachment', 'mapping'],
    result: 'nothing',
    effect: { kind: 'release', resource: 'mapping', handle: 'mapping' },
    lock: 'must-hold',
    posted: true,
  },
  {
    name: 'dma_buf_mapping_unmap_unlocked',
    role: 'unmap',
    parameters: ['attachment', 'mapping'],
    result: 'nothing',
    effect: { kind: 'release', resource: 'mapping', handle: 'mapping' },
    lock: 'must-not-hold',
    posted: true,
  },
  {
    name: 'dma_buf_vmap',
    role: 'vmap',
    parameters: ['buffer', 'kernel-mapping'],
    result: 'zero-or-error',
    effect: { kind: 'acquire', resource: 'kernel-mapping', handle: 'kernel-mapping', of: 'buffer' },
    // Up to 5.10 it returned the address.
    former: {
      parameters: ['buffer'],
      result: 'pointer-or-null',
      effect: { kind: 'acquire', resource: 'kernel-mapping', handle: 'result', of: 'buffer' },
    },
    lock: 'must-hold',
    borrows: true,
  },
  {
    name: 'dma_buf_vmap_unlocked',
    role: 'vmap',
    parameters: ['buffer', 'kernel-mapping'],
    result: 'zero-or-error',
    effect: { kind: 'acquire', resource: 'kernel-mapping', handle: 'kernel-mapping', of: 'buffer' },
    lock: 'must-not-hold',
    borrows: true,
    since: '6.2',
  },
  {
    name: 'dma_buf_vunmap',
    role: 'vunmap',
    parameters: ['buffer', 'kernel-mapping'],
    result: 'nothing',
    effect: { kind: 'release', resource: 'kernel-mapping', handle: 'kernel-mapping' },
    former: {
      parameters: ['buffer', 'kernel-address'],
      result: 'nothing',
      effect: { kind: 'release', resource: 'kernel-mapping', handle: 'kernel-address' },
    },
    lock: 'must-hold',
    borrows: true,
  },
  {
    name: 'dma_buf_vunmap_unlocked',
    role: 'vunmap',
    parameters: ['buffer', 'kernel-mapping'],
    result: 'nothing',
    effect: { kind: 'release', resource: 'kernel-mapping', handle: 'kernel-mapping' },
    lock: 'must-not-hold',
    borrows: true,
    since: '6.2',
  },
  {
    name: 'dma_buf_begin_cpu_access',
    role: 'begin-cpu-access',
    parameters: ['buffer', 'direction'],
    result: 'zero-or-error',
    effect: { kind: 'acquire', resource: 'cpu-access', handle: 'buffer', of: 'buffer' },
    lock: 'must-not-hold',
    borrows: true,
  },
  {
    name: 'dma_buf_end_cpu_access',
    role: 'end-cpu-access',
    parameters: ['buffer', 'direction'],
    result: 'zero-or-error',
    effect: { kind: 'release', resource: 'cpu-access', handle: 'buffer' },
    lock: 'must-not-hold',
    borrows: true,
  },
  // The area takes a reference of its own, and keeps the caller's where it was.
  {
    name: 'dma_buf_mmap',
    role: 'mmap',
    parameters: ['buffer', 'vma', 'page-offset'],
    result: 'zero-or-error',
    lock: 'must-not-hold',
  },
  {
    name: 'dma_buf_export',
    role: 'export',
    parameters: ['export-info'],
    result: 'pointer-or-error',
    effect: { kind: 'acquire', resource: 'reference', handle: 'result' },
    lock: 'must-not-hold',
  },
  {
    name: 'dma_buf_fd',
    role: 'fd',
    parameters: ['buffer', 'flags'],
    result: 'number-or-error',
    effect: { kind: 'make-fd', handle: 'buffer' },
    lock: 'must-not-hold',
  },
  // In Linux 6.1.y and 7.x, and not in 6.12.y.
  {
    name: 'dma_buf_fd_install',
    role: 'fd-install',
    parameters: ['buffer', 'descriptor'],
    result: 'nothing',
  },
  {
    name: 'dma_buf_get',
    role: 'get',
    parameters: ['descriptor'],
    result: 'pointer-or-error',
    effect: { kind: 'acquire', resource: 'reference', handle: 'result' },
    lock: 'must-not-hold',
  },
  {
    name: 'get_dma_buf',
    role: 'ref',
    parameters: ['buffer'],
    result: 'nothing',
    effect: { kind: 'acquire', resource: 'reference', handle: 'buffer' },
  },
  {
    name: 'dma_buf_put',
    role: 'put',
    parameters: ['buffer'],
    result: 'nothing',
    effect: { kind: 'release', resource: 'reference', handle: 'buffer' },
    lock: 'must-not-hold',
  },
  {
    name: 'dma_buf_move_notify',
    role: 'notify',
    parameters: ['buffer'],
    result: 'nothing',
    lock: 'must-hold',
    renamedTo: 'dma_buf_invalidate_mappings',
  },
  {
    name: 'dma_buf_invalidate_mappings',
    role: 'notify',
    parameters: ['buffer'],
    result: 'nothing',
    lock: 'must-hold',
    since: '7.1',
  },
  {
    name: 'dma_buf_attach_revocable',
    role: 'ask-revocable',
    parameters: ['attachment'],
    result: 'true-or-false',
    borrows: true,
    since: '7.1',
  },
  { name: 'dma_buf_is_dynamic', role: 'ask-dynamic', parameters: ['buffer'], result: 'true-or-false' },
  // Gone by Linux 7.2.
  { name: 'dma_buf_attachment_is_dynamic', role: 'ask-dynamic', parameters: ['attachment'], result: 'true-or-false' },
  // The walk over all buffers, for BPF. Each step puts the reference of the one before; that is not followed.
  { name: 'dma_buf_iter_begin', role: 'iterate', parameters: [], result: 'pointer-or-null' },
  { name: 'dma_buf_iter_next', role: 'iterate', parameters: ['buffer'], result: 'pointer-or-null' },
  // Helpers of exporters, for their map_dma_buf and unmap_dma_buf.
  {
    name: 'dma_buf_phys_vec_to_sgt',
    role: 'make-table',
    parameters: ['attachment', 'provider', 'ranges', 'range-count', 'size', 'direction'],
    result: 'pointer-or-error',
  },
  {
    name: 'dma_buf_free_sgt',
    role: 'free-table',
    parameters: ['attachment', 'table', 'direction'],
    result: 'nothing',
  },
];
