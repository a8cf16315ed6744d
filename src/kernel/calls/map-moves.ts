import { nameTable } from '../names.js';

const moves = nameTable({
  topic: 'kernel mappings',
  source: 'include/linux/iosys-map.h; include/linux/dma-buf-map.h from Linux 5.11 to 5.17',
  names: ['{iosys,dma_buf}_map_incr'],
});

/**
 * Whether a function moves the address in the map that is its first argument. The core ends a mapping only by the address
 * that it gave: dma_buf_vunmap() has a BUG_ON() for any other.
 */
export function movesMap(name: string): boolean {
  return moves.has(name);
}

/** The members of a map that hold the address which a vmap has stored: `struct iosys_map` in include/linux/iosys-map.h. */
export const partsOfMap: readonly string[] = ['vaddr', 'vaddr_iomem'];
