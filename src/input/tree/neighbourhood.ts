import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sorted, type Walk, walkBelow } from './walk.js';

/**
 * Lists the sources in and below some folders of a tree, as a walk of the whole tree would list them. A folder that is
 * named is read also if it is a symbolic link, as a module that was linked into a tree is.
 */
export function walkFolders(root: string, folders: readonly string[]): Walk {
  const top = { root, realRoot: realpathSync(root) };
  const walks = [...new Set(folders)]
    .filter((folder) => statSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory())
    .map((folder) => walkBelow(top, folder, Number.POSITIVE_INFINITY));
  return sorted({
    sources: [...new Set(walks.flatMap(({ sources }) => sources))],
    documentation: [],
    makefiles: [],
    problems: walks.flatMap(({ problems }) => problems),
  });
}
