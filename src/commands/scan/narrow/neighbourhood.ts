import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { walkFolders } from '../../../input/tree/neighbourhood.js';
import { openFiles, type SourceTree } from '../../../input/tree/tree.js';
import { isSource } from '../../../input/tree/walk.js';
import { coreFolder, isCalledByDrivers } from '../../../kernel/index.js';
import { folderOf, isBelow, largestModule } from '../../../program/index.js';

/**
 * The code that the drivers below a folder share: many functions that they call are defined there. The shared code of
 * drm is left out, as it doubles the time and adds no finding.
 */
const sharedCode: readonly { readonly below: string; readonly folders: readonly string[] }[] = [
  { below: '', folders: [coreFolder] },
  { below: 'drivers/infiniband', folders: ['drivers/infiniband/core'] },
  { below: 'drivers/media', folders: ['drivers/media/common/videobuf2'] },
];

/** Headers of no concern here: a third of all, and none names dma-buf. */
const otherHeaders: ReadonlySet<string> = new Set(['crypto', 'dt-bindings', 'net', 'trace']);

/** A folder nearer to the top than this holds subsystems: the files in it do not belong to one driver. */
const leastDepth = 3;

/**
 * The part of a kernel tree that decides the findings in some of its files: their drivers, the headers, the core, and the
 * code that drivers of their subsystem share.
 * @param paths files or folders, from the top of the tree
 */
export function openNeighbourhood(root: string, name: string, paths: readonly string[]): SourceTree {
  const own = foldersOf(paths);
  const whole = [
    ...headers(root),
    ...sharedFor(paths),
    ...own,
    ...own.flatMap((folder) => moduleAbove(folder, (parent) => walkFolders(root, [parent]).sources)),
  ];
  const { sources, ...others } = walkFolders(root, whole);
  const isNeeded = (path: string): boolean =>
    !isBelow(path, coreFolder) || isCalledByDrivers(path) || own.some((folder) => isBelow(path, folder));
  return openFiles(root, { ...others, sources: sources.filter(isNeeded) }, name);
}

/**
 * The same part of a tree of which only the names of its files are known, with its makefiles.
 * @param all the files of the tree
 * @returns whether a file belongs to the part
 */
export function neighbourhoodAmong(all: readonly string[], paths: readonly string[]): (path: string) => boolean {
  const own = foldersOf(paths);
  const below = (folder: string) => all.filter((path) => isSource(path) && isBelow(path, folder));
  const folders = [...own, ...own.flatMap((folder) => moduleAbove(folder, below))];
  const isShared = headersAndShared(paths);
  return (path) => isShared(path) || folders.some((folder) => isBelow(path, folder));
}

/**
 * What every part of a tree needs: the headers, the core, the code that drivers share, and the makefile of the tree.
 * @param paths the files or folders that the part is about
 */
export function headersAndShared(paths: readonly string[]): (path: string) => boolean {
  const folders = sharedFor(paths);
  return (path) => {
    const [top = '', second = ''] = path.split('/');
    if (top === 'include') return !otherHeaders.has(second);
    if (isBelow(path, coreFolder)) return isCalledByDrivers(path);
    return path === 'Makefile' || folders.some((folder) => isBelow(path, folder));
  };
}

function sharedFor(paths: readonly string[]): readonly string[] {
  const shared = sharedCode.filter(({ below }) => paths.some((path) => path === below || isBelow(path, below)));
  return shared.flatMap(({ folders }) => folders);
}

function foldersOf(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.map((path) => (isSource(path) ? folderOf(path) : path)))];
}

function headers(root: string): readonly string[] {
  if (!existsSync(join(root, 'include'))) return [];
  return readdirSync(join(root, 'include'))
    .filter((name) => !otherHeaders.has(name))
    .map((name) => `include/${name}`);
}

/** The folder above, where it belongs to the same module: the analysis of a whole tree sees modules so. */
function moduleAbove(folder: string, below: (parent: string) => readonly string[]): readonly string[] {
  const parent = folderOf(folder);
  if (parent.split('/').length < leastDepth) return [];
  return below(parent).length <= largestModule ? [parent] : [];
}
