import type { Environment } from '../../base/environment.js';
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

/**
 * Runs `git diff` between a commit and the work tree; see {@link gitInWorkTree}.
 * @param commit null for the index
 */
export async function diffWorkTree(
  folder: string,
  commit: string | null,
  options: readonly string[],
  how: WorkTreeGit,
): Promise<Buffer> {
  const from = commit === null ? [] : [commit];
  return await gitInWorkTree(folder, ['diff', ...options, ...quiet, ...from, '--'], how);
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
