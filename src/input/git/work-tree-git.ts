import type { Environment } from '../../base/environment.js';
import type { GitSetting } from './environment.js';
import { askGit, entriesOf, git } from './git.js';

const quiet = ['--no-color', '--no-ext-diff', '--no-textconv', '--ignore-submodules'];

/** Runs `git diff` between a commit and the work tree; see {@link gitInWorkTree}. */
export async function diffWorkTree(
  folder: string,
  commit: string,
  options: readonly string[],
  env: Environment,
): Promise<Buffer> {
  return await gitInWorkTree(folder, ['diff', ...options, ...quiet, commit, '--'], env);
}

/**
 * Runs a git command that reads the files of a work tree. The filters of the configuration (`filter.<name>.clean`) are
 * not run: files are taken as they are.
 * @param folder the top of the work tree
 * @param env the user's environment
 * @throws GitError
 */
export async function gitInWorkTree(folder: string, args: readonly string[], env: Environment): Promise<Buffer> {
  return await git(args, { cwd: folder, env, settings: await withoutFilters(folder, env) });
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
