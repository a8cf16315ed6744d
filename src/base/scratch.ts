import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from './errors.js';
import { removeLeftovers } from './leftovers.js';
import { OutputError, whyNotWritten } from './write-files.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const folders = new Set<string>();

/**
 * Gives the work a folder of its own, and removes it when the work is done, fails, or is ended from outside (Ctrl-C).
 * @throws OutputError where it cannot be made, or nothing can be written in it
 */
export async function withScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  removeLeftovers(tmpdir(), /^dmabuf-lint-(\d+)-\w{6}$/);
  if (folders.size === 0) watch();
  // At once: a signal that came before the folder is in the list would leave it behind.
  const folder = makeFolder();
  folders.add(folder);
  try {
    return await work(folder);
  } catch (error) {
    throw isWithin(folder, error) ? notWritten(error) : error;
  } finally {
    await rm(folder, { recursive: true, force: true });
    folders.delete(folder);
    if (folders.size === 0) unwatch();
  }
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), `dmabuf-lint-${process.pid}-`));
  } catch (error) {
    throw notWritten(error);
  }
}

/** Whether an error is the system's, about a file in a folder. */
function isWithin(folder: string, error: unknown): boolean {
  return error instanceof Error && 'path' in error && String(error.path).startsWith(folder);
}

function notWritten(error: unknown): OutputError {
  return new OutputError(
    `${tmpdir()}: temporary files cannot be written: ${whyNotWritten(errorCode(error))}; set TMPDIR to another folder`,
  );
}

function watch(): void {
  process.on('exit', removeAll);
  for (const signal of signals) process.on(signal, endBy);
}

function unwatch(): void {
  process.off('exit', removeAll);
  for (const signal of signals) process.off(signal, endBy);
}

function removeAll(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** Cleans up, and then lets the signal do what it would have done without us. */
function endBy(signal: NodeJS.Signals): void {
  removeAll();
  unwatch();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
