import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dmaBufHeader } from '../../kernel/index.js';

/** Finds the top of the kernel tree around a file by its dma-buf header; null if there is none. */
export function kernelRootOf(path: string): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, dmaBufHeader))) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** What is wrong with a kernel that has no headers, and what to do. */
export const noHeaders = `has no ${dmaBufHeader}; name a kernel tree or its headers`;

/**
 * The folder with the kernel's headers: that of a tree; what `/lib/modules/<version>/build` includes, where a
 * distribution keeps the common headers elsewhere; or the source beside it.
 * @returns null where there are none
 */
export function kernelHeaders(kernel: string): string | null {
  const included = includedBy(join(kernel, 'Makefile'));
  const found = [kernel, included, join(kernel, 'source'), join(kernel, '../source')].find(
    (folder) => folder !== null && existsSync(join(folder, dmaBufHeader)),
  );
  return found ?? null;
}

function includedBy(makefile: string): string | null {
  try {
    const included = /^include +(\/\S+)\/Makefile$/m.exec(readFileSync(makefile, 'utf8'))?.[1];
    return included ?? null;
  } catch {
    return null;
  }
}
