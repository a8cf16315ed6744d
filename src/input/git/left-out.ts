import { askGit, entriesOf, type GitOptions, git } from './git.js';

/**
 * The files that a sparse checkout leaves out (`git sparse-checkout`). Git counts them as unchanged.
 * @param workTree where git runs, and with which index
 */
export async function leftOutFiles(workTree: GitOptions): Promise<readonly string[]> {
  const { stdout } = await askGit(['config', '--bool', 'core.sparseCheckout'], workTree);
  if (stdout.toString('latin1').trim() !== 'true') return [];
  // A sparse index lists whole folders unless it is told not to.
  const listed = entriesOf(await git(['-c', 'index.sparse=false', 'ls-files', '-z', '-t'], workTree), '\0');
  return listed.filter((entry) => entry.startsWith('S ')).map((entry) => entry.slice(2));
}
