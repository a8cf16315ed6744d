import { createHash } from 'node:crypto';
import { type Stats, statSync } from 'node:fs';

/** What the file system says about some files. */
export interface Stamp {
  /** A digest of path, size, times and inode of each file, in their order. */
  readonly digest: string;
  /** The time of the last change of any of them, in milliseconds since 1970. */
  readonly newest: number;
}

/**
 * Makes a stamp of files from what stat() says, as git does for its index: equal stamps mean equal content, without
 * reading it. A file that stat() fails for counts as zeros.
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

/** Follows symbolic links, since reading does too. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
