import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The top of the kernel tree that a file lies in: it has the header of dma-bufs; null for a file of no kernel tree. */
export function kernelRootOf(path: string): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'include/linux/dma-buf.h'))) return folder;
    if (folder === dirname(folder)) return null;
  }
}
