import { posix } from 'node:path';

/** The folder of a path; '' for a file at the top. */
export function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}

/** A path relative to a folder, normalised; undefined where it leads out of the tree. */
export function resolveInTree(folder: string, path: string): string | undefined {
  const resolved = posix.normalize(posix.join(folder, path));
  return resolved.startsWith('../') || posix.isAbsolute(resolved) ? undefined : resolved;
}

/** Whether a path lies in a folder or below it. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** The paths of a sorted list that lie below a folder: they stand side by side in it. */
export function pathsBelow(sorted: readonly string[], folder: string): readonly string[] {
  if (folder === '') return sorted;
  const start = `${folder}/`;
  const end = `${folder}0`; // the character after `/`
  return sorted.slice(firstNotBefore(sorted, start), firstNotBefore(sorted, end));
}

/** Where a word stands in a sorted list, or would. */
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

/** A folder subtree with more files than this is a subsystem, not a module. */
export const largestModule = 1500;

/** The files of a module, and by which of its folders they were taken. */
export interface ModuleFiles {
  readonly files: readonly string[];
  readonly how: 'folder' | 'below' | 'parent';
}

/** The module around a folder: what lies in and below it, and in the folder above where that is no subsystem. */
export function moduleAround(sorted: readonly string[], folder: string): ModuleFiles {
  const own = pathsBelow(sorted, folder);
  const parent = folderOf(folder);
  if (own.length > largestModule) return { files: own.filter((path) => folderOf(path) === folder), how: 'folder' };
  if (parent.split('/').length < 3) return { files: own, how: 'below' };
  const wider = pathsBelow(sorted, parent);
  return wider.length <= largestModule
    ? { files: [...own, ...wider.filter((path) => !isBelow(path, folder))], how: 'parent' }
    : { files: own, how: 'below' };
}

/** Whether a path is one of those that are left out, or lies below one. */
export function isPathLeftOut(path: string, leftOut: readonly string[]): boolean {
  return leftOut.some((left) => path === left || path.startsWith(`${left.replace(/\/$/, '')}/`));
}
