import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes what dead processes left in a folder: a killed process cannot clean up after itself.
 * @param name matches the names of such entries; its first group is the number of the process
 */
export function removeLeftovers(folder: string, name: RegExp): void {
  let entries: readonly string[];
  try {
    entries = readdirSync(folder);
  } catch {
    return;
  }
  for (const entry of entries) {
    const maker = Number(name.exec(entry)?.[1]);
    if (!Number.isSafeInteger(maker) || maker <= 0 || isAlive(maker)) continue;
    try {
      rmSync(join(folder, entry), { recursive: true, force: true });
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
