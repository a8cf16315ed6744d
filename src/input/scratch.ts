import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeLeftovers } from './leftovers.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const folders = new Set<string>();

/**
 * Gives the work a folder of its own, and removes it when the work is done, fails, or is ended from outside (Ctrl-C).
 */
export async function withScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  removeLeftovers(tmpdir(), /^dmabuf-lint-(\d+)-\w{6}$/);
  if (folders.size === 0) watch();
  // At once: a signal that came before the folder is in the list would leave it behind.
  const folder = mkdtempSync(join(tmpdir(), `dmabuf-lint-${process.pid}-`));
  folders.add(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    folders.delete(folder);
    if (folders.size === 0) unwatch();
  }
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
