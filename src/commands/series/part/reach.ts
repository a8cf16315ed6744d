import type { FileChange } from '../../../input/series/series.js';
import type { SourceTree } from '../../../input/tree/tree.js';
import { isMakefile, isSource } from '../../../input/tree/walk.js';
import { dmaBufCore, dmaBufHeader } from '../../../kernel/index.js';
import { createSpread, folderOf, isDocumentOfApi, moduleAround } from '../../../program/index.js';
import { headersAndShared } from '../../scan/narrow/neighbourhood.js';

/** How much of a tree changes to it can alter the result for. */
export type Reach =
  | { readonly kind: 'whole' }
  | {
      readonly kind: 'part';
      /** The folders with the modules that are changed, and with those that use what is changed; sorted. */
      readonly folders: readonly string[];
      /** Whether a file of the tree belongs to the part, or one that the changes add. */
      isPart(path: string): boolean;
    };

/** Where a part would save nothing, the whole is analysed. */
export interface ReachLimits {
  /** The number of sources from which a part of a tree is quicker than the whole. */
  readonly leastSources: number;
  /** The most C files of a part: a subsystem, not a few drivers. */
  readonly mostFiles: number;
}

export const usualLimits: ReachLimits = { leastSources: 2000, mostFiles: 4000 };

const whole: Reach = { kind: 'whole' };
/** The API, what the core says of its locks, and the version of the kernel, by which code is chosen everywhere. */
const forAll: ReadonlySet<string> = new Set([dmaBufHeader, dmaBufCore, 'Makefile']);

/**
 * Finds the part of a tree that decides what changes do to the contract: the modules that they change, the modules that
 * use a function which they change, the headers, the core and the code that drivers of these subsystems share. A change to
 * the API or to what the documentation says of it concerns the whole tree.
 * @param tree before the changes
 */
export async function reachOf(
  tree: SourceTree,
  changes: readonly FileChange[],
  limits: ReachLimits = usualLimits,
): Promise<Reach> {
  const { sources } = tree;
  if (sources.length < limits.leastSources) return whole;
  const isOfAll = changes.some((change) => forAll.has(change.path));
  if (isOfAll || changes.some(isDocumentOfApi)) return whole;
  const users = await createSpread(tree).usersOf(changes);
  if (users === null) return whole;
  const changed = changes
    .flatMap(({ path, oldPath }) => (oldPath === null ? [path] : [oldPath, path]))
    .filter((path) => isSource(path) || isMakefile(path));
  const folders = [...new Set([...changed, ...users].map(folderOf))].sort();
  const files = new Set([...changed, ...folders.flatMap((folder) => moduleAround(sources, folder).files)]);
  const isShared = headersAndShared([...changed, ...users]);
  const isPart = (path: string): boolean => files.has(path) || isShared(path);
  const size = sources.filter((path) => path.endsWith('.c') && isPart(path)).length;
  return size > limits.mostFiles ? whole : { kind: 'part', folders, isPart };
}
