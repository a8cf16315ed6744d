import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './kernel-run.js';

// Where the documentation is. A copy gets its own files here, so that nothing is written through a hard link.
const documented = ['Documentation', 'MAINTAINERS', 'drivers/dma-buf', 'include/linux'];

/**
 * Copies a kernel tree so that its documentation may be changed. All other files are hard links: replace them, never
 * write into them.
 *
 * @param tree a kernel tree
 * @param copy where the copy is made, on the same file system
 * @param touched further files that will be changed
 */
export async function copyTree(tree: string, copy: string, touched: readonly string[]): Promise<void> {
  await run('cp', ['--archive', '--link', tree, copy]);
  for (const name of [...documented, ...touched]) {
    if (!existsSync(join(tree, name))) continue;
    rmSync(join(copy, name), { recursive: true, force: true });
    await cp(join(tree, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
}

/** Replaces a file in a copy. It unlinks the old file first, which may be a hard link to that of the tree. */
export function replaceFile(copy: string, file: string, text: string): void {
  const path = join(copy, file);
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: 'wx' });
}

/**
 * @param tree a kernel tree that nothing may write to
 * @param since a file made before the work began
 * @returns the files of the tree that were written since
 */
export function writtenSince(tree: string, since: string): readonly string[] {
  statSync(since);
  const found = execFileSync('find', [tree, '-newer', since, '-not', '-type', 'd'], { encoding: 'utf8' });
  return found.split('\n').filter((line) => line !== '');
}
