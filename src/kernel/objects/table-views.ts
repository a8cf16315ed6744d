import { nameTable } from '../names.js';

const views = nameTable(
  {
    topic: 'pages and addresses',
    source: 'include/linux/scatterlist.h',
    names: ['sg_page', 'sg_phys', 'sg_virt', 'sg_copy_{to,from}_buffer', 'sg_pcopy_{to,from}_buffer', 'sg_miter_start'],
  },
  { topic: 'arrays of pages', source: 'include/drm/drm_prime.h', names: ['drm_prime_sg_to_page_array'] },
  // They map sg_phys() of each entry.
  { topic: 'mappings by an own IOMMU domain', source: 'include/linux/iommu.h', names: ['iommu_map_sg{,table}'] },
);

const pageLoops = nameTable({
  topic: 'loops over pages',
  source: 'include/linux/scatterlist.h',
  names: ['for_each_sg{,table}_page'],
});

const entryLoops = nameTable({
  topic: 'loops over entries',
  source: 'include/linux/scatterlist.h',
  names: ['for_each_sg{,table_sg,table_dma_sg}'],
});

/**
 * The member of an entry with its CPU length. Source: include/linux/scatterlist.h; since 6.19
 * dma_buf_wrap_sg_table() in drivers/dma-buf/dma-buf.c clears it.
 */
const cpuLength = 'length';
const lengthWord = new RegExp(`->\\s*${cpuLength}\\b`);

/** Whether a call reads pages, physical addresses or the memory of a table, or of an entry of it. */
export function viewsTable(name: string): boolean {
  return views.has(name);
}

/** Whether a loop goes over the pages of a table. */
export function loopsOverPages(macro: string): boolean {
  return pageLoops.has(macro);
}

/** Whether a loop goes over the entries of a table; the cursor is the second argument. */
export function loopsOverEntries(macro: string): boolean {
  return entryLoops.has(macro);
}

/** Whether a member of an entry is valid for the CPU only. */
export function isCpuLength(member: string): boolean {
  return member === cpuLength;
}

/** Whether code, comments blanked out, may look at a table so. */
export function mentionsTableView(code: string): boolean {
  return views.isIn(code) || pageLoops.isIn(code) || (entryLoops.isIn(code) && lengthWord.test(code));
}
