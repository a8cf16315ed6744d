import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ownGit } from '../kernels/kernel-repository.js';
import { cli } from '../series/series-run.js';

/** How `dmabuf-lint docs` ended. */
export interface DocsRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `dmabuf-lint docs` in a process of its own, with nothing of the user's settings.
 *
 * @param args what follows `docs`
 * @param home an empty folder that stands for the user's: no configuration of git, no cache
 * @returns how it ended, whatever its exit code
 */
export function runDocs(args: readonly string[], home: string): Promise<DocsRun> {
  const env = { ...process.env, ...ownGit, HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
  const options = { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, 'docs', ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
