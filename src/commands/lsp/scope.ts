import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openFiles, type SourceTree } from '../../input/tree/tree.js';
import { isSource } from '../../input/tree/walk.js';
import { folderOf, isBelow, largestModule, moduleAround } from '../../program/index.js';

/**
 * The folders with code that the drivers below a folder share: many functions that they call are defined there. The
 * shared code of drm is left out: it doubles the time and adds no finding.
 */
const sharedCode: readonly { readonly below: string; readonly folders: readonly string[] }[] = [
  { below: '', folders: ['drivers/dma-buf', 'include/drm'] },
  { below: 'drivers/infiniband', folders: ['drivers/infiniband/core'] },
  { below: 'drivers/media', folders: ['drivers/media/common/videobuf2'] },
];

/** Headers that every analysis needs. */
const coreHeader = /^include\/linux\/(?:dma-buf|dma-resv|dma-fence|iosys|virtio_dma_buf)[^/]*\.h$/;

/** A folder nearer to the top than this holds subsystems: the files in it do not belong to one driver. */
const leastDepth = 3;

/** The part of a kernel tree that decides most findings in one file: its driver, and the code that drivers share. */
export function openScope(root: string, path: string): SourceTree {
  const folders = sharedCode.filter(({ below }) => isBelow(path, below)).flatMap((shared) => shared.folders);
  const shared = [...folders, 'include/linux'].flatMap((folder) => filesIn(root, folder));
  const files = shared.filter((file) => !file.startsWith('include/linux/') || coreHeader.test(file));
  const sources = [...new Set([...files, ...moduleOf(root, path), path])].sort();
  return openFiles(root, { sources, documentation: [], makefiles: [], problems: [] });
}

/** A name for the scope of a file: all files of a folder have the same scope. */
export function scopeName(path: string): string {
  return folderOf(path);
}

function filesIn(root: string, folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .filter(isSource)
    .map((name) => `${folder}/${name}`);
}

/** The driver around a file, as the analysis of a whole tree sees it. */
function moduleOf(root: string, path: string): readonly string[] {
  const folder = folderOf(path);
  if (folder.split('/').length < leastDepth) return filesIn(root, folder);
  const parent = folderOf(folder);
  const top = parent.split('/').length < leastDepth ? folder : parent;
  const files = filesBelow(root, top) ?? filesBelow(root, folder);
  return files ? moduleAround([...files].sort(), folder).files : filesIn(root, folder);
}

/** The sources in and below a folder; null if there are more than a module has. */
function filesBelow(root: string, folder: string): readonly string[] | null {
  const files: string[] = [];
  const visit = (inside: string): boolean => {
    for (const entry of readdirSync(join(root, inside), { withFileTypes: true })) {
      const path = `${inside}/${entry.name}`;
      if (entry.isFile() && isSource(path)) files.push(path);
      if (files.length > largestModule || (entry.isDirectory() && !visit(path))) return false;
    }
    return true;
  };
  return existsSync(join(root, folder)) && visit(folder) ? files : null;
}
