import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, temporaryFolder } from './environment.js';
import { errorCode } from './errors.js';
import { type Leftovers, removeFolder, removeLeftovers } from './leftovers.js';
import { OutputError, whyNotWritten } from './write-files.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** The folders of all commands that run in this process. While there are any, a signal removes them before it acts. */
const folders = new Set<string>();
let isSupervised = false;

/**
 * Says that another process removes the folders if a signal ends this one. Then signals are not handled here: a handler
 * waits for the work to pause, and without one the signal ends the process at once, whatever it does. Only the entry file
 * of a supervised process calls this; such a process runs one command.
 */
export function leaveSignalsToSupervisor(): void {
  isSupervised = true;
}

/** The scratch folders of all processes. @param env says where temporary files go (TMPDIR) */
export function scratchLeftovers(env: Environment): Leftovers {
  return { folder: temporaryFolder(env), name: /^dmabuf-lint-(\d+)-\w{6}$/ };
}

/**
 * Gives the work an empty folder, and removes it when the work is done, fails, or a signal (Ctrl-C) ends the process.
 * @param env says where temporary files go (TMPDIR)
 * @throws OutputError where the folder cannot be made, or nothing can be written in it
 */
export async function withScratch<T>(env: Environment, work: (folder: string) => Promise<T>): Promise<T> {
  const parent = temporaryFolder(env);
  removeLeftovers(scratchLeftovers(env));
  if (folders.size === 0) watch();
  // No await in between: a signal before the folder is in the list would leave it behind.
  const folder = makeFolder(parent);
  folders.add(folder);
  try {
    return await work(folder);
  } catch (error) {
    throw isWithin(folder, error) ? notWritten(parent, error) : error;
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => removeFolder(folder));
    folders.delete(folder);
    if (folders.size === 0) unwatch();
  }
}

function makeFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, `dmabuf-lint-${process.pid}-`));
  } catch (error) {
    throw notWritten(parent, error);
  }
}

/** Whether a system error is about a file in the folder. */
function isWithin(folder: string, error: unknown): boolean {
  return error instanceof Error && 'path' in error && String(error.path).startsWith(folder);
}

function notWritten(parent: string, error: unknown): OutputError {
  return new OutputError(
    `${parent}: cannot write temporary files: ${whyNotWritten(errorCode(error))}; set TMPDIR to another folder`,
  );
}

function watch(): void {
  process.on('exit', removeAll);
  if (!isSupervised) for (const signal of signals) process.on(signal, endBy);
}

function unwatch(): void {
  process.off('exit', removeAll);
  for (const signal of signals) process.off(signal, endBy);
}

function removeAll(): void {
  for (const folder of folders)
    try {
      removeFolder(folder);
    } catch {
      // The process has to end all the same. The next run tries again.
    }
}

/** Cleans up, then lets the signal end the process as it would have done without us. */
function endBy(signal: NodeJS.Signals): void {
  removeAll();
  unwatch();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
