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
  checkout: Checkout,
  commit: string | null,
  options: readonly string[],
  how: WorkTreeGit,
): Promise<Buffer> {
  const from = commit === null ? [] : [commit];
  const { env, variables } = how;
  const { workTree, gitFolder } = checkout;
  return await withScratch(env, async (scratch) => {
    const index = resolve(workTree, variables?.['GIT_INDEX_FILE'] ?? join(gitFolder, 'index'));
    const copy = { GIT_INDEX_FILE: await copyIndex(index, scratch) };
    const diff = ['diff', ...options, ...quiet, ...from, '--'];
    const settings = await filterSettings(checkout, env);
    return await git(diff, { cwd: workTree, env, settings, variables: { ...variables, ...copy } });
  });
}

/** What was asked about a checkout. A command opens its repository once, and nothing of it changes meanwhile. */
interface Answers {
  filters?: Promise<readonly GitSetting[]>;
  readonly unlike: Map<string, Promise<readonly string[]>>;
}

const answers = new WeakMap<Checkout, Answers>();

function answersOf(checkout: Checkout): Answers {
  const known = answers.get(checkout) ?? { unlike: new Map() };
  answers.set(checkout, known);
  return known;
}

function filterSettings(checkout: Checkout, env: Environment): Promise<readonly GitSetting[]> {
  const known = answersOf(checkout);
  known.filters ??= withoutFilters(checkout.workTree, env);
  return known.filters;
}

/** The files in which the work tree is not as a commit has them. Git is asked once for each checkout that is opened. */
export function filesUnlike(checkout: Checkout, commit: string, env: Environment): Promise<readonly string[]> {
  const { unlike } = answersOf(checkout);
  const names = ['--name-only', '-z', '--no-renames'];
  const known =
    unlike.get(commit) ?? diffWorkTree(checkout, commit, names, { env }).then((output) => entriesOf(output, '\0'));
  unlike.set(commit, known);
  return known;
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
