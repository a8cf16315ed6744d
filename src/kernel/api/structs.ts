/** The structs of the API and their members. Source: include/linux/dma-buf.h. */

export const dmaBufHeader = 'include/linux/dma-buf.h';
export const dmaBufCore = 'drivers/dma-buf/dma-buf.c';

export const importerOpsTag = 'dma_buf_attach_ops';
export const exporterOpsTag = 'dma_buf_ops';
export const attachmentTag = 'dma_buf_attachment';

/** The member of the importer's ops that says that it can do without struct pages. */
export const peerToPeerMember = 'allow_peer2peer';
/** The member of an attachment that holds the importer's ops. */
export const importerOpsMember = 'importer_ops';
/** The member of an attachment that holds the pointer that the importer gave. */
export const importerPrivateMember = 'importer_priv';

/** The member of a `struct dma_buf` that points to the exporter's own data. */
export const exporterPrivateMember = 'priv';

/**
 * An entry of a list of mapping types, by which importer and exporter agree when they attach, and the op by which an
 * exporter chooses. No released kernel has them; the tree's own names are read by these.
 * Source: series posted in 2026, which may change.
 */
export const mappingEntryTag = 'dma_buf_mapping_match';
export const matchOp = 'match_mapping';

/**
 * A struct of another header that begins with a table of ops. It is listed here for trees without that header, such as
 * an out-of-tree module. Source: include/linux/virtio_dma_buf.h.
 */
export const outerOps = { tag: 'virtio_dma_buf_ops', member: 'ops', holds: exporterOpsTag } as const;

export const bufferTag = 'dma_buf';
/** The member of a buffer that lists its attachments. */
export const attachmentList = 'attachments';
export const exportInfoTag = 'dma_buf_export_info';

/** The structs of the API. */
export const structTags: readonly string[] = [
  ...[bufferTag, exporterOpsTag, importerOpsTag, attachmentTag, exportInfoTag, mappingEntryTag],
];

export type CallbackName = 'move_notify' | 'invalidate_mappings';

/** The callback of the importer's ops, under one of its names. */
export interface ImporterCallback {
  readonly name: CallbackName;
  /** The function of the API that calls it, as far as the tree's header does not tell. */
  readonly notify: string;
  /** Whether dma_buf_dynamic_attach() fails without it, as far as the tree's core does not tell. */
  readonly isRequired: boolean;
  readonly renamedTo?: CallbackName;
  readonly since?: string;
}

export const importerCallbacks: readonly ImporterCallback[] = [
  { name: 'move_notify', notify: 'dma_buf_move_notify', isRequired: true, renamedTo: 'invalidate_mappings' },
  { name: 'invalidate_mappings', notify: 'dma_buf_invalidate_mappings', isRequired: false, since: '7.1' },
];

export const callbackNames: readonly string[] = importerCallbacks.map(({ name }) => name);

/** What the newest trees call it. */
export const latestCallback: CallbackName = 'invalidate_mappings';

/** The callback of a name; undefined for any other member. */
export function importerCallback(name: string | undefined): ImporterCallback | undefined {
  return importerCallbacks.find((callback) => callback.name === name);
}

/** A member of struct dma_buf_ops that holds a function. */
export interface ExporterOp {
  readonly name: string;
  /** What its first argument is. */
  readonly first: 'buffer' | 'attachment';
  /** The reservation lock when it is called, by the convention of Linux 7.3. A tree's own comment goes before it. */
  readonly lock: 'held' | 'not-held';
  /** dma_buf_export() fails without it. Source: dma_buf_export() in drivers/dma-buf/dma-buf.c. */
  readonly isMandatory?: true;
}

export const exporterOps: readonly ExporterOp[] = [
  { name: 'attach', first: 'buffer', lock: 'not-held' },
  { name: 'detach', first: 'buffer', lock: 'not-held' },
  { name: 'pin', first: 'attachment', lock: 'held' },
  { name: 'unpin', first: 'attachment', lock: 'held' },
  { name: 'map_dma_buf', first: 'attachment', lock: 'held', isMandatory: true },
  { name: 'unmap_dma_buf', first: 'attachment', lock: 'held', isMandatory: true },
  { name: 'release', first: 'buffer', lock: 'not-held', isMandatory: true },
  { name: 'begin_cpu_access', first: 'buffer', lock: 'not-held' },
  { name: 'end_cpu_access', first: 'buffer', lock: 'not-held' },
  { name: 'mmap', first: 'buffer', lock: 'not-held' },
  { name: 'vmap', first: 'buffer', lock: 'held' },
  { name: 'vunmap', first: 'buffer', lock: 'held' },
];

/** The ops by which an exporter maps and unmaps. */
export const mapOp = 'map_dma_buf';
export const unmapOp = 'unmap_dma_buf';

export const mandatoryExporterOps: readonly string[] = exporterOps
  .filter(({ isMandatory }) => isMandatory)
  .map(({ name }) => name);

/** The ops that are called with the reservation lock held, or without it, in Linux 7.3. */
export function exporterOpsWithLock(lock: ExporterOp['lock']): readonly string[] {
  return exporterOps.filter((op) => op.lock === lock).map(({ name }) => name);
}

/** The members that lead from the first argument of an exporter's op to the reservation lock. */
export function lockOfExporterOp(name: string): readonly string[] {
  const isOfBuffer = exporterOps.find((op) => op.name === name)?.first === 'buffer';
  return isOfBuffer ? ['resv'] : ['dmabuf', 'resv'];
}

/** Members that the structs once had, by names that mean nothing else in a kernel. */
export const removedMembers: readonly { readonly struct: string; readonly name: string }[] = [
  { struct: exporterOpsTag, name: 'cache_sgt_mapping' },
  { struct: exporterOpsTag, name: 'dynamic_mapping' },
];

/** The direction that zeroed memory has. Source: include/linux/dma-direction.h. */
export const zeroDirection = 'DMA_BIDIRECTIONAL';

/** The values of `enum dma_data_direction`. Source: as above. */
export const directionNames: readonly string[] = ['DMA_BIDIRECTIONAL', 'DMA_TO_DEVICE', 'DMA_FROM_DEVICE', 'DMA_NONE'];

/** Whether a type is that of a direction: `enum dma_data_direction`, or a pointer to one. Source: as above. */
export function isDirectionType(type: string): boolean {
  return type.includes('dma_data_direction');
}

const keeper = /\bstruct\s+(?:dma_buf|dma_buf_attachment|file|drm_gem_object)\b/;

/** Whether code has a type that keeps a buffer: a structure with such a member may have a reference of its own. */
export function namesKeeper(code: string): boolean {
  return keeper.test(code);
}
