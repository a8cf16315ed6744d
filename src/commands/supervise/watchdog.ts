import { Worker } from 'node:worker_threads';
import type { Environment } from '../../base/environment.js';
import type { Leftovers } from '../../base/leftovers.js';
import { programFile } from '../../base/package/package-files.js';
import { leftoversOf } from './leftovers.js';

/** What the watchdog is told. */
export interface Watch {
  /** The process that started this one. */
  readonly supervisor: number;
  /** Where this process may have left something when it is killed. */
  readonly leftovers: readonly Leftovers[];
}

/**
 * Ends this process when the one that started it is gone, whatever this one does: an analysis may work for minutes
 * without a look at its messages. A thread of its own sees to that. It does not keep the process alive.
 * @param supervisor the number of the process that started this one; it tells, since it may be gone already
 * @param env says where scratch folders and caches are
 */
export function startWatchdog(supervisor: number, env: Environment): void {
  const watch: Watch = { supervisor, leftovers: leftoversOf(env) };
  const worker = new Worker(programFile('commands/supervise/watchdog-worker.js'), {
    workerData: watch,
    // No preloaded module, and hardly any memory: it only looks at a number.
    env: {},
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16, stackSizeMb: 1 },
  });
  // Where no thread can be started, the process still ends when it next looks at its messages.
  worker.on('error', () => undefined);
  worker.unref();
}
