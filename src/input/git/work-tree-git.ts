import { copyFile, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Environment } from '../../base/environment.js';
import { errorCode } from '../../base/errors.js';
import { withScratch } from '../../base/scratch.js';
import type { GitSetting } from './environment.js';
import { askGit, entriesOf, git } from './git.js';

const quiet = ['--no-color', '--no-ext-diff', '--no-textconv', '--ignore-submodules'];

/** The surroundings of a command that reads a work tree. */
export interface WorkTreeGit {
  /** The user's environment. */
  readonly env: Environment;
  /** Variables on top of that: another index. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A work tree, and the folder of its own in which git keeps its index: of linked work trees each has another. */
export interface Checkout {
  readonly workTree: string;
  readonly gitFolder: string;
}

/**
 * Runs `git diff` between a commit and the work tree; see {@link gitInWorkTree}. Git works on a copy of the index: it would
 * write what it learns of unchanged files into the user's, and a lock of the index be left where it is killed.
 * @param commit null for the index
 */
export async function diffWorkTree(
  { workTree, gitFolder }: Checkout,
  commit: string | null,
  options: readonly string[],
  how: WorkTreeGit,
): Promise<Buffer> {
  const from = commit === null ? [] : [commit];
  const { env, variables } = how;
  return await withScratch(env, async (scratch) => {
    const index = resolve(workTree, variables?.['GIT_INDEX_FILE'] ?? join(gitFolder, 'index'));
    const copy = { GIT_INDEX_FILE: await copyIndex(index, scratch) };
    const diff = ['diff', ...options, ...quiet, ...from, '--'];
    return await gitInWorkTree(workTree, diff, { env, variables: { ...variables, ...copy } });
  });
}

/** @returns the path of the copy; where there is no index, nothing is there */
async function copyIndex(index: string, scratch: string): Promise<string> {
  const copy = join(scratch, 'index');
  try {
    await copyFile(index, copy);
    // Git compares files that are as new as their index: the copy must not look newer than it is.
    const { mtimeMs } = await stat(index);
    const seconds = Math.floor(mtimeMs / 1000);
    await utimes(copy, seconds, seconds);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  return copy;
}

/**
 * Runs a git command that reads the files of a work tree. The filters of the configuration (`filter.<name>.clean`) are
 * not run: files are taken as they are.
 * @param folder the top of the work tree
 * @throws GitError
 */
export async function gitInWorkTree(
  folder: string,
  args: readonly string[],
  { env, variables }: WorkTreeGit,
): Promise<Buffer> {
  const settings = await withoutFilters(folder, env);
  return await git(args, { cwd: folder, env, settings, ...(variables ? { variables } : {}) });
}

/** Settings that switch all filters off. */
async function withoutFilters(folder: string, env: Environment): Promise<readonly GitSetting[]> {
  const { stdout } = await askGit(['config', '-z', '--name-only', '--get-regexp', '^filter\\.'], { cwd: folder, env });
  const filters = new Set(entriesOf(stdout, '\0').map((name) => name.slice(0, name.lastIndexOf('.'))));
  return [...filters].flatMap((filter): readonly GitSetting[] => [
    [`${filter}.clean`, ''],
    [`${filter}.process`, ''],
    [`${filter}.required`, 'false'],
  ]);
}
