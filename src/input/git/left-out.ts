import { askGit, entriesOf, type GitOptions, git } from './git.js';

const known = new WeakMap<GitOptions, Promise<readonly string[]>>();

/**
 * The files that a sparse checkout leaves out (`git sparse-checkout`). Git counts them as unchanged.
 * @param workTree where git runs, and with which index; git is asked once about each such object
 */
export function leftOutFiles(workTree: GitOptions): Promise<readonly string[]> {
  const found = known.get(workTree) ?? askLeftOut(workTree);
  known.set(workTree, found);
  return found;
}

async function askLeftOut(workTree: GitOptions): Promise<readonly string[]> {
  const { stdout } = await askGit(['config', '--bool', 'core.sparseCheckout'], workTree);
  if (stdout.toString('latin1').trim() !== 'true') return [];
  // A sparse index lists whole folders unless it is told not to.
  const listed = entriesOf(await git(['-c', 'index.sparse=false', 'ls-files', '-z', '-t'], workTree), '\0');
  return listed.filter((entry) => entry.startsWith('S ')).map((entry) => entry.slice(2));
}
