import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const inUse = new Set<string>();
let isWatching = false;

/**
 * Gives a folder of its own to some work, and removes it afterwards: also where the work fails, and where the process
 * is told to end meanwhile.
 */
export async function withScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  watchForTheEnd();
  const folder = mkdtempSync(join(tmpdir(), 'dmabuf-lint-'));
  inUse.add(folder);
  try {
    return await work(folder);
  } finally {
    remove(folder);
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  inUse.delete(folder);
}

function removeAll(): void {
  for (const folder of inUse) remove(folder);
}

/** By these a process is told to end: Ctrl-C, `kill`, a terminal that was closed. */
const endings: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function watchForTheEnd(): void {
  if (isWatching) return;
  isWatching = true;
  process.on('exit', removeAll);
  for (const signal of endings)
    process.once(signal, () => {
      removeAll();
      process.kill(process.pid, signal); // as if nobody had listened: the caller sees by what it ended
    });
}
