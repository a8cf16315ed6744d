import type { Environment } from '../../base/environment.js';
import { parseDiff } from '../diff/diff.js';
import { git } from '../git/git.js';
import { type Commit, commitsOf, diffOfCommit, findCommit, type Repository } from '../git/repository.js';

/** The number of commits that are searched. */
const mostCommits = 500;

/**
 * Finds the commit of the checked-out branch that a patch was made from; null if there is none. `b4 prep --check` passes
 * one patch after the other while the branch is at its last one, and each must be checked on its own tree.
 */
export async function findOwnCommit(
  repository: Repository,
  patch: { readonly subject: string; readonly diff: Buffer },
): Promise<Commit | null> {
  const head = await findCommit(repository, 'HEAD');
  if (head === null) return null;
  const recent = await commitsOf(repository, { base: null, tip: head }, mostCommits);
  const alike = recent.filter(({ subject }) => oneLine(subject) === oneLine(patch.subject)).reverse();
  const { env } = repository.git;
  const wanted = await patchId(patch.diff, env);
  for (const commit of alike)
    if ((await patchId(await diffOfCommit(repository, commit), env)) === wanted) return commit;
  // Another diff algorithm may write the same change differently: then compare the file names.
  const paths = pathsOf(patch.diff);
  for (const commit of alike) if (pathsOf(await diffOfCommit(repository, commit)) === paths) return commit;
  return null;
}

function oneLine(subject: string): string {
  return subject.replace(/\s+/g, ' ').trim();
}

/** Git's id of a change, independent of line numbers and white space. */
async function patchId(diff: Buffer, env: Environment): Promise<string> {
  const output = await git(['patch-id', '--stable'], { input: diff, env });
  return output.toString('latin1').split(' ')[0] ?? '';
}

function pathsOf(diff: Buffer): string {
  return parseDiff(diff)
    .map(({ oldPath, newPath }) => `${oldPath}\0${newPath}`)
    .sort()
    .join('\n');
}
