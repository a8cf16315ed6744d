import type { SourceTree } from '../../input/tree/tree.js';
import { folderOf, isBelow, pathsBelow } from '../paths.js';

/** A module of at most so many files is read whole. */
export const smallModule = 150;
/** A folder with more files than these in and below it is a subsystem, and no module. */
export const largestModule = 1500;

/** The files that are built into one module, as far as folders tell. */
export interface Module {
  readonly files: readonly string[];
  /** Which folders were taken, and whether the module is small, as text: what differs in it, differs for every question. */
  readonly shape: string;
}

/** The module around a folder. */
export function moduleOf(tree: Pick<SourceTree, 'sources' | 'sourcesOfWhole'>, folder: string): Module {
  const { files, from } = moduleAround(tree.sourcesOfWhole ?? tree.sources, folder);
  return { files, shape: `${from} ${files.length <= smallModule}` };
}

/**
 * The files in and below a folder, and in the folder above where that is no subsystem.
 * @param sorted all sources of the tree, sorted
 */
export function moduleAround(
  sorted: readonly string[],
  folder: string,
): { readonly files: readonly string[]; readonly from: 'folder' | 'below' | 'parent' } {
  const own = pathsBelow(sorted, folder);
  const parent = folderOf(folder);
  if (own.length > largestModule) return { files: own.filter((path) => folderOf(path) === folder), from: 'folder' };
  if (parent.split('/').length < 3) return { files: own, from: 'below' };
  const wider = pathsBelow(sorted, parent);
  return wider.length <= largestModule
    ? { files: [...own, ...wider.filter((path) => !isBelow(path, folder))], from: 'parent' }
    : { files: own, from: 'below' };
}

/** Whether two files are of one subsystem: `drivers/infiniband/core` and `drivers/infiniband/hw/mlx5`. */
export function sameSubsystem(one: string, other: string): boolean {
  return subsystemOf(one) === subsystemOf(other);
}

function subsystemOf(path: string): string {
  const depth = path.startsWith('drivers/gpu/') ? 4 : 2;
  return path.split('/').slice(0, depth).join('/');
}
