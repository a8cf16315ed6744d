import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Where a path of a tree really lies, with no symbolic link left in it. */
export type Place =
  | { readonly kind: 'inside'; readonly path: string }
  /** The link, named from the top of the tree, leads out of it to the path. */
  | { readonly kind: 'outside'; readonly path: string; readonly link: string };

/** So many links one behind the other are taken for a circle, as Linux does. */
const mostLinks = 40;

/**
 * Follows the symbolic links of a tree on the way to a path. What does not exist yet is taken as it is named.
 * The top of the tree may itself be reached by a link: the user named it.
 * @param root the top of the tree
 * @param path below it
 * @throws the system's error where the top does not exist, or links lead in a circle
 */
export function placeInTree(root: string, path: string): Place {
  const realRoot = realpathSync(root);
  const below = relative(resolve(root), resolve(path));
  if (leavesTree(below)) return { kind: 'outside', path: resolve(path), link: path };
  let parts = below.split(sep).filter((part) => part !== '');
  let at = realRoot;
  let link: string | null = null;
  for (let links = 0; parts.length > 0; ) {
    const [part = '', ...rest] = parts;
    const next = join(at, part);
    parts = rest;
    const target = linkTarget(next);
    if (target === null) {
      at = next;
    } else {
      if (++links > mostLinks) throw Object.assign(new Error(path), { code: 'ELOOP' });
      link = relative(realRoot, next);
      const goal = relative(realRoot, realOf(resolve(dirname(next), target)));
      if (leavesTree(goal)) return { kind: 'outside', path: join(realRoot, goal, ...rest), link };
      at = realRoot;
      parts = [...goal.split(sep).filter((piece) => piece !== ''), ...rest];
    }
  }
  return { kind: 'inside', path: at };
}

function leavesTree(below: string): boolean {
  return below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below);
}

function linkTarget(path: string): string | null {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : null;
}

/** The real path as far as it exists, and the rest as it is named. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(realOf(dirname(path)), path.slice(dirname(path).length));
  }
}
