import type { Environment } from '../../base/environment.js';
import { parseDiff } from '../diff/diff.js';
import { git } from '../git/git.js';
import { type Commit, commitsOf, diffOfCommit, findCommit, type Repository } from '../git/repository.js';

/** How far back a branch is looked through. */
const mostCommits = 500;

/**
 * The commit of the checked-out branch that a patch was made from, or null. `b4 prep --check` hands over one patch
 * after the other while the branch stands at its last one: each is to be judged on its own tree.
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
  // Another diff algorithm words the same change otherwise: then the files have to do.
  const paths = pathsOf(patch.diff);
  for (const commit of alike) if (pathsOf(await diffOfCommit(repository, commit)) === paths) return commit;
  return null;
}

function oneLine(subject: string): string {
  return subject.replace(/\s+/g, ' ').trim();
}

/** Git's name for what a diff does, whatever its line numbers and white space. */
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
