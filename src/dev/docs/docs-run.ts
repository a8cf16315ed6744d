import { join } from 'node:path';
import { type Ran, run } from '../examples/run-command.js';
import { ownGit } from '../kernels/kernel-repository.js';

/**
 * Runs `dmabuf-lint docs` in this process, with nothing of the user's settings.
 *
 * @param args what follows `docs`
 * @param home an empty folder that stands for the user's: no configuration of git, no cache
 * @returns how it ended, whatever its exit code
 */
export function runDocs(args: readonly string[], home: string): Promise<Ran> {
  return run(['docs', ...args], { env: { ...ownGit, HOME: home, XDG_CACHE_HOME: join(home, 'cache') } });
}
