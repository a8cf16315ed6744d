import { cacheFolders, cacheLeftovers } from '../../base/disk-cache.js';
import type { Environment } from '../../base/environment.js';
import type { Leftovers } from '../../base/leftovers.js';
import { scratchLeftovers } from '../../base/scratch.js';

/** Where a process with this environment may leave something behind if it is killed. */
export function leftoversOf(env: Environment): readonly Leftovers[] {
  return [scratchLeftovers(env), ...cacheLeftovers(cacheFolders(env))];
}
