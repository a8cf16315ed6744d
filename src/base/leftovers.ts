import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where processes may leave something behind. It is plain data, which can be sent to a worker. */
export interface Leftovers {
  readonly folder: string;
  /** Matches the names of such entries; its first group is the number of the process. */
  readonly name: RegExp;
}

/**
 * How often a folder is tried again that gets a new file while it is removed, and after how many milliseconds: git, which
 * a killed process had started, may still be writing to it.
 */
const retries = { maxRetries: 5, retryDelay: 20 };

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
      rmSync(join(folder, entry), { recursive: true, force: true, ...retries });
    } catch {
      // It belongs to another user, whose own run will remove it.
    }
  }
}

/** Whether a process of that number exists. */
export function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
