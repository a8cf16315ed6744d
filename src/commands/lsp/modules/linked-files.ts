import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { walkFolders } from '../../../input/tree/neighbourhood.js';
import type { SourceTree } from '../../../input/tree/tree.js';
import { folderOf } from '../../../program/index.js';
import type { EditedText } from '../messages.js';

/**
 * The files of modules that are linked into a tree, of which a file is open. A walk of the tree does not follow links to
 * folders.
 */
export function linkedFiles(root: string, tree: SourceTree, edited: readonly EditedText[]): readonly string[] {
  const known = new Set(tree.sources);
  const unlisted = edited.filter(([path]) => !known.has(path));
  const links = new Set(unlisted.flatMap(([path]) => linkAbove(root, folderOf(path)) ?? []));
  return links.size === 0 ? [] : walkFolders(root, [...links]).sources.filter((path) => !known.has(path));
}

/** The nearest folder at or above one that is a symbolic link. */
function linkAbove(root: string, folder: string): string | null {
  for (let path = folder; path !== ''; path = folderOf(path))
    if (lstatSync(join(root, path), { throwIfNoEntry: false })?.isSymbolicLink()) return path;
  return null;
}
