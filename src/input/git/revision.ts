import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../base/environment.js';

/**
 * The commit that a tree is checked out at, or null where it is no git checkout. Runs nothing of the tree's own.
 * @param env the user's environment
 */
export function treeRevision(root: string, env: Environment): Promise<string | null> {
  if (!existsSync(join(root, '.git'))) return Promise.resolve(null);
  const quiet = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
  return new Promise((resolve) => {
    const options = { timeout: 10_000, env: { ...env } };
    execFile('git', [...quiet, '-C', root, 'rev-parse', '--verify', 'HEAD'], options, (error, stdout) => {
      const revision = stdout.trim();
      resolve(!error && /^[0-9a-f]{40,64}$/.test(revision) ? revision : null);
    });
  });
}
