import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The commit that a tree is checked out at, or null where it is no git checkout. Runs nothing of the tree's own. */
export function treeRevision(root: string): Promise<string | null> {
  if (!existsSync(join(root, '.git'))) return Promise.resolve(null);
  const quiet = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
  return new Promise((resolve) => {
    execFile('git', [...quiet, '-C', root, 'rev-parse', '--verify', 'HEAD'], { timeout: 10_000 }, (error, stdout) => {
      const revision = stdout.trim();
      resolve(!error && /^[0-9a-f]{40,64}$/.test(revision) ? revision : null);
    });
  });
}
