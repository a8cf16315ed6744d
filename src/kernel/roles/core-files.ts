import type { SourceTree } from '../../input/tree/tree.js';

/** A further file of the core, such as drivers/dma-buf/dma-buf-mapping.c. */
const coreFile = /^drivers\/dma-buf\/dma-buf(?:-\w+)*\.c$/;
const coreHeader = /^include\/linux\/dma-buf(?:-\w+)*\.h$/;

/** Whether a file is one of the core, or a header of its API. */
export function isCoreFile(path: string): boolean {
  return coreHeader.test(path) || coreFile.test(path);
}

/** The folder of the core. Beside the core stand exporters and tests in it, which no driver calls. */
export const coreFolder = 'drivers/dma-buf';

/** Whether a file in the folder of the core is one that drivers call: buffers, fences, reservation objects, heaps. */
export function isCalledByDrivers(path: string): boolean {
  return /^drivers\/dma-buf\/dma-[\w-]+\.[ch]$/.test(path);
}

/** The files of the core in a tree, headers first. */
export function coreFiles({ sources }: SourceTree): readonly string[] {
  return [...sources.filter((path) => coreHeader.test(path)), ...sources.filter((path) => coreFile.test(path))];
}
