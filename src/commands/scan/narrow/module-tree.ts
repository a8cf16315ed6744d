import { joinTrees } from '../../../input/tree/joined.js';
import { openFolder, type SourceTree } from '../../../input/tree/tree.js';
import { openNeighbourhood } from './neighbourhood.js';

/** Where a module that is built outside of a kernel tree stands in the tree that is analysed. */
export const moduleFolder = 'extra';

/** A folder, and what messages call it. */
interface NamedFolder {
  readonly folder: string;
  readonly name: string;
}

/**
 * Opens a module together with the kernel that it is built for; of that, headers are enough.
 * @returns a tree in which the module lies in {@link moduleFolder}
 * @throws InputError
 */
export function openWithKernel(module: NamedFolder, kernel: NamedFolder): SourceTree {
  const own = openFolder(module.folder, module.name);
  return joinTrees(openNeighbourhood(kernel.folder, kernel.name, [moduleFolder]), moduleFolder, own);
}
