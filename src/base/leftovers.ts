import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from './errors.js';

/** Where processes may leave something behind. It is plain data, which can be sent to a worker. */
export interface Leftovers {
  readonly folder: string;
  /** Matches the names of such entries; its first group is the number of the process. */
  readonly name: RegExp;
}

/**
 * After how many milliseconds a folder is tried again that got a new file while it was removed: git, which a killed
 * process had started, may still be writing to it.
 */
const retriedAfter = [10, 20, 40, 80, 160, 320] as const;

/**
 * Removes what dead processes left in a folder: a killed process cannot clean up after itself.
 * @param ending a process that is alive and about to be killed: what it has there is removed too
 */
export function removeLeftovers({ folder, name }: Leftovers, ending?: number): void {
  let entries: readonly string[];
  try {
    entries = readdirSync(folder);
  } catch {
    return;
  }
  for (const entry of entries) {
    const maker = Number(name.exec(entry)?.[1]);
    if (!Number.isSafeInteger(maker) || maker <= 0 || (maker !== ending && isAlive(maker))) continue;
    try {
      removeFolder(join(folder, entry));
    } catch {
      // It belongs to another user, whose own run will remove it.
    }
  }
}

/**
 * Removes a folder with all that is in it, also if somebody still writes to it for a moment. It need not exist.
 * @throws the error of the system where it cannot be removed
 */
export function removeFolder(folder: string): void {
  // The retries of rmSync() are no help: Node 20 removes each time only what it has seen the first time.
  for (const delay of [...retriedAfter, null])
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (delay === null || errorCode(error) !== 'ENOTEMPTY') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delay);
    }
}

/** Whether a process of that number exists. One that has ended and waits for its parent to take note of it counts as gone. */
export function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return !hasEnded(id);
}

/**
 * Whether a process is a zombie: the first process of a container may take seconds to collect the children of killed ones,
 * or never do it. Linux alone tells. Source: proc_pid_stat(5); the name before the state may have any characters.
 */
function hasEnded(id: number): boolean {
  try {
    const status = readFileSync(`/proc/${id}/stat`, 'latin1');
    return /^ [ZXx]/.test(status.slice(status.lastIndexOf(')') + 1));
  } catch {
    return false;
  }
}
