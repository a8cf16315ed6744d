import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorCode, UserError } from '../../base/errors.js';
import { ownValue } from '../../base/own-value.js';
import { during, waitingFor } from '../../base/profile.js';
import { searchInParallel } from '../search/parallel-search.js';
import type { SearchResult } from '../search/search.js';
import { decodeSource } from './decode.js';
import { type StampedWalk, stampedWalk } from './stamped-walk.js';
import { type InputProblem, type Walk, walkTree } from './walk.js';

/**
 * A source tree: a folder, a git revision, a patched tree, or files in memory. The analysis reads files only through this
 * interface. All paths are relative to the tree and use `/`.
 */
export interface SourceTree {
  /** The name of the tree in messages: the folder as the user named it. */
  readonly name: string;
  /** The absolute path of the folder with its files, where these are its files as they are: another thread can read them there. */
  readonly folder?: string;
  /** All C sources and headers, sorted. */
  readonly sources: readonly string[];
  /** All sources of the tree that this one is a part of, sorted: they tell which files are one module. Missing if it is whole. */
  readonly sourcesOfWhole?: readonly string[];
  /** The documentation files below Documentation/, sorted. */
  readonly documentation: readonly string[];
  /** The files that could not be read so far. */
  readonly problems: readonly InputProblem[];
  /** The text of a file; undefined if there is none, or if it cannot be read, which becomes a problem. */
  read(path: string): string | undefined;
  /** Whether there is a file of any kind, also one that cannot be read. */
  has(path: string): boolean;
  /**
   * What tells the text of a file without reading it, where that can be told: equal stamps of one path mean equal texts,
   * also from one process to the next.
   */
  stampOf?(path: string): string | undefined;
  /** The tree that this one was made from, and every path in which the two differ, also in existence. */
  readonly origin?: { readonly tree: SourceTree; readonly changed: readonly string[] };
  /** Searches the given files for words, and for exported symbols if `exports` is set. */
  search(paths: readonly string[], words: readonly string[], exports: boolean): Promise<SearchResult>;
}

/** Input that cannot be used at all. The message says where, what is wrong, and what to do. */
export class InputError extends UserError {}

/**
 * Opens an unpacked kernel tree.
 * @param folder where it is
 * @param name what messages call it: the folder as the user named it
 * @throws InputError if the path is missing, is no folder, or has no C source
 */
export function openFolder(folder: string, name = folder): SourceTree {
  const root = rootOf(folder, name);
  return openWalked(
    folder,
    during('walk', () => walkTree(root)),
    name,
  );
}

/** Lists the files of a tree, with a stamp of their content, for {@link openWalked}. @throws InputError */
export async function walkStamped(folder: string, name = folder): Promise<StampedWalk> {
  const root = rootOf(folder, name);
  return await waitingFor('walk', () => stampedWalk(root));
}

function rootOf(folder: string, name: string): string {
  const root = resolve(folder);
  let isFolder: boolean;
  try {
    isFolder = statSync(root).isDirectory();
  } catch (error) {
    throw new InputError(
      `${name}: ${errorCode(error) === 'ENOENT' ? 'no such folder' : errorCode(error)}; name the top of a kernel tree`,
    );
  }
  if (!isFolder) throw new InputError(`${name}: is a file; name the top of a kernel tree`);
  return root;
}

/** What somebody may mean whose folder has no source: a repository of which nothing is checked out. */
function adviceFor(folder: string): string {
  const has = (path: string): boolean => existsSync(join(folder, path));
  if (has('.git')) return 'check out the files, or judge a commit with scan --revision';
  if (has('HEAD') && has('objects')) return 'it is a bare repository: judge a commit with scan --revision';
  return 'name the top of a kernel tree';
}

/** Opens a kernel tree whose files were listed before. @throws InputError if it has no C source */
export function openWalked(folder: string, walk: Walk, name = folder): SourceTree {
  if (walk.sources.length === 0) throw new InputError(`${name}: has no C source; ${adviceFor(folder)}`);
  return openFiles(folder, walk, name);
}

/**
 * Opens some files of a kernel tree as if it had no others.
 * @param files sorted, relative to the folder
 */
export function openFiles(folder: string, files: Walk, name = folder): SourceTree {
  const root = resolve(folder);
  const problems = [...files.problems];
  return {
    name,
    folder: root,
    sources: files.sources,
    documentation: files.documentation,
    problems,
    read(path) {
      try {
        return decodeSource(readFileSync(join(root, path)));
      } catch (error) {
        const code = errorCode(error);
        if (code !== 'ENOENT' && code !== 'EISDIR' && !problems.some((problem) => problem.path === path))
          problems.push({ path, reason: `cannot be read: ${code}` });
        return undefined;
      }
    },
    has: (path) => existsSync(join(root, path)),
    async search(paths, words, exports) {
      const result = await waitingFor('search', () => searchInParallel({ root, paths, words, exports }));
      for (const problem of result.problems)
        if (!problems.some((known) => known.path === problem.path)) problems.push(problem);
      return result;
    },
  };
}

/** Makes a tree in memory, for tests, examples and editors. @param files the text of each file, by path */
export function openMemory(name: string, files: Readonly<Record<string, string>>): SourceTree {
  const paths = Object.keys(files).sort();
  return {
    name,
    sources: paths.filter((path) => /\.[ch]$/.test(path)),
    documentation: paths.filter((path) => path.startsWith('Documentation/')),
    problems: [],
    read: (path) => ownValue(files, path),
    has: (path) => ownValue(files, path) !== undefined,
    search: async (among, words, exports) => ({
      hits: words.map((word) => among.filter((path) => ownValue(files, path)?.includes(word))),
      exports: exports
        ? among
            .filter((path) => path.endsWith('.c'))
            .flatMap((path) => exportedSymbols(path, ownValue(files, path) ?? ''))
        : [],
      problems: [],
    }),
  };
}

function exportedSymbols(path: string, text: string): [string, string][] {
  return [...text.matchAll(/EXPORT_SYMBOL\w*\(\s*(\w+)/g)].map((match) => [match[1] ?? '', path]);
}
