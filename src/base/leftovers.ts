import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes what processes that are gone have left in a folder: one that is killed cannot clean up after itself.
 * @param name what such entries are called; its first group is the process that made them
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
      // It is somebody else's: they will clean up.
    }
  }
}

/** Whether there is a process of that number. */
export function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // A process of another user is alive too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A text as a part of a regular expression that means just that. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
