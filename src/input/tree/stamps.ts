import { createHash } from 'node:crypto';
import { type Stats, statSync } from 'node:fs';

/** What the file system says of some files. */
export interface Stamp {
  /** Over path, size, times and inode of each file, in their order. */
  readonly digest: string;
  /** When one of them was last changed, in milliseconds since 1970. */
  readonly newest: number;
}

/**
 * Asks the file system about files, in their order: as git does for its index, so that content need not be read to
 * know that it is the same. What cannot be asked about has no numbers.
 */
export function stampFiles(root: string, paths: readonly string[]): Stamp {
  let newest = 0;
  const numbers = new Float64Array(4 * paths.length);
  paths.forEach((path, index) => {
    const status = statusOf(`${root}/${path}`);
    if (!status) return;
    const { size, mtimeMs, ctimeMs, ino } = status;
    newest = Math.max(newest, mtimeMs, ctimeMs);
    numbers.set([size, mtimeMs, ctimeMs, ino], 4 * index);
  });
  return { digest: createHash('sha256').update(paths.join('\0')).update(numbers).digest('hex'), newest };
}

/** Where a link leads is what is read. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
