import { workerData } from 'node:worker_threads';
import { removeLeftovers } from '../../base/leftovers.js';
import type { Watch } from './watchdog.js';

/*
 * The entry file of a thread that ends its process when the supervisor of the process is gone: the system then gives the
 * process another parent. The main thread may be busy, so nothing is asked of it.
 */

/** How often to look, in milliseconds: the process is gone before anybody misses the processor, and looking is cheap. */
const lookEach = 200;

const { supervisor, leftovers } = workerData as Watch;

function look(): void {
  if (process.ppid === supervisor) return;
  for (const left of leftovers) removeLeftovers(left, process.pid);
  // process.exit() would only end this thread.
  process.kill(process.pid, 'SIGKILL');
}

look();
setInterval(look, lookEach);
