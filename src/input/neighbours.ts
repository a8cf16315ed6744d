import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { searchFiles } from './search.js';
import { openFiles, type SourceTree } from './tree.js';
import { isSource } from './walk.js';

/** Who shares attachments with a file speaks of them. */
const word = 'dma_buf';

/** Where the API and its core are, which every analysis needs. */
const core = ['include/linux', 'drivers/dma-buf'];
const ofCore = /(?:^include\/linux\/dma-(?:buf|resv|fence)[\w-]*\.h|^drivers\/dma-buf\/dma-(?:buf|resv)\.c)$/;

/**
 * Some files of a kernel tree with those beside them that speak of dma-bufs, and the core of dma-bufs: what is worth looking at while
 * the whole tree has not been read yet.
 * @param folder the top of the tree
 * @param paths relative to it
 */
export function openNeighbours(folder: string, paths: readonly string[]): SourceTree {
  const folders = [...new Set(paths.map((path) => posix.dirname(path)))];
  const beside = folders.flatMap((name) => sourcesIn(folder, name));
  const { hits } = searchFiles({ root: folder, paths: beside, words: [word], exports: false });
  const sources = new Set([
    ...beside.filter((path) => path.endsWith('.h')),
    ...(hits[0] ?? []),
    ...core.flatMap((name) => sourcesIn(folder, name)).filter((path) => ofCore.test(path)),
    ...paths.filter(isSource),
  ]);
  return openFiles(folder, { sources: [...sources].sort(), documentation: [], problems: [] });
}

function sourcesIn(top: string, folder: string): readonly string[] {
  try {
    return readdirSync(join(top, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && isSource(entry.name))
      .map(({ name }) => posix.join(folder, name));
  } catch {
    // It is not there, or not to be read: the analysis of the whole tree will tell.
    return [];
  }
}
