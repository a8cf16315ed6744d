import { join } from 'node:path';
import { ownGit } from '../kernels/kernel-repository.js';
import { type CliRun, runCli } from '../run/run-cli.js';

/**
 * Runs `dmabuf-lint docs` in a process of its own, with nothing of the user's settings.
 *
 * @param args what follows `docs`
 * @param home an empty folder that stands for the user's: no configuration of git, no cache
 * @returns how it ended, whatever its exit code
 */
export function runDocs(args: readonly string[], home: string): Promise<CliRun> {
  return runCli(['docs', ...args], { env: { ...ownGit, HOME: home, XDG_CACHE_HOME: join(home, 'cache') } });
}
