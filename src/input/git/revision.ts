import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../base/environment.js';
import { askGit } from './git.js';

/**
 * The commit that a tree is checked out at, or null where it is no git checkout. Runs nothing of the tree's own.
 * @param env the user's environment
 */
export async function treeRevision(root: string, env: Environment): Promise<string | null> {
  if (!existsSync(join(root, '.git'))) return null;
  const asking = askGit(['rev-parse', '--verify', 'HEAD'], { cwd: root, env, timeout: 10_000 });
  const answer = await asking.catch(() => null); // no git, or none that answers: a scan does not need it
  const revision = answer?.stdout.toString('latin1').trim() ?? '';
  return answer?.code === 0 && /^[0-9a-f]{40,64}$/.test(revision) ? revision : null;
}
