import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { dmaBufHeader } from '../../../kernel/index.js';
import { ConfigError } from '../../../lint/config/config.js';
import { type CommandContext, userPath } from '../../cli/context.js';
import { kernelHeaders, kernelRootOf, noHeaders } from '../../lsp/kernel-root.js';

/** What is to be scanned. */
export type ScanTarget =
  /** A whole tree. */
  | { readonly kind: 'tree'; readonly folder: string }
  /** Files and folders of a tree, from its top. */
  | { readonly kind: 'part'; readonly folder: string; readonly paths: readonly string[] }
  /** A module outside of any tree, as the user names it, and the kernel that it is built for. */
  | { readonly kind: 'module'; readonly kernel: string; readonly folder: string; readonly file: string | null };

/**
 * Finds out what the user wants to have scanned: names of files and folders lead upwards to their tree.
 * @throws ConfigError
 */
export function scanTarget(names: readonly string[], kernel: string | undefined, context: CommandContext): ScanTarget {
  if (kernel !== undefined) return moduleTarget(names, kernel, context);
  const [first = '.', ...others] = names;
  const roots = [first, ...others].map((name) => rootOf(userPath(context, name)));
  const root = roots[0] ?? null;
  // What is wrong with a name that lies in no tree, opening the tree says.
  if (root === null && others.length === 0) return { kind: 'tree', folder: first };
  if (root === null) throw new ConfigError(`${first}: is in no kernel tree: no folder above it has ${dmaBufHeader}`);
  const stray = others.find((_, index) => roots[index + 1] !== root);
  if (stray !== undefined)
    throw new ConfigError(`${stray}: is not in the same kernel tree as ${first}; name files and folders of one tree`);
  const paths = [first, ...others].map((name) => inTree(root, userPath(context, name)));
  if (paths.includes('')) return { kind: 'tree', folder: first };
  return { kind: 'part', folder: nameOf(root, context), paths: [...new Set(paths)] };
}

/** The top of the tree that a file or folder lies in; null where there is none, or no such file. */
function rootOf(path: string): string | null {
  return existsSync(path) ? kernelRootOf(join(path, 'x')) : null;
}

function inTree(root: string, path: string): string {
  return relative(root, resolve(path)).split(sep).join('/');
}

/** A folder as messages call it: relative where it is below the working folder. */
function nameOf(folder: string, { cwd }: CommandContext): string {
  const below = relative(cwd, folder);
  return below === '' ? '.' : below.startsWith('..') ? folder : below;
}

function moduleTarget(names: readonly string[], kernel: string, context: CommandContext): ScanTarget {
  const [name = '.', ...others] = names;
  if (others.length > 0) throw new ConfigError(`${others[0]}: --kernel takes one module; name its folder`);
  const path = userPath(context, name);
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) throw new ConfigError(`${name}: no such folder; name the folder of a module`);
  const [folder, file] = status.isDirectory() ? [name, null] : [dirname(name), basename(name)];
  return { kind: 'module', kernel: headersOf(kernel, context), folder, file };
}

/** The kernel of a module, as messages call it. @throws ConfigError */
function headersOf(kernel: string, context: CommandContext): string {
  const path = userPath(context, kernel);
  const found = kernelHeaders(path);
  if (found === null) throw new ConfigError(`--kernel ${kernel}: ${noHeaders}`);
  return found === path ? kernel : found;
}
