import { createHash } from 'node:crypto';
import { type Stats, statSync } from 'node:fs';

/** What the file system says about some files. */
export interface Stamp {
  /** A digest of path, size, times and inode of each file, in their order. */
  readonly digest: string;
  /** The time of the last change of any of them, in milliseconds since 1970. */
  readonly newest: number;
  /** The stamp of each file, in their order. */
  readonly files: FileStamps;
}

/** Stamps of files: {@link stampSize} numbers for each. */
export type FileStamps = Float64Array;

/** Size, time of the last change of the content and of the file, and inode. */
export const stampSize = 4;

/** Whether two files have the same stamp, and one that can be relied on. @param index the numbers of the files */
export function isSameStamp(one: FileStamps, index: number, other: FileStamps, otherIndex: number): boolean {
  for (let at = 0; at < stampSize; at++)
    if (one[index * stampSize + at] !== other[otherIndex * stampSize + at]) return false;
  return true;
}

/** The same stamps without those of files that changed after a time: they equal no stamp, not even themselves. */
export function settledStamps(files: FileStamps, before: number): FileStamps {
  const settled = files.slice();
  for (let at = 0; at < files.length; at += stampSize) {
    const [, changed = 0, altered = 0, inode = 0] = files.subarray(at, at + stampSize);
    // Zeros stand for a file that cannot be looked at.
    if (inode === 0 || Math.max(changed, altered) > before) settled.fill(Number.NaN, at, at + stampSize);
  }
  return settled;
}

/**
 * Makes a stamp of files from what stat() says, as git does for its index: equal stamps mean equal content, without
 * reading it. A file that stat() fails for counts as zeros.
 */
export function stampFiles(root: string, paths: readonly string[]): Stamp {
  let newest = 0;
  const numbers = new Float64Array(stampSize * paths.length);
  paths.forEach((path, index) => {
    const status = statusOf(`${root}/${path}`);
    if (!status) return;
    const { size, mtimeMs, ctimeMs, ino } = status;
    newest = Math.max(newest, mtimeMs, ctimeMs);
    numbers.set([size, mtimeMs, ctimeMs, ino], stampSize * index);
  });
  const digest = createHash('sha256').update(paths.join('\0')).update(numbers).digest('hex');
  return { digest, newest, files: numbers };
}

/** Follows symbolic links, since reading does too. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
