import { type NameTable, nameTable } from '../names.js';

/** What an exporter's `map_dma_buf` does for one importer, and its `unmap_dma_buf` must undo. */
export interface MappingStep {
  /** The functions that do it. */
  readonly does: NameTable;
  /** The functions that undo it. */
  readonly undoes: NameTable;
  /** The ops that may undo it for several mappings at once: what is cached for an importer, or for the buffer. */
  readonly laterOps: readonly ('detach' | 'release')[];
  /** What stays where nothing undoes it, as a clause. */
  readonly stays: string;
  /** Whether map may do it for another purpose, and undo it itself: a command for the device is mapped until it has read it. */
  readonly mayBeBrief?: boolean;
}

const mapping = 'include/linux/dma-mapping.h';
const scatterlist = 'include/linux/scatterlist.h';
const ranges = 'include/linux/dma-buf-mapping.h';

/** The steps, each with what undoes it. */
export const mappingSteps: readonly MappingStep[] = [
  {
    does: nameTable({ topic: 'map', source: mapping, names: ['dma_map_sg{table,,_attrs}'] }),
    undoes: nameTable({ topic: 'unmap', source: mapping, names: ['dma_unmap_sg{table,,_attrs}'] }),
    laterOps: ['detach'],
    stays: 'the DMA mapping of the importer stays for ever',
  },
  {
    does: nameTable({ topic: 'map ranges', source: mapping, names: ['dma_map_{resource,phys}'] }),
    undoes: nameTable({ topic: 'unmap ranges', source: mapping, names: ['dma_unmap_{resource,phys}'] }),
    laterOps: ['detach'],
    stays: 'the DMA mapping of the importer stays for ever',
  },
  {
    does: nameTable({ topic: 'map pages', source: mapping, names: ['dma_map_{page,single}{,_attrs}'] }),
    undoes: nameTable({ topic: 'unmap pages', source: mapping, names: ['dma_unmap_{page,single}{,_attrs}'] }),
    laterOps: ['detach', 'release'],
    stays: 'the DMA mapping stays for ever',
    mayBeBrief: true,
  },
  {
    does: nameTable({
      topic: 'allocate entries',
      source: scatterlist,
      names: ['sg_alloc_table', 'sg_alloc_table_from_pages*', 'dma_get_sgtable{,_attrs}'],
    }),
    undoes: nameTable({ topic: 'free entries', source: scatterlist, names: ['sg_free_{,append_}table'] }),
    laterOps: ['detach', 'release'],
    stays: 'the entries of the table leak with each mapping',
  },
  {
    does: nameTable({ topic: 'make tables', source: ranges, names: ['dma_buf_phys_vec_to_sgt'] }),
    undoes: nameTable({ topic: 'end tables', source: ranges, names: ['dma_buf_free_sgt'] }),
    laterOps: ['detach'],
    stays: 'the table and the DMA mapping of the importer stay for ever',
  },
];

/** Whether a function does or undoes a step of a mapping. */
export function isMappingStep(name: string): boolean {
  return mappingSteps.some(({ does, undoes }) => does.has(name) || undoes.has(name));
}

/** The index of the DMA direction among the parameters. */
const directions: readonly { readonly of: NameTable; readonly index: number }[] = [
  { of: nameTable({ topic: 'tables', source: mapping, names: ['dma_{,un}map_sgtable'] }), index: 2 },
  { of: nameTable({ topic: 'lists', source: mapping, names: ['dma_{,un}map_sg{,_attrs}'] }), index: 3 },
  { of: nameTable({ topic: 'ranges', source: mapping, names: ['dma_{,un}map_{resource,phys}'] }), index: 3 },
  { of: nameTable({ topic: 'pages mapped', source: mapping, names: ['dma_map_page{,_attrs}'] }), index: 4 },
  {
    of: nameTable({
      topic: 'pages',
      source: mapping,
      names: ['dma_unmap_page{,_attrs}', 'dma_{,un}map_single{,_attrs}'],
    }),
    index: 3,
  },
  { of: nameTable({ topic: 'tables made', source: ranges, names: ['dma_buf_phys_vec_to_sgt'] }), index: 5 },
  { of: nameTable({ topic: 'tables ended', source: ranges, names: ['dma_buf_free_sgt'] }), index: 2 },
];

/** The index of the DMA direction in a call that does or undoes a step; undefined where it has none. */
export function stepDirection(name: string): number | undefined {
  return directions.find(({ of }) => of.has(name))?.index;
}

/** Whether the name of a driver's function says that it pins: `foo_bo_pin()`, and not `foo_bo_is_pinned()`. */
export function isNamedForPin(name: string): boolean {
  return /(?:^|_)pin(?:_|$)/.test(name);
}

/** Whether a member says where the memory of a buffer is now. Source: include/drm/ttm/ttm_resource.h. */
export function isPlacementMember(member: string): boolean {
  return member === 'resource' || member === 'mem_type';
}

const zeroForDone = nameTable(
  { topic: 'maps', source: mapping, names: ['dma_map_sgtable', 'dma_get_sgtable{,_attrs}'] },
  { topic: 'allocations', source: scatterlist, names: ['sg_alloc_table', 'sg_alloc_table_from_pages{,_segment}'] },
);

/** Whether a step returns 0 where it was done. `dma_map_sg()` does not: it returns how many entries it mapped. */
export function returnsZeroForDone(name: string): boolean {
  return zeroForDone.has(name);
}

/** The members of a `struct iosys_map` that hold the address: it is a union. Source: include/linux/iosys-map.h. */
export const addressMembers: readonly string[] = ['vaddr', 'vaddr_iomem'];
