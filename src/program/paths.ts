import { posix } from 'node:path';

/** The folder of a path; '' for a file at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A path relative to a folder, normalised; undefined where it leads out of the tree. */
export function resolveInTree(folder: string, path: string): string | undefined {
  // Most paths have nothing to normalise.
  if (folder !== '' && /^[^./]/.test(path) && !/\/[./]/.test(path)) return `${folder}/${path}`;
  const resolved = posix.join(folder, path);
  return resolved.startsWith('../') || posix.isAbsolute(resolved) ? undefined : resolved;
}

/** Whether a path lies in a folder or below it. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** The paths of a sorted list that lie in a folder or below it. */
export function pathsBelow(sorted: readonly string[], folder: string): readonly string[] {
  if (folder === '') return sorted;
  const start = `${folder}/`;
  const end = `${folder}0`; // `0` is the character after `/`
  return sorted.slice(firstNotBefore(sorted, start), firstNotBefore(sorted, end));
}

/** The index of the first entry of a sorted list that is not before a word; the length of the list where there is none. */
export function firstNotBefore(sorted: readonly string[], word: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a path is one of those left out, or lies below one. */
export function isPathLeftOut(path: string, leftOut: readonly string[]): boolean {
  return leftOut.some((left) => path === left || path.startsWith(`${left.replace(/\/$/, '')}/`));
}

/** Whether two files are of one driver: in the same folder, or one below the folder of the other. */
export function sameDriver(left: string, right: string): boolean {
  const one = folderOf(left);
  const other = folderOf(right);
  return one === other || isBelow(one, other) || isBelow(other, one);
}
