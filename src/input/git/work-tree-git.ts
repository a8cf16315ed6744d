import type { Environment } from '../../base/environment.js';
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
  return await git(args, { cwd: folder, env, variables: await withoutFilters(folder, env) });
}

/** Environment that switches all filters off. On the command line (`-c`) a filter name could not contain an equal sign. */
async function withoutFilters(folder: string, env: Environment): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await askGit(['config', '-z', '--name-only', '--get-regexp', '^filter\\.'], { cwd: folder, env });
  const filters = new Set(entriesOf(stdout, '\0').map((name) => name.slice(0, name.lastIndexOf('.'))));
  const settings = [...filters].flatMap((filter) => [
    [`${filter}.clean`, ''],
    [`${filter}.process`, ''],
    [`${filter}.required`, 'false'],
  ]);
  const before = Number(env['GIT_CONFIG_COUNT'] ?? 0);
  return Object.fromEntries([
    ...settings.flatMap(([key = '', value = ''], index) => [
      [`GIT_CONFIG_KEY_${before + index}`, key],
      [`GIT_CONFIG_VALUE_${before + index}`, value],
    ]),
    ['GIT_CONFIG_COUNT', String(before + settings.length)],
  ]);
}
