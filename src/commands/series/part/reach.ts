import type { Series, SeriesPatch } from '../../../input/series/series.js';
import { isMakefile, isSource } from '../../../input/tree/walk.js';
import { dmaBufHeader } from '../../../kernel/index.js';
import { createSpread, folderOf, isDocumentOfApi, moduleAround } from '../../../program/index.js';
import { headersAndShared } from '../../scan/narrow/neighbourhood.js';

/** How much of a tree a series can change the result for. */
export type Reach =
  | { readonly kind: 'whole' }
  | {
      readonly kind: 'part';
      /** The folders with the modules that the series changes, and with those that use what it changes; sorted. */
      readonly folders: readonly string[];
      /** Whether a file of the base tree belongs to the part. */
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

/**
 * Finds the part of a tree that decides what a series does to the contract: the modules that it changes, the modules that
 * use a function which it changes, the headers, the core and the code that drivers of these subsystems share. A change to
 * the API or to what the documentation says of it concerns the whole tree.
 */
export async function reachOf(
  { baseTree, queued, patches }: Pick<Series, 'baseTree' | 'queued' | 'patches'>,
  limits: ReachLimits = usualLimits,
): Promise<Reach> {
  const changes = [...queued, ...patches].flatMap((patch: SeriesPatch) => patch.changes);
  const { sources } = baseTree;
  if (sources.length < limits.leastSources) return whole;
  // The makefile of the tree tells its version, by which code is chosen everywhere.
  const isOfAll = changes.some((change) => change.path === dmaBufHeader || change.path === 'Makefile');
  if (isOfAll || changes.some(isDocumentOfApi)) return whole;
  const users = await createSpread(baseTree).usersOf(changes);
  if (users === null) return whole;
  const changed = changes
    .flatMap(({ path, oldPath }) => (oldPath === null ? [path] : [oldPath, path]))
    .filter((path) => isSource(path) || isMakefile(path));
  const folders = [...new Set([...changed, ...users].map(folderOf))].sort();
  const files = new Set(folders.flatMap((folder) => moduleAround(sources, folder).files));
  const isShared = headersAndShared([...changed, ...users]);
  const isPart = (path: string): boolean => files.has(path) || isShared(path);
  const size = sources.filter((path) => path.endsWith('.c') && isPart(path)).length;
  return size > limits.mostFiles ? whole : { kind: 'part', folders, isPart };
}
