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
