import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDocument, isSource } from '../../../input/tree/walk.js';
import { roleOf } from '../../../kernel/index.js';
import { kernelRootOf } from '../kernel-root.js';

/** A file of a kernel tree or of a module outside of any. */
export interface KernelFile {
  /** The top of the tree, or the folder of the module. */
  readonly root: string;
  /** The path from there, with `/`. */
  readonly path: string;
  /** The kernel that the module is built for; null in a kernel tree. */
  readonly kernel: string | null;
}

/**
 * The file of a kernel tree or module that a document is; null for any other document.
 * @param kernel what modules are built for; null where nobody says it
 */
export function kernelFileOf(uri: string, kernel: string | null): KernelFile | null {
  const file = pathOf(uri);
  if (file === null) return null;
  const tree = kernelRootOf(file);
  const root = tree ?? (kernel === null || !isSource(file) ? null : moduleRootOf(file));
  if (root === null) return null;
  const path = relative(root, file).split(sep).join('/');
  return isSource(path) || isDocument(path) ? { root, path, kernel: tree === null ? kernel : null } : null;
}

/** The URI of a file in a kernel tree or module. */
export function uriOf({ root, path }: Pick<KernelFile, 'root' | 'path'>): string {
  return pathToFileURL(join(root, path)).href;
}

/** Whether a document looks like that of a module which could be analysed if its kernel were known: it calls the API. */
export function isStray(uri: string, text: string): boolean {
  const file = pathOf(uri);
  if (file === null || !isSource(file) || kernelRootOf(file) !== null) return false;
  return [...text.matchAll(/\b(\w+)\(/g)].some(([, name = '']) => roleOf(name) !== undefined);
}

function pathOf(uri: string): string | null {
  if (!uri.startsWith('file:')) return null;
  try {
    return fileURLToPath(uri);
  } catch {
    // A file URI may name another machine.
    return null;
  }
}

/** What a folder of a module has. */
const buildFiles = ['Kbuild', 'Makefile', 'dkms.conf'] as const;

/** So many folders above a source may be without a file for make. */
const mostBetween = 2;

/** The folder of a module: the highest of those above a file that have a file for make, one directly above the other. */
function moduleRootOf(file: string): string {
  const own = dirname(file);
  let found = own;
  for (let depth = 0; depth < mostBetween && !isBuilt(found); depth++) found = dirname(found);
  if (!isBuilt(found)) return own;
  while (isBuilt(dirname(found)) && dirname(found) !== found) found = dirname(found);
  return found;
}

function isBuilt(folder: string): boolean {
  return buildFiles.some((name) => existsSync(join(folder, name)));
}
