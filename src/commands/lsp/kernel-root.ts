import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dmaBufHeader } from '../../kernel/index.js';

/** Finds the top of the kernel tree around a file by its dma-buf header; null if there is none. */
export function kernelRootOf(path: string): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, dmaBufHeader))) return folder;
    if (folder === dirname(folder)) return null;
  }
}
